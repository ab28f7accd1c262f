// Facts about the embedded candidates and stand-ins.
import { describe, expect, test } from "vitest";
import { embeddedProvider } from "../../../../../src/adapters/providers/embedded/embedded.ts";
import { applyEdits, type Edit } from "../../../../../src/core/text/edit.ts";
import type { Diagnostic, TestResult, Verdict } from "../../../../../src/core/verdict/verdict.ts";
import type { Lint, VerifyJob } from "../../../../../src/ports/workbench.ts";
import type { Material, ModelRequest } from "../../../../../src/ports/models.ts";
import { BROKEN, CLOCK, materialOf, requestOf, TASK } from "../../../../servers/material.ts";

const quiet: Lint = { outcome: "linted", diagnostics: [], detail: "", totalMs: 1 };
const signal = new AbortController().signal;

function providerWith(lint: Lint = quiet, jobs: VerifyJob[] = []) {
  return embeddedProvider({
    clock: CLOCK,
    maxAnswerChars: 10_000,
    workbench: {
      lint: async (job) => {
        jobs.push(job);
        return lint;
      },
    },
  });
}

async function textOf(facts: Partial<ModelRequest>, lint: Lint = quiet): Promise<string> {
  const reply = await providerWith(lint).call(requestOf(facts), signal);
  return reply.outcome === "answered" ? reply.text : `${reply.failure}: ${reply.detail}`;
}

async function editsOf(model: string, material: Material): Promise<readonly Edit[]> {
  return (JSON.parse(await textOf({ model, material })) as { edits: Edit[] }).edits;
}

function mutSuggestion(line = 2): Diagnostic {
  const span = { path: "src/lib.rs", line, column: 9, endLine: line, endColumn: 9 };
  return {
    level: "error",
    code: "E0384",
    message: "m",
    span,
    rendered: "",
    suggestions: [{ span, replacement: "mut ", applicability: "MachineApplicable", group: 0 }],
  };
}

describe("nop", () => {
  test("nop answers with no edits", async () => {
    expect(await textOf({ model: "nop" })).toBe('{"edits":[]}');
  });
  test("nop serves no other purpose", async () => {
    expect(await textOf({ model: "nop", purpose: "judge" })).toMatch(/^model-not-found: /);
  });
});

describe("oracle", () => {
  test("the oracle's edits turn the broken tree into the reference solution", async () => {
    const edited = applyEdits(materialOf().tree, await editsOf("oracle", materialOf()));
    expect(edited.ok && edited.changes.get("src/lib.rs")).toBe(BROKEN.replace("let sum", "let mut sum"));
  });
  test("the oracle exchanges whole files as long as its answer may be so long, and then names what differs", async () => {
    const solvedBy = async (lines: number) => {
      const broken = `${BROKEN}${"// one more line\n".repeat(lines)}`;
      const solution = [{ path: "src/lib.rs", search: broken, replace: broken.replace("let sum", "let mut sum") }];
      const material = materialOf({ task: { ...TASK, solution }, tree: new Map([["src/lib.rs", broken]]) });
      const edits = await editsOf("oracle", material);
      const edited = applyEdits(material.tree, edits);
      return { edits, isSolved: edited.ok && edited.changes.get("src/lib.rs") === solution[0]?.replace, isWhole: edits[0]?.search === broken };
    };
    expect(await solvedBy(100)).toMatchObject({ isSolved: true, isWhole: true });
    expect(await solvedBy(10_000)).toEqual({
      edits: [{ path: "src/lib.rs", search: "    let sum = 0;\n", replace: "    let mut sum = 0;\n" }],
      isSolved: true,
      isWhole: false,
    });
  });
  test("the oracle's plan says that it is the reference solution's and names its files", async () => {
    const plan = await textOf({ model: "oracle", purpose: "plan" });
    expect(plan).toContain("reference solution");
    expect(plan).toContain("src/lib.rs");
  });
  test("the oracle's plan names a file once", async () => {
    const task = { ...TASK, solution: [...TASK.solution, ...TASK.solution] };
    const plan = await textOf({ model: "oracle", purpose: "plan", material: materialOf({ task }) });
    expect(plan.split("src/lib.rs")).toHaveLength(2);
  });
});

