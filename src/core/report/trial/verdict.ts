// A verdict as people read it: what was found, most telling first, each finding with its place and its output.
import { readVerdict } from "../../verdict/stored-verdict.ts";
import type { Diagnostic, Span, TestResult, Verdict } from "../../verdict/verdict.ts";
import type { VerdictSummary } from "../../trial/events/tool-result.ts";
import type { ShownText } from "./shown-text.ts";

export type FindingKind = "error" | "warning" | "test" | "held-out test" | "tampering" | "value" | "note";

export interface VerdictFinding {
  readonly kind: FindingKind;
  /** One line: an error's message, a test's name. */
  readonly title: string;
  /** `path:line:column`; null where nothing names one. */
  readonly place: string | null;
  /** What the compiler or the test printed; empty where nothing may be shown. */
  readonly output: string;
}

export interface VerdictPage {
  readonly status: VerdictSummary["status"];
  /** One line. */
  readonly detail: string;
  readonly counts: { readonly passed: number; readonly failed: number; readonly heldOutFailed: number };
  readonly findings: readonly VerdictFinding[];
  /** Why the findings can't be shown; null where they can. */
  readonly missing: string | null;
}

export function verdictPage(summary: VerdictSummary, stored: ShownText): VerdictPage {
  const counts = { passed: summary.tests_passed, failed: summary.tests_failed, heldOutFailed: summary.held_out_failed };
  const head = { status: summary.status, detail: summary.detail, counts };
  if ("missing" in stored) return { ...head, findings: [], missing: stored.missing };
  const verdict = readVerdict(stored.text);
  return verdict === null ? { ...head, findings: [], missing: "the stored verdict can't be read" } : { ...head, findings: findingsOf(verdict), missing: null };
}

function findingsOf(verdict: Verdict): readonly VerdictFinding[] {
  switch (verdict.status) {
    case "passed":
      return [];
    case "failed":
      return testFindings(verdict.tests);
    case "disputed":
      return [
        ...testFindings(verdict.tests),
        ...verdict.differences.map(({ key, expected, seen }) =>
          note("value", key, `expected ${expected}\n    seen ${seen ?? "nothing: it was never reached"}`),
        ),
      ];
    case "compile-error":
      return compileFindings(verdict.diagnostics, verdict.codes);
    case "timeout":
      return [note("note", `still ${verdict.phase === "compile" ? "compiling" : "testing"} after ${verdict.limitS} s`)];
    case "tampered":
      return verdict.seen.map(({ rule, detail }) => note("tampering", rule, detail));
    case "patch-rejected":
      return [note("note", verdict.why, verdict.detail)];
    case "infrastructure":
      return [note("note", "the harness failed", verdict.detail)];
  }
}

const note = (kind: FindingKind, title: string, output = ""): VerdictFinding => ({ kind, title, place: null, output });

/** Visible failures come first: their output is there to be read. */
function testFindings(tests: readonly TestResult[]): readonly VerdictFinding[] {
  const failed = tests.filter(({ status }) => status === "failed" || status === "missing");
  return [...failed.filter(({ heldOut }) => !heldOut), ...failed.filter(({ heldOut }) => heldOut)].map(({ id, status, heldOut, output }) => ({
    kind: heldOut ? "held-out test" : "test",
    title: status === "missing" ? `${id} did not run` : id,
    place: panicPlace(output),
    output,
  }));
}

function compileFindings(diagnostics: readonly Diagnostic[], codes: readonly string[]): readonly VerdictFinding[] {
  const ordered = [...diagnostics.filter(({ level }) => level === "error"), ...diagnostics.filter(({ level }) => level !== "error")];
  if (ordered.length === 0) return [note("error", codes.join(", ") || "it does not compile", "in files that nobody is shown")];
  return ordered.map(({ level, code, message, span, rendered }) => ({
    kind: level,
    title: code === "none" ? message : `${code}: ${message}`,
    place: span === null ? null : placeText(span),
    output: rendered,
  }));
}

const placeText = ({ path, line, column }: Span): string => `${path}:${line}:${column}`;

const PANIC = /panicked at (?:'[^']*', )?([^\s'"]{1,300}:\d{1,7}:\d{1,5})/;

/** Where a test panicked, as its output says. */
const panicPlace = (output: string): string | null => PANIC.exec(output)?.[1] ?? null;

const MOST_LINES = 12;

/** The lines that say what went wrong: a test's panic up to its notes, or the beginning of whatever was printed. */
export function failingLines({ output }: VerdictFinding): readonly string[] {
  const lines = output.split("\n");
  const panic = lines.findIndex((line) => line.includes("panicked at "));
  const from = lines.slice(Math.max(0, panic));
  const end = from.findIndex((line, index) => index > 0 && /^(note: |stack backtrace:|failures:|thread ')/.test(line));
  const told = from.slice(0, end < 0 ? MOST_LINES : Math.min(end, MOST_LINES)).map((line) => line.trimEnd());
  while (told.at(-1) === "") told.pop();
  return told;
}

/** The status, what it is about, and each finding with the lines that say what went wrong. */
export function verdictText({ status, detail, counts, findings, missing }: VerdictPage): string {
  const heldOut = counts.heldOutFailed > 0 ? `, ${counts.heldOutFailed} of them held-out` : "";
  const head = `${status}${detail === "" ? "" : `: ${detail}`} (${counts.passed} tests passed, ${counts.failed} failed${heldOut})`;
  const told = findings.map((finding) =>
    [`${finding.kind}: ${finding.title}${finding.place === null ? "" : ` at ${finding.place}`}`, ...failingLines(finding)].join("\n"),
  );
  return [head, ...told, ...(missing === null ? [] : [missing])].join("\n\n");
}
