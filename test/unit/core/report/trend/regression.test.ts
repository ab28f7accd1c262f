// A run held against its own history, and what is said of it to whoever reviews a change.
import { describe, expect, it } from "vitest";
import { reportModel } from "../../../../../src/core/report/model.ts";
import { regressionOf } from "../../../../../src/core/report/trend/regression.ts";
import { runComment } from "../../../../../src/core/report/trend/run-comment.ts";
import { runOf, slot, STAND_IN_BINDINGS, trial } from "../../metrics/summary-fixture.ts";
import { candidateDigest, digest, passesOf } from "./digests.ts";

const history = Array.from({ length: 8 }, (_, day) =>
  digest(day + 1, [candidateDigest("gpt", passesOf(14, day)), candidateDigest("oracle", passesOf(20, day))]),
);
const newRun = (passes: number, more: Parameters<typeof digest>[2] = {}) =>
  digest(12, [candidateDigest("gpt", passesOf(passes, 1)), candidateDigest("oracle", passesOf(20, 1))], more);

describe("a run against its history", () => {
  it("is steady where it does what it did", () => {
    const found = regressionOf(newRun(14), history);
    expect(found).toMatchObject({ verdict: "steady", history: 8, baseline: { run: "run-08", isStale: false } });
    expect(found.candidates.map(({ verdict }) => verdict)).toEqual(["steady", "steady"]);
  });

  it("is worse where tasks that always passed are lost, and names them", () => {
    const found = regressionOf(newRun(8), history);
    expect(found.verdict).toBe("worse");
    const [gpt, oracle] = found.candidates;
    expect(gpt).toMatchObject({ candidate: "gpt", verdict: "worse", tasks: 20 });
    expect(gpt?.lost.map(({ task }) => task)).toEqual(["task-8", "task-9", "task-10", "task-11", "task-12", "task-13"]);
    expect(oracle?.verdict).toBe("steady");
  });

  it("says nothing of too little history, of another model under the same name, or of runs that can't be compared", () => {
    expect(regressionOf(newRun(0), history.slice(0, 4)).verdict).toBe("too-little-history");
    const renamed = digest(12, [candidateDigest("gpt", passesOf(0), { model: "another" })]);
    expect(regressionOf(renamed, history).candidates[0]).toMatchObject({ verdict: "too-little-history", tasks: 0 });
    expect(regressionOf(newRun(0, { taskSet: "other" }), history)).toMatchObject({ verdict: "too-little-history", history: 0, baseline: null });
  });

  it("looks at earlier runs only, and never at itself", () => {
    const later = digest(20, [candidateDigest("gpt", passesOf(14))]);
    const own = newRun(14);
    expect(regressionOf(own, [...history, later, own])).toMatchObject({ history: 8, baseline: { run: "run-08" } });
  });

  it("says that a baseline is stale, and what is not the same as in it", () => {
    const old = history.map((one) => ({ ...one, createdAt: one.createdAt.replace("2026-10", "2026-07"), sandbox: "util-linux" }));
    const found = regressionOf(newRun(14), old);
    expect(found.baseline?.isStale).toBe(true);
    expect(found.differences).toEqual([{ what: "sandbox", before: "util-linux", after: "bubblewrap" }]);
  });
});

describe("the comment of a run", () => {
  const model = reportModel(
    runOf({
      candidates: ["gpt", "oracle"],
      tasks: [{ id: "task-0" }],
      header: { bindings: STAND_IN_BINDINGS, warnings: Array.from({ length: 90 }, (_, index) => `warning ${"x".repeat(index)} <b>|`) },
      trials: { "gpt/task-0/1": trial(slot("failed")), "oracle/task-0/1": trial(slot("passed")) },
    }),
  );

  it("begins with its marker and one verdict, and leads to the first task that was lost", () => {
    const lines = runComment(model, regressionOf(newRun(8), history)).split("\n");
    expect(lines[0]).toBe("<!-- bakeoff:run -->");
    expect(lines[1]).toMatch(/^## 🔴 Run: gpt is worse than its own history: 8 of 20 tasks, 13\.\d expected$/);
    expect(lines.join("\n")).toContain("`bakeoff show 2026-11-22-a gpt/task-8`");
  });

  it("links to the page of each task that was lost, where pages lie", () => {
    const lost = { candidate: "gpt", task: "task-8", slotPass: false };
    const trials = [{ ...lost, slotPass: true }, { ...lost, candidate: "oracle" }, lost] as unknown as typeof model.trials;
    const text = runComment({ ...model, trials }, regressionOf(newRun(8), history), "https://ci.example/pages_(1)//");
    expect(text).toContain("- lost, always passed before: [task-8](https://ci.example/pages_%281%29/trial-2026-11-22-a-2.html#before), [");
  });

  it("has at most sixty lines, whatever there is to say, and no markup of a capsule", () => {
    const text = runComment(model, regressionOf(newRun(8), history));
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(60);
    expect(text).not.toContain("<b>");
    expect(text).toContain("bakeoff view");
  });

  it("says what a green one and one without history come to", () => {
    expect(runComment(model, regressionOf(newRun(14), history))).toContain("## 🟢 Run: no candidate is worse than its own history");
    expect(runComment(model, regressionOf(newRun(14), []))).toContain("## ⚪ Run: too little history to say");
  });
});
