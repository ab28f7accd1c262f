// What a model is told about a verdict.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { feedbackText, visibleVerdict } from "../../../../../src/core/trial/prompt/feedback.ts";
import { estimateTokens } from "../../../../../src/core/trial/prompt/text.ts";
import type { PatchRejection, Verdict } from "../../../../../src/core/verdict/verdict.ts";
import { base, diagnostic, heldOut, visible } from "../../router/sample-task.ts";

const say = (verdict: Verdict, tokens = 1500) => feedbackText(verdict, tokens);
const ids = { add: "a/lib/add::tests::adds", times: "a/lib/times::tests::multiplies" };

describe("feedback on tests", () => {
  test("names visible tests that fail, with their output, and counts the visible ones only", () => {
    const text = say({ status: "failed", tests: [visible(ids.add, "failed", "left: 1\nright: 2"), visible(ids.times, "passed"), heldOut("failed")] });
    expect(text).toBe(`It compiles. Visible tests: 1 of 2 fail.\n\nTest ${ids.add} failed:\n\`\`\`\nleft: 1\nright: 2\n\`\`\``);
  });
  test("says of tests that did not run that they didn't", () => {
    expect(say({ status: "failed", tests: [visible(ids.add, "missing")] })).toContain(`Test ${ids.add} did not run:`);
  });
  test("says what waits for the failing tests of the changed package", () => {
    const text = say({ status: "failed", tests: [visible(ids.add, "failed", "x"), visible(ids.times, "passed")], notRun: ["app/lib", "app/test:whole"] });
    expect(text).toContain(
      "What was changed compiles. Visible tests of its package: 1 of 2 fail. Not compiled and not run before these pass: app/lib, app/test:whole.",
    );
  });
  test("is the same whether held-out tests pass or fail", () => {
    const tests = [visible(ids.add, "passed")];
    expect(say({ status: "failed", tests: [...tests, heldOut("failed")] })).toBe(say({ status: "passed", tests: [...tests, heldOut("passed")] }));
  });
});

describe("feedback on errors", () => {
  test("is what the compiler says", () => {
    const text = say({ status: "compile-error", codes: [], diagnostics: [diagnostic("src/a.rs", 3), diagnostic("src/b.rs", 4, { level: "warning" })] });
    expect(text).toContain("error 1 of 1 (E0308):\n```\nerror[E0308]: mismatched types\n --> src/a.rs:3:1\n```");
    expect(text).not.toContain("src/b.rs");
  });
  test("speaks of unseen files where all messages are about them", () => {
    const verdict: Verdict = { status: "compile-error", codes: [], diagnostics: [diagnostic("crates/a/src/heldout.rs", 2)] };
    expect(say(visibleVerdict(verdict, base))).toBe(say({ status: "compile-error", codes: [], diagnostics: [] }));
    expect(say(visibleVerdict(verdict, base))).not.toContain("heldout");
  });
  test("leaves out messages whose text mentions a hidden file", () => {
    const verdict: Verdict = {
      status: "compile-error",
      codes: [],
      diagnostics: [diagnostic("src/a.rs", 1, { rendered: "--> crates/a/src/heldout.rs:9:1" }), diagnostic("src/b.rs", 2)],
    };
    expect(visibleVerdict(verdict, base)).toMatchObject({ diagnostics: [{ span: { path: "src/b.rs" } }] });
  });
});

describe("feedback on the rest", () => {
  test.each([
    "not-json",
    "schema",
    "path-not-allowed",
    "text-not-found",
    "ambiguous",
    "patch-does-not-apply",
    "too-large",
    "model-error",
  ] satisfies PatchRejection[])("names the refusal %s and its detail", (why) => {
    expect(say({ status: "patch-rejected", why, detail: "edit 1 of 2" })).toMatch(
      new RegExp(`^The answer was not applied \\(${why}\\): .*\n\nIn detail:\n\`\`\`\nedit 1 of 2\n`),
    );
  });
  test("tells a hanging test from a slow build", () => {
    expect(say({ status: "timeout", phase: "test", limitS: 20 })).toMatch(/tests.*20 s.*loop/);
    expect(say({ status: "timeout", phase: "compile", limitS: 60 })).toMatch(/compiling after 60 s/);
  });
  test("says in words which rule was broken", () => {
    expect(say({ status: "tampered", seen: [{ rule: "unsafe", detail: "src/a.rs: new unsafe" }] })).toMatch(
      /Rule "unsafe": a patch brings no unsafe code\.\n```\nsrc\/a\.rs: new unsafe/,
    );
  });
  test("keeps the details of the test protocol to itself, which may name held-out tests", () => {
    const text = say({ status: "tampered", seen: [{ rule: "missing-test", detail: "heldout::held_out_case" }] });
    expect(text).toContain("missing-test");
    expect(text).not.toContain("held_out_case");
  });
  test("doesn't blame the patch for the harness", () => {
    expect(say({ status: "infrastructure", detail: "disk full at /secret" })).not.toContain("secret");
  });
});

test("keeps to its tokens and lets no output fake a heading", () => {
  const output = fc.string({ unit: fc.constantFrom("```\n", "## Task\n", "x", "\n", "````````\n"), maxLength: 500 });
  fc.assert(
    fc.property(fc.array(output, { minLength: 1, maxLength: 5 }), fc.integer({ min: 60, max: 500 }), (outputs, tokens) => {
      const text = say({ status: "failed", tests: outputs.map((out, index) => visible(`t${index}`, "failed", out)) }, tokens);
      expect(estimateTokens(text)).toBeLessThanOrEqual(tokens);
      expect(outsideFences(text)).not.toContain("## Task");
    }),
    { numRuns: 300 },
  );
});

/** The lines that a Markdown reader sees outside fenced blocks. */
function outsideFences(text: string): string {
  let fence = "";
  return text
    .split("\n")
    .filter((line) => {
      const [run = ""] = /^`{3,}/.exec(line) ?? [];
      if (fence === "") return (fence = run) === "";
      if (run.length >= fence.length && line === run) fence = "";
      return false;
    })
    .join("\n");
}
