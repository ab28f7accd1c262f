// Two runs side by side, and the attempts that a record holds of each model: what is paired with what.
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../../src/core/base/canonical.ts";
import type { TrialRecord } from "../../../../../src/core/capsule/record.ts";
import { trialFacts } from "../../../../../src/core/metrics/summary/trial.ts";
import { AttemptLibrary, contextOf, type RecordedStep, reviewedPatch, servedKey } from "../../../../../src/core/replay/counterfactual/attempt-library.ts";
import { compareRuns, type ComparedRun } from "../../../../../src/core/replay/counterfactual/comparison.ts";
import { cloud, type RunScript, runOf, slot, trial } from "../../metrics/summary-fixture.ts";

const runWith = (script: Partial<RunScript>): ComparedRun => {
  const { header, trials } = runOf({ candidates: ["gpt"], tasks: [], trials: {}, ...script });
  return { header, trials: trials.map(trialFacts) };
};
const passed = trial(slot("passed", { latencyMs: 100, durationMs: 200 }));
const failed = trial(slot("failed", { latencyMs: 500, durationMs: 500 }));
const tasks = (...ids: readonly string[]) => ids.map((id) => ({ id }));

describe("two runs", () => {
  it("are compared on the tasks that both tried in the slot, by the share of passes", () => {
    const a = runWith({
      tasks: tasks("z", "y", "x", "w", "v"),
      epochs: 2,
      trials: {
        "gpt/z/1": passed,
        "gpt/z/2": failed,
        "gpt/y/1": passed,
        "gpt/x/1": failed,
        "gpt/x/2": failed,
        "gpt/w/1": passed,
        "gpt/v/1": trial(cloud("passed")),
      },
    });
    const b = runWith({
      tasks: tasks("v", "w", "x", "y", "z", "u"),
      epochs: 2,
      trials: { "gpt/z/1": failed, "gpt/y/1": failed, "gpt/x/1": passed, "gpt/w/1": passed, "gpt/v/1": passed, "gpt/u/1": passed },
    });
    const [pair] = compareRuns(a, b).pairs;
    expect(pair).toMatchObject({ tasks: 4, aBetter: ["y", "z"], bBetter: ["x"], aShare: { value: 2 / 3, n: 3, method: "clopper-pearson" } });
    expect(pair?.a).toMatchObject({ candidate: "gpt", slotPass: { n: 4 }, attemptP50: { n: 6 } });
    expect(pair?.b).toMatchObject({ candidate: "gpt", slotPass: { n: 4, value: 0.5 }, attemptP50: { n: 4 } });
    expect(compareRuns(a, b)).toMatchObject({ sharedTasks: 5, changedTasks: [], runs: { a: a.header.run_id, b: b.header.run_id } });
  });

  it("time whole attempts, call and verification", () => {
    const a = runWith({ tasks: tasks("x"), trials: { "gpt/x/1": passed } });
    expect(compareRuns(a, a).pairs[0]?.a.attemptP50.value).toBe(300);
  });

  it("pair candidates of one name, or the only two that there are", () => {
    const named = (...candidates: readonly string[]) => runWith({ candidates, tasks: tasks("x"), trials: {} });
    const pairs = (a: ComparedRun, b: ComparedRun) => compareRuns(a, b).pairs.map((pair) => [pair.a.candidate, pair.b.candidate]);
    expect(pairs(named("a", "b", "c"), named("c", "a"))).toEqual([
      ["a", "a"],
      ["c", "c"],
    ]);
    expect(pairs(named("a"), named("b"))).toEqual([["a", "b"]]);
    expect(pairs(named("a"), named("b", "c"))).toEqual([]);
    expect(pairs(named("a", "b"), named("c"))).toEqual([]);
  });

  it("say what they were not the same in", () => {
    const a = runWith({ tasks: tasks("x") });
    const other = runWith({
      tasks: tasks("x"),
      epochs: 3,
      header: {
        suite: { name: "s", version: "2.0.0", root: "9".repeat(64) },
        policy: { id: "p", hash: "8".repeat(64), snapshot_hash: "8".repeat(64) },
        toolchain: { rustc: "rustc 2.0", cargo: "c", host: "h" },
        sandbox: "none",
        bakeoff_version: "9.9.9",
        capability: true,
        concurrency: { cargo: 1, model: 9 },
      },
    });
    expect(compareRuns(a, a).differences).toEqual([]);
    expect(compareRuns(a, other).differences).toEqual([
      { what: "suite", a: "reflex-patchloop-v1 1.0.0 (111111111111)", b: "s 2.0.0 (999999999999)" },
      { what: "policy", a: "model-policy-2.0.0 (222222222222)", b: "p (888888888888)" },
      { what: "toolchain", a: "rustc 1.90.0, x86_64-unknown-linux-gnu", b: "rustc 2.0, h" },
      { what: "sandbox", a: "bubblewrap", b: "none" },
      { what: "bakeoff", a: "0.1.0", b: "9.9.9" },
      { what: "epochs", a: "1", b: "3" },
      { what: "capability", a: "false", b: "true" },
      { what: "concurrency", a: "2 cargo, 4 model", b: "1 cargo, 9 model" },
    ]);
  });

  it("leave out a task whose content is another", () => {
    const [a, b] = [
      runWith({ tasks: tasks("x", "y"), trials: { "gpt/x/1": passed, "gpt/y/1": failed } }),
      runWith({ tasks: tasks("x", "y"), trials: { "gpt/x/1": passed, "gpt/y/1": passed } }),
    ];
    const changed = { ...b, header: { ...b.header, tasks: b.header.tasks.map((task) => (task.id === "y" ? { ...task, digest: "9".repeat(64) } : task)) } };
    expect(compareRuns(a, changed)).toMatchObject({ sharedTasks: 1, changedTasks: ["y"], pairs: [{ tasks: 1, bBetter: [], a: { slotPass: { n: 1 } } }] });
  });
});

