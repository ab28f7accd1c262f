// The program's error classes: a closed set of codes, each error with a message and a way out.

/** Closed set; `cli/errors.ts` maps each to an exit code. */
export type ErrorCode = "usage" | "written-file" | "environment" | "integrity" | "diverged" | "interrupted" | "invariant";

export class BakeoffError extends Error {
  readonly code: ErrorCode;
  /** What to do about it, in one line; empty if there is nothing to suggest. */
  readonly hint: string;

  constructor(code: ErrorCode, message: string, hint = "", options?: ErrorOptions) {
    super(message, options);
    this.name = "BakeoffError";
    this.code = code;
    this.hint = hint;
  }
}

/** One thing wrong in a file that a person wrote. Lines and columns are 1-based. */
export interface FileIssue {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** `what: way out`, in lower case. */
  readonly message: string;
}

/** What of a base fails, by name, for whoever can do without it. */
export interface BaseFailures {
  /** Identities of all tests that fail. */
  readonly tests?: readonly string[];
  /** Names of lints that the sources make errors. */
  readonly lints?: readonly string[];
}

/** Everything wrong in the files that a person wrote, reported at once. */
export class WrittenFileError extends BakeoffError {
  readonly issues: readonly FileIssue[];
  readonly failingTests: readonly string[];
  readonly failingLints: readonly string[];

  constructor(issues: readonly FileIssue[], { tests = [], lints = [] }: BaseFailures = {}) {
    super("written-file", `${issues.length} ${issues.length === 1 ? "issue" : "issues"} in written files`);
    this.name = "WrittenFileError";
    this.issues = issues;
    this.failingTests = tests;
    this.failingLints = lints;
  }
}

/** Throws when the program contradicts itself: a bug, never the user's fault. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new BakeoffError("invariant", message, "this is a bug in bakeoff: please report it");
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