describe("rustc-suggestions", () => {
  const solved = BROKEN.replace("let sum", "let mut sum");
  const after = async (material: Material) => {
    const edited = applyEdits(material.tree, await editsOf("rustc-suggestions", material));
    return edited.ok ? edited.changes : edited.detail;
  };

  test("suggestions become edits of the broken tree", async () => {
    expect(await after(materialOf({ diagnostics: [mutSuggestion()] }))).toEqual(new Map([["src/lib.rs", solved]]));
  });
  test("without suggestions and earlier changes there are no edits", async () => {
    expect(await editsOf("rustc-suggestions", materialOf())).toEqual([]);
  });
  test("when nothing applies the earlier changes are said again", async () => {
    const lastChanges = new Map([["src/lib.rs", solved]]);
    expect(await after(materialOf({ lastChanges }))).toEqual(lastChanges);
  });
  test("suggestions are laid over the earlier changes", async () => {
    const lastChanges = new Map([["src/lib.rs", BROKEN.replace("    sum\n", "    sum + 0\n")]]);
    const expected = solved.replace("    sum\n", "    sum + 0\n");
    expect(await after(materialOf({ lastChanges, diagnostics: [mutSuggestion()] }))).toEqual(new Map([["src/lib.rs", expected]]));
  });
  test("a file that an earlier patch created is created again", async () => {
    const lastChanges = new Map([["src/new.rs", "pub fn f() {}\n"]]);
    expect(await after(materialOf({ lastChanges }))).toEqual(lastChanges);
  });
  test("a file that the task does not let it edit stays as it is", async () => {
    const task = { ...TASK, protected: ["src/lib.rs"] };
    expect(await editsOf("rustc-suggestions", materialOf({ task, diagnostics: [mutSuggestion()] }))).toEqual([]);
  });
  test("a change among repeated lines takes enough context to be unique", async () => {
    const text = "fn f() {\n    let x = 1;\n}\nfn g() {\n    let x = 1;\n}\n";
    const tree = new Map([["src/lib.rs", text]]);
    const changed = "fn f() {\n    let x = 1;\n}\nfn g() {\n    let mut x = 1;\n}\n";
    expect(await after(materialOf({ tree, diagnostics: [mutSuggestion(5)] }))).toEqual(new Map([["src/lib.rs", changed]]));
  });
  test("an edit names the changed lines only", async () => {
    expect(await editsOf("rustc-suggestions", materialOf({ diagnostics: [mutSuggestion()] }))).toEqual([
      { path: "src/lib.rs", search: "    let sum = 0;\n", replace: "    let mut sum = 0;\n" },
    ]);
  });
  test("added lines alone are an edit too", async () => {
    const lastChanges = new Map([["src/lib.rs", `use std::fmt;\n${BROKEN}`]]);
    expect(await after(materialOf({ lastChanges }))).toEqual(lastChanges);
  });
});

