// What verification found about one patch, as data: never an exception.

/** `<package>/<target>/<module path>::<name>`, for example `quarry-text/lib/lexer::tests::reads_numbers`. */
export type TestId = string;

/** A place in a file: 1-based lines and columns, path relative to the workspace root. */
export interface Span {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One replacement that the compiler proposes; `applicability` as rustc names it. Columns are 1-based characters. */
export interface Suggestion {
  readonly span: Span;
  readonly replacement: string;
  readonly applicability: "MachineApplicable" | "MaybeIncorrect" | "HasPlaceholders" | "Unspecified";
  /** Replacements of one proposal share a group: they are applied together or not at all. */
  readonly group: number;
}

/** One rustc or clippy message, with what a model may see of it. */
export interface Diagnostic {
  readonly level: "error" | "warning";
  /** `E0382`, a lint name, or `none`. */
  readonly code: string;
  readonly message: string;
  /** The primary span, if it lies in the workspace. */
  readonly span: Span | null;
  /** rustc's own text, without colours. */
  readonly rendered: string;
  readonly suggestions: readonly Suggestion[];
}

export type TestStatus = "passed" | "failed" | "ignored" | "missing";

export interface TestResult {
  readonly id: TestId;
  readonly status: TestStatus;
  /** Held-out tests are never shown to a model. */
  readonly heldOut: boolean;
  /** Captured output of a failed test, capped; empty for held-out tests. */
  readonly output: string;
}

/** Why a patch was not applied; each is a named outcome that the next attempt is told. */
export type PatchRejection = "not-json" | "schema" | "path-not-allowed" | "text-not-found" | "ambiguous" | "patch-does-not-apply" | "too-large" | "model-error";

/** A violation of the verdict protocol. */
export interface Tamper {
  readonly rule: string;
  readonly detail: string;
}

/** Something about a patch that a second look is worth, and that is no evidence: it changes no verdict. */
export interface PatchNote {
  readonly rule: string;
  readonly detail: string;
}

/** Wall-clock times of the harness's own parts of one verification, in milliseconds. */
export interface VerifyTimes {
  readonly applyMs: number;
  readonly checkMs: number;
  readonly testMs: number;
  /** Sandbox set-up, process start, reading results: everything that is neither rustc nor a test. */
  readonly overheadMs: number;
  readonly totalMs: number;
  /** Beside these: the confirmation by held-out tests, which a real loop has not; not there where there was none. */
  readonly confirmMs?: number;
}

/** A value that a held-out test saw, where it is another than on the clean base. Never shown to a model. */
export interface ObservedDifference {
  /** Test, place, kind and passage. */
  readonly key: string;
  readonly expected: string;
  /** Null: that place was never reached. */
  readonly seen: string | null;
}

export type Verdict =
  | { readonly status: "passed"; readonly tests: readonly TestResult[] }
  /** `notRun`: test binaries that wait for these tests to pass; where it is missing, all were run. */
  | { readonly status: "failed"; readonly tests: readonly TestResult[]; readonly notRun?: readonly string[] | undefined }
  /** The held-out tests pass and what they saw differs from the clean base, or the other way round. It counts as not passed. */
  | { readonly status: "disputed"; readonly tests: readonly TestResult[]; readonly differences: readonly ObservedDifference[] }
  /** `codes`: of all errors; `diagnostics`: those that a model may see. */
  | { readonly status: "compile-error"; readonly codes: readonly string[]; readonly diagnostics: readonly Diagnostic[] }
  | { readonly status: "timeout"; readonly phase: "compile" | "test"; readonly limitS: number }
  /** `afterLoop`: seen in the confirmation, whose output no prompt may hold; the loop has ended with a pass. */
  | { readonly status: "tampered"; readonly seen: readonly Tamper[]; readonly afterLoop?: true | undefined }
  | { readonly status: "patch-rejected"; readonly why: PatchRejection; readonly detail: string }
  | { readonly status: "infrastructure"; readonly detail: string };

export type VerdictStatus = Verdict["status"];
