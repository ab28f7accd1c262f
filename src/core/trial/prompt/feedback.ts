// What a model may read about a verdict: visible errors and tests in words, and nothing of what is held out.
import { matcher } from "../../base/glob.ts";
import type { Base } from "../../suite/suite.ts";
import { COMPILE_TIME_RULE, guardRules } from "../../verdict/guard/guard.ts";
import type { Diagnostic, PatchRejection, Tamper, TestResult, Verdict } from "../../verdict/verdict.ts";
import { listParts, type Part } from "./text.ts";

const REJECTIONS: Readonly<Record<PatchRejection, string>> = {
  "not-json": "it is not JSON",
  schema: "it does not have the form that was asked for",
  "path-not-allowed": "it names a file that may not be changed",
  "text-not-found": "a searched text is not in its file",
  ambiguous: "it can be read in more than one way",
  "patch-does-not-apply": "the diff does not apply",
  "too-large": "it is too large",
  "model-error": "no answer came",
};

/** A verdict without held-out tests and without diagnostics that mention a hidden file. */
export function visibleVerdict(verdict: Verdict, base: Base): Verdict {
  if (verdict.status === "passed" || verdict.status === "failed") {
    return { ...verdict, tests: verdict.tests.filter(({ heldOut }) => !heldOut) };
  }
  if (verdict.status !== "compile-error") return verdict;
  const isHidden = matcher(base.hidden);
  const hidden = [...base.tree.keys()].filter(isHidden);
  const mentions = ({ span, rendered, message }: Diagnostic): boolean =>
    (span !== null && isHidden(span.path)) || hidden.some((path) => rendered.includes(path) || message.includes(path));
  return { ...verdict, diagnostics: verdict.diagnostics.filter((diagnostic) => !mentions(diagnostic)) };
}

/** A verdict in words, within the tokens. Held-out tests are not even counted. */
export function feedbackText(verdict: Verdict, tokens: number): string {
  const [heading, parts] = wording(verdict);
  return listParts(heading, parts, tokens);
}

function wording(verdict: Verdict): readonly [string, readonly Part[]] {
  switch (verdict.status) {
    case "passed":
    case "disputed":
      return testWording(
        verdict.tests.filter(({ heldOut }) => !heldOut),
        [],
      );
    case "failed":
      return testWording(
        verdict.tests.filter(({ heldOut }) => !heldOut),
        verdict.notRun ?? [],
      );
    case "compile-error":
      return errorWording(verdict.diagnostics);
    case "timeout":
      return [timeoutWords(verdict.phase, verdict.limitS), []];
    case "tampered":
      return ["The patch was refused, because it interferes with how it is judged:", verdict.seen.map(tamperPart)];
    case "patch-rejected":
      return [`The answer was not applied (${verdict.why}): ${REJECTIONS[verdict.why]}.`, detailPart(verdict.detail)];
    case "infrastructure":
      return ["The harness itself failed: nothing was found out about the patch.", []];
  }
}

function testWording(tests: readonly TestResult[], notRun: readonly string[]): readonly [string, readonly Part[]] {
  const failed = tests.filter(({ status }) => status === "failed" || status === "missing");
  if (failed.length === 0) return ["It compiles, and every visible test passes.", []];
  const parts = failed.map(({ id, status, output }) => ({ title: `Test ${id} ${status === "missing" ? "did not run" : "failed"}:`, text: output }));
  if (notRun.length === 0) return [`It compiles. Visible tests: ${failed.length} of ${tests.length} fail.`, parts];
  const rest = `Not compiled and not run before these pass: ${notRun.join(", ")}.`;
  return [`What was changed compiles. Visible tests of its package: ${failed.length} of ${tests.length} fail. ${rest}`, parts];
}

function errorWording(diagnostics: readonly Diagnostic[]): readonly [string, readonly Part[]] {
  const errors = diagnostics.filter(({ level }) => level === "error");
  const shown = errors.length > 0 ? errors : diagnostics;
  if (shown.length === 0) return ["It does not compile, because of uses in files that you are not shown: keep public items as those need them.", []];
  const parts = shown.map(({ code, level, rendered, message }, index) => ({
    title: `${level} ${index + 1} of ${shown.length}${code === "none" ? "" : ` (${code})`}:`,
    text: rendered === "" ? message : rendered,
  }));
  return ["It does not compile. The compiler says:", parts];
}

function timeoutWords(phase: "compile" | "test", limitS: number): string {
  if (phase === "compile") return `It was still compiling after ${limitS} s, and was stopped.`;
  return `Its tests were still running after ${limitS} s, and were stopped: look for an endless loop or a deadlock.`;
}

/** Details of the test protocol's own rules may name held-out tests: only the static rules' details are shown. */
function tamperPart({ rule, detail }: Tamper): Part {
  const known = [COMPILE_TIME_RULE, ...guardRules].find(({ name }) => name === rule);
  if (known) return { title: `Rule "${rule}": ${known.sentence}.`, text: detail };
  return { title: `Rule "${rule}": the test run keeps to its protocol.`, text: "" };
}

function detailPart(detail: string): readonly Part[] {
  return detail === "" ? [] : [{ title: "In detail:", text: detail }];
}