describe("test-verdict", () => {
  const judge = async (verdict: Verdict | null) =>
    JSON.parse(await textOf({ model: "test-verdict", purpose: "judge", material: materialOf({ verdict }) })) as {
      unlock_decision: string;
      decision_rationale: string;
      next_steps: string[];
    };
  const result = (id: string, facts: Partial<TestResult> = {}): TestResult => ({ id, status: "failed", heldOut: false, output: "", ...facts });

  test("a passed verdict unlocks", async () => {
    expect(await judge({ status: "passed", tests: [result("a", { status: "passed" })] })).toMatchObject({ unlock_decision: "UNLOCK", next_steps: [] });
  });
  test("failed tests block and are named", async () => {
    expect(await judge({ status: "failed", tests: [result("p/lib::a")] })).toMatchObject({ unlock_decision: "BLOCK", next_steps: ["repair p/lib::a"] });
  });
  test("held-out tests are counted, never named", async () => {
    const judgement = await judge({ status: "failed", tests: [result("p/lib::secret", { heldOut: true })] });
    expect(judgement.unlock_decision).toBe("BLOCK");
    expect(JSON.stringify(judgement)).not.toContain("secret");
    expect(judgement.decision_rationale).toContain("1 of them held out");
  });
  test("no verdict blocks", async () => {
    expect((await judge(null)).unlock_decision).toBe("BLOCK");
  });
  const notPassed: readonly Verdict[] = [
    { status: "compile-error", codes: ["E0384", "E0384"], diagnostics: [mutSuggestion()] },
    { status: "timeout", phase: "test", limitS: 60 },
    { status: "tampered", seen: [{ rule: "sentinel-lost", detail: "d" }] },
    { status: "patch-rejected", why: "schema", detail: "d" },
    { status: "infrastructure", detail: "d" },
  ];
  test.each(notPassed.map((verdict) => ({ status: verdict.status, verdict })))(
    "a verdict that did not pass blocks with a next step: $status",
    async ({ verdict }) => {
      const judgement = await judge(verdict);
      expect(judgement.unlock_decision).toBe("BLOCK");
      expect(judgement.next_steps).toHaveLength(1);
    },
  );
  test("the judgement says that a stand-in made it", async () => {
    expect((await judge(null)).decision_rationale).toContain("Stand-in test-verdict");
  });
});

describe("clippy", () => {
  const lint = (path: string): Diagnostic => ({
    level: "warning",
    code: "clippy::needless_return",
    message: "unneeded `return`\nmore",
    span: { path, line: 3, column: 1, endLine: 3, endColumn: 2 },
    rendered: "",
    suggestions: [],
  });
  const critique = async (diagnostics: readonly Diagnostic[]) => {
    const material = materialOf({ lastChanges: new Map([["src/lib.rs", "x"]]) });
    return JSON.parse(await textOf({ model: "clippy", purpose: "critique", material }, { ...quiet, diagnostics })) as Record<string, unknown>;
  };

  test("lints in changed files make an advisory counter signal", async () => {
    expect(await critique([lint("src/lib.rs")])).toEqual({
      severity: "advisory",
      kind: "other",
      message: "Stand-in clippy: 1 in the changed files: clippy::needless_return at src/lib.rs:3 (unneeded `return`).",
      evidence_ref: null,
    });
  });
  test("lints in other files are not mentioned", async () => {
    expect((await critique([lint("src/other.rs")]))["message"]).toContain("no lints");
  });
  test("many lints are counted beyond the first five", async () => {
    expect((await critique(Array.from({ length: 8 }, () => lint("src/lib.rs"))))["message"]).toContain("and 3 more");
  });
  test("clippy runs over the last changes", async () => {
    const jobs: VerifyJob[] = [];
    const lastChanges = new Map([["src/lib.rs", "x"]]);
    await providerWith(quiet, jobs).call(requestOf({ model: "clippy", purpose: "critique", material: materialOf({ lastChanges }) }), signal);
    expect(jobs).toEqual([{ task: TASK, changes: lastChanges }]);
  });
  test("where clippy is not available the call fails", async () => {
    expect(await textOf({ model: "clippy", purpose: "critique" }, { ...quiet, outcome: "unavailable", detail: "not installed" })).toBe(
      "model-not-found: clippy is not available: not installed",
    );
  });
});

describe("every embedded model", () => {
  test.each(["toString", "__proto__", "gpt-oss-20b"])("a model that is not embedded is not found: %s", async (model) => {
    expect(await textOf({ model })).toMatch(/^model-not-found: /);
  });
  test("embedded models use no tokens and have no time to first token", async () => {
    const reply = await providerWith().call(requestOf(), signal);
    expect(reply.usage).toEqual({ promptTokens: 0, responseTokens: 0, cachedTokens: 0, reasoningTokens: 0 });
    expect(reply.times.ttftMs).toBeNull();
  });
  test("the time of a call is the clock's", async () => {
    let now = 100;
    const clock = { now: () => (now += 7), wall: () => "" };
    const reply = await embeddedProvider({ clock, workbench: { lint: async () => quiet }, maxAnswerChars: 100 }).call(requestOf(), signal);
    expect(reply.times.totalMs).toBe(7);
  });
});
