// Who gets which trial: comparable ones go to one worker, and come free when it is lost.
import { describe, expect, it } from "vitest";
import { Schedule } from "../../../../src/app/queue/schedule.ts";

const trial = (candidate: string, task: string, { epoch = 1, base = "a" } = {}) => ({
  kind: "trial" as const,
  id: `${candidate}/${task}/${epoch}`,
  task,
  epoch,
  base,
});

function scheduleOf(trials: readonly ReturnType<typeof trial>[]) {
  const schedule = new Schedule<ReturnType<typeof trial>>();
  for (const one of trials) schedule.add(one);
  return schedule;
}

describe("the schedule of a queue", () => {
  it("gives all candidates of one task and epoch to the worker that has the first of them", () => {
    const schedule = scheduleOf(["x", "y"].flatMap((task) => ["p", "q"].map((candidate) => trial(candidate, task))));
    const taken = ["w1", "w2", "w1", "w2"].map((worker) => schedule.take(worker)?.id);
    expect(taken).toEqual(["p/x/1", "p/y/1", "q/x/1", "q/y/1"]);
    expect(schedule.take("w3")).toBeNull();
  });
  it("keeps what is left of a group for its holder, also where another worker is idle", () => {
    const schedule = scheduleOf([trial("p", "x"), trial("q", "x")]);
    schedule.take("w1");
    expect([schedule.take("w2"), schedule.waiting]).toEqual([null, 1]);
    expect(schedule.take("w1")?.id).toBe("q/x/1");
  });
  it("gives a group to somebody else once its holder is lost", () => {
    const schedule = scheduleOf([trial("p", "x"), trial("q", "x")]);
    const first = schedule.take("w1");
    schedule.lose("w1");
    if (first) {
      schedule.release(first);
      schedule.add(first);
    }
    expect([schedule.take("w2")?.id, schedule.take("w2")?.id].toSorted()).toEqual(["p/x/1", "q/x/1"]);
  });
  it("prefers a base that the worker has prepared", () => {
    const schedule = scheduleOf([trial("p", "x", { base: "a" }), trial("p", "y", { base: "b" }), trial("p", "z", { base: "a" })]);
    const first = schedule.take("w1");
    if (first) schedule.release(first);
    expect(schedule.take("w1")?.id).toBe("p/z/1");
    expect(schedule.take("w2")?.id).toBe("p/y/1");
  });
  it("sends workers to different bases: not everybody prepares all of them", () => {
    const bases = ["a", "b", "c", "d"];
    const schedule = scheduleOf(bases.flatMap((base) => Array.from({ length: 40 }, (_, index) => trial("p", `${base}${index}`, { base }))));
    const prepared = new Set<string>();
    while (schedule.waiting > 0) {
      for (const worker of ["w1", "w2", "w3", "w4"]) {
        const taken = schedule.take(worker);
        if (taken === null) continue;
        prepared.add(`${worker} ${taken.base}`);
        schedule.release(taken);
      }
    }
    expect(prepared.size).toBe(4);
  });
  it("counts no base as prepared by a worker that is gone", () => {
    const schedule = scheduleOf([..."xyz"].map((task) => trial("p", task, { base: "a" })).concat([..."uv"].map((task) => trial("p", task, { base: "b" }))));
    const first = schedule.take("w1");
    schedule.lose("w1");
    if (first) {
      schedule.release(first);
      schedule.add(first);
    }
    expect([first?.base, schedule.take("w2")?.base]).toEqual(["a", "a"]);
  });
  it("lets a calibration trial go anywhere", () => {
    const schedule = new Schedule<{ kind: "plant" | "trial"; id: string; task: string; epoch: number; base: string }>();
    schedule.add(trial("p", "x"));
    schedule.add({ ...trial("p", "x"), kind: "plant", id: "calibration/x/broken-1" });
    expect([schedule.take("w1")?.id, schedule.take("w2")?.id]).toEqual(["p/x/1", "calibration/x/broken-1"]);
  });
  it("gives nobody a trial that was carried out after its holder was lost", () => {
    const schedule = scheduleOf([trial("p", "x"), trial("q", "x")]);
    const first = schedule.take("w1");
    schedule.lose("w1");
    if (first) {
      schedule.release(first);
      schedule.add(first);
      schedule.withdraw(first);
    }
    expect([schedule.waiting, schedule.take("w2")?.id, schedule.take("w2"), schedule.waiting]).toEqual([1, "q/x/1", null, 0]);
  });
  it("keeps no group of which nothing is left", () => {
    const schedule = scheduleOf([trial("p", "x")]);
    const first = schedule.take("w1");
    schedule.lose("w1");
    if (first) {
      schedule.release(first);
      schedule.add(first);
      schedule.withdraw(first);
      schedule.add(first);
    }
    expect(schedule.take("w2")?.id).toBe("p/x/1");
  });
});