/** As a run records them: a call and its verdict in one step, each answer another one. */
function inSteps(record: TrialRecord): TrialRecord {
  let step = 0;
  const events = record.events.map((line) => {
    if (line.payload.type !== "ToolResult") step = line.seq;
    const payload = line.payload.type === "ModelCallEnvelope" ? { ...line.payload, response_hash: sha256(`${record.candidate} ${line.seq}`) } : line.payload;
    return { ...line, step, payload };
  });
  return { ...record, events };
}

describe("the attempts of a record", () => {
  const trials = runOf({
    candidates: ["gpt", "other"],
    tasks: tasks("x", "y"),
    epochs: 2,
    trials: {
      "gpt/x/1": trial(slot("failed", { latencyMs: 100 }), slot("passed", { latencyMs: 200 })),
      "other/x/1": trial(slot("failed"), slot("failed"), cloud("passed", { latencyMs: 700 })),
      "gpt/x/2": trial(slot("passed", { answerReused: true })),
    },
  }).trials.map(inSteps);
  const library = new AttemptLibrary(trials);
  const own = (id: string): TrialRecord => {
    const found = trials.find((one) => one.id === id);
    if (found === undefined) throw new Error(id);
    return found;
  };
  const gpt = servedKey({ provider: "sglang", model: "gpt", stand_in: null });
  const first = own("gpt/x/1");

  it("are counted by model, each trial's from nought on", () => {
    expect(library.stepsOf(first).map(({ ordinal, latencyMs, result }) => [ordinal, latencyMs, result?.verdict.status])).toEqual([
      [0, 100, "failed"],
      [1, 200, "passed"],
    ]);
    expect(library.stepsOf(own("other/x/1")).map(({ ordinal }) => ordinal)).toEqual([0, 1, 0]);
    expect(library.stepsOf(own("gpt/x/2")).map(({ latencyMs }) => latencyMs)).toEqual([null]);
    expect(library.stepsOf({ id: "nobody" } as TrialRecord)).toEqual([]);
  });

  it("are found by number and by what came before, on the same task and epoch alone", () => {
    const [one, two] = library.stepsOf(first);
    if (one === undefined || two === undefined) throw new Error("two steps");
    expect(library.byOrdinal(first, gpt, 1)).toBe(two);
    expect(library.byOrdinal(own("other/x/1"), gpt, 0)).toBe(one);
    expect(library.byOrdinal(first, gpt, 2)).toBeNull();
    expect(library.inContext(first, "Implementer", gpt, contextOf(null, []))).toBe(one);
    expect(library.inContext(first, "Implementer", gpt, contextOf(null, [one]))).toBe(two);
    expect(library.inContext(first, "Implementer", gpt, contextOf(null, [two]))).toBeNull();
    expect(library.inContext(first, "Judge", gpt, contextOf(null, []))).toBeNull();
    expect(library.byOrdinal(own("gpt/x/2"), gpt, 0)).toBe(library.stepsOf(own("gpt/x/2"))[0]);
    expect(library.byOrdinal({ ...first, task: { ...first.task, id: "y" } }, gpt, 0)).toBeNull();
  });

  it("are told apart by the plan before them and by what was answered and found", () => {
    const step = (response_hash: string, output_hash: string | null) =>
      ({ call: { response_hash }, result: output_hash === null ? null : { output_hash } }) as unknown as RecordedStep;
    const [plan, other] = [step("plan", null), step("other", null)];
    const contexts = [
      contextOf(null, []),
      contextOf(plan, []),
      contextOf(other, []),
      contextOf(plan, [step("a", "x")]),
      contextOf(plan, [step("a", "y")]),
      contextOf(plan, [step("b", "x")]),
      contextOf(plan, [step("a", null)]),
    ];
    expect(new Set(contexts).size).toBe(contexts.length);
    const patched = (file_path: string, after_hash: string, type = "PatchApply") =>
      reviewedPatch({ events: [{ type, file_path, after_hash }], result: null } as unknown as RecordedStep);
    expect(new Set([patched("a.rs", "1"), patched("b.rs", "1"), patched("a.rs", "2"), patched("a.rs", "1", "ToolCall")]).size).toBe(4);
  });

  it("are reviewed by their verdict and their files", () => {
    const [one, two] = library.stepsOf(first);
    expect(reviewedPatch(one ?? null)).not.toBe(reviewedPatch(two ?? null));
    expect(reviewedPatch(one ?? null)).toBe(reviewedPatch(one ?? null));
    expect(reviewedPatch(null)).not.toBe(reviewedPatch(one ?? null));
    expect(servedKey({ provider: "p", model: "m", stand_in: null })).not.toBe(servedKey({ provider: "p", model: "m", stand_in: "s" }));
  });
});
