// Two runs side by side: what is paired with what.
import { describe, expect, it } from "vitest";
import { trialFacts } from "../../../../../src/core/metrics/summary/trial.ts";
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

  it("are held against each other by each candidate's own trials", () => {
    const [a, b] = [
      { "gpt/x/1": passed, "rex/x/1": failed },
      { "gpt/x/1": failed, "rex/x/1": failed },
    ].map((trials) => runWith({ candidates: ["gpt", "rex"], tasks: tasks("x"), trials }));
    if (a === undefined || b === undefined) throw new Error("two runs");
    expect(compareRuns(a, b).pairs.map((pair) => [pair.aBetter, pair.bBetter, pair.a.slotPass.value, pair.b.slotPass.value])).toEqual([
      [["x"], [], 1, 0],
      [[], [], 0, 0],
    ]);
  });

  it("count nothing of a task that only one of them tried", () => {
    const [whole, part] = [{ "gpt/x/1": passed, "gpt/y/1": failed }, { "gpt/x/1": passed }].map((trials) => runWith({ tasks: tasks("x", "y"), trials }));
    if (whole === undefined || part === undefined) throw new Error("two runs");
    const counted = { tasks: 1, aBetter: [], bBetter: [], a: { slotPass: { n: 1, value: 1 } }, b: { slotPass: { n: 1, value: 1 } } };
    expect(compareRuns(whole, part).pairs).toMatchObject([counted]);
    expect(compareRuns(part, whole).pairs).toMatchObject([counted]);
  });

  it("are held against each other by shares, however often each tried a task, and told by name", () => {
    const [once, often] = [
      { "gpt/z/1": passed, "gpt/y/1": passed },
      { "gpt/z/1": passed, "gpt/z/2": failed, "gpt/y/1": passed, "gpt/y/2": failed },
    ].map((trials) => runWith({ tasks: tasks("z", "y"), epochs: 2, trials }));
    if (once === undefined || often === undefined) throw new Error("two runs");
    expect(compareRuns(once, often).pairs).toMatchObject([{ aBetter: ["y", "z"], bBetter: [] }]);
    expect(compareRuns(often, once).pairs).toMatchObject([{ aBetter: [], bBetter: ["y", "z"] }]);
  });

  it("leave an attempt out of their times whose answer was used again", () => {
    const a = runWith({ tasks: tasks("x"), trials: { "gpt/x/1": trial(slot("failed", { answerReused: true }), slot("passed", { latencyMs: 100 })) } });
    expect(compareRuns(a, a).pairs[0]?.a.attemptP50).toMatchObject({ value: 400, n: 1 });
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
