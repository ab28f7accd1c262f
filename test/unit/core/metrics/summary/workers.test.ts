// Workers in reports: counts by name, speeds on the same work, and who slowed down.
import { describe, expect, it } from "vitest";
import type { EventLine, TaskFacts } from "../../../../../src/core/capsule/line.ts";
import { WorkerTally } from "../../../../../src/core/metrics/summary/workers.ts";
import { workerCaveats } from "../../../../../src/core/metrics/summary/worker-caveats.ts";
import { workersSection } from "../../../../../src/core/report/sections/workers.ts";

/** Nothing is split. */
const WHOLE = { all: 0, split: 0 };

let minute = 0;
const verified = (worker: string | undefined, task: string, ms: number, more: Readonly<Record<string, unknown>> = {}): EventLine =>
  ({
    trial: `a/${task}/1`,
    spec_id: task,
    timestamp: new Date(Date.UTC(2026, 0, 1, 0, (minute += 1))).toISOString(),
    payload: { type: "ToolResult", worker, duration_ms: ms, reused: false, verdict: { status: "passed" }, ...more },
  }) as unknown as EventLine;

const called = (worker: string, task: string, ms: number, provider = "gpu-server"): EventLine =>
  ({
    trial: `a/${task}/1`,
    spec_id: task,
    timestamp: new Date(Date.UTC(2026, 0, 1, 0, (minute += 1))).toISOString(),
    payload: { type: "ModelCallEnvelope", worker, provider, latency_ms: ms },
  }) as unknown as EventLine;

const said = (worker: string, facts: Readonly<Record<string, number | string>>) =>
  ({ payload: { type: "ServerIdentity", provider: `worker/${worker}`, worker, facts, changed: [], error: null } }) as unknown as EventLine;

function tallied(lines: readonly EventLine[]): WorkerTally {
  const tally = new WorkerTally();
  for (const line of lines) tally.add({ task: { id: line.spec_id } as TaskFacts, epoch: 1, events: [line] });
  return tally;
}

/** 30 tasks that each of both verified once, the second `by` times as slow. */
const pairs = (by: (index: number) => number): EventLine[] =>
  Array.from({ length: 60 }, (_, index) => [verified("w1", `t${index}`, 100 + index), verified("w2", `t${index}`, (100 + index) * by(index))]).flat();

describe("workers of a queue", () => {
  it("are none in a run of one process", () => {
    expect(tallied([verified(undefined, "a", 5)]).list([])).toEqual([]);
    // A model's server says what it is, too, and is no worker.
    const server = { payload: { type: "ServerIdentity", provider: "sglang", facts: { version: "1" }, changed: [], error: null } } as unknown as EventLine;
    expect(tallied([]).list([server])).toEqual([]);
    expect(workersSection([])).toBeNull();
    expect(workersSection(undefined)).toBeNull();
  });

  it("are counted by what they did; what was reused took no time of theirs", () => {
    const [w1] = tallied([verified("w1", "a", 10), verified("w1", "a", 20), verified("w1", "b", 0, { reused: true })]).list([said("w1", { cores: 8 })]);
    expect(w1).toMatchObject({ name: "w1", facts: { cores: 8 }, trials: 3, verifications: 2, timings: { p50: 15, relative: null, drift: null } });
  });

  it("have the median of their calls' times, in whatever order they were made", () => {
    const [w1] = tallied([called("w1", "a", 30), called("w1", "b", 10), called("w1", "c", 200)]).list([]);
    expect(w1).toMatchObject({ calls: 3, timings: { callP50: 30 } });
  });

  it("are held together on the same work only: a worker that had the slow tasks is not slow", () => {
    const alone = [
      ...Array.from({ length: 30 }, (_, index) => verified("w1", `slow${index}`, 9000)),
      ...Array.from({ length: 30 }, (_, index) => verified("w2", `t${index}`, 10)),
    ];
    expect(
      tallied(alone)
        .list([])
        .map(({ timings }) => timings.relative),
    ).toEqual([null, null]);
    const [w1, w2] = tallied(pairs(() => 3)).list([]);
    expect(w1?.timings.relative).toBeCloseTo(1 / 3, 5);
    expect(w2?.timings.relative).toBeCloseTo(3, 5);
    expect(w2?.timings.drift).toBeCloseTo(1, 5);
  });

  it("are told of where they slow down in the middle", () => {
    const workers = tallied(pairs((index) => (index < 30 ? 1 : 4))).list([]);
    expect(workers[1]?.timings.drift).toBeCloseTo(4, 5);
    expect(workerCaveats(workers, WHOLE)).toEqual(["worker w2 slowed down in the middle of the run: its later times are 4.00× of its earlier ones"]);
    expect(workersSection(workers)?.grid.rows.map((row) => row.slice(-2))).toEqual([
      ["0.63×", "0.25×"],
      ["2.50×", "4.00×"],
    ]);
  });

  it("are told of where one slows down alone: its times are held against its own usual ones", () => {
    const alone = Array.from({ length: 60 }, (_, index) => verified("w1", `t${index % 10}`, index < 30 ? 100 : 250));
    const [w1] = tallied(alone).list([]);
    expect(w1?.timings).toMatchObject({ relative: null, drift: 2.5 });
    const steady = Array.from({ length: 60 }, (_, index) => verified("w1", `t${index % 10}`, 100 + (index % 10)));
    expect(tallied(steady).list([])[0]?.timings.drift).toBe(1);
  });

  it("have not slowed down where their later tasks take longer by themselves", () => {
    // Each kind's own times stand still: quick ones come first, slow ones last, and some of each in between.
    const ms = (index: number) => (index < 25 || index % 5 === 0 ? 100 : 900);
    const alone = Array.from({ length: 60 }, (_, index) => verified("w1", ms(index) === 100 ? "quick" : "slow", ms(index)));
    expect(tallied(alone).list([])[0]?.timings.drift).toBe(1);
  });

  it("share no task of an epoch, or it is told: what is timed against each other belongs on one machine", () => {
    const whole = tallied([verified("w1", "a", 10), verified("w1", "a", 12), verified("w2", "b", 10), verified(undefined, "c", 10)]);
    expect(whole.groups([])).toEqual({ all: 2, split: 0 });
    expect(workerCaveats(whole.list([]), whole.groups([]))).toEqual([]);
    const split = tallied([verified("w1", "a", 10), verified("w2", "a", 12), verified("w2", "b", 10)]);
    expect(workerCaveats(split.list([]), split.groups([]))).toEqual([
      "in 1 of 2 pairs of task and epoch, trials went to more than one worker: their times are of different machines",
    ]);
  });

  it("that make model calls only are held against their like, and the others against theirs", () => {
    const facts = [
      said("gpu-1", { steps: "model" }),
      said("gpu-2", { steps: "model" }),
      said("cpu-1", { steps: "verify" }),
      said("cpu-2", { steps: "verify" }),
    ];
    const whole = tallied([called("gpu-1", "a", 300), called("cpu-1", "a", 1, "embedded"), verified("cpu-1", "a", 10)]);
    expect(whole.groups(facts)).toEqual({ all: 1, split: 0 });
    const calls = tallied([called("gpu-1", "a", 300), called("gpu-2", "a", 300), verified("cpu-1", "a", 10)]);
    expect(calls.groups(facts)).toEqual({ all: 1, split: 1 });
    const verdicts = tallied([called("gpu-1", "a", 300), verified("cpu-1", "a", 10), verified("cpu-2", "a", 10)]);
    expect(verdicts.groups(facts)).toEqual({ all: 1, split: 1 });
  });

  it("are counted by the calls that they made at servers; what is built in is no call", () => {
    const lines = [called("gpu", "a", 100), called("gpu", "b", 300), called("cpu", "a", 1, "embedded")];
    const workers = tallied(lines).list([said("gpu", { steps: "model", cores: 4 }), said("cpu", { steps: "verify", cores: 8 })]);
    expect(workers.map(({ name, calls, timings }) => [name, calls, timings.callP50])).toEqual([
      ["cpu", 0, null],
      ["gpu", 2, 200],
    ]);
  });

  it("say nothing of a machine before twenty verifications, and of its drift before twice as many", () => {
    const relative = (tasks: number) =>
      tallied(Array.from({ length: tasks }, (_, index) => [verified("w1", `t${index}`, 100), verified("w2", `t${index}`, 200)]).flat()).list([])[0]?.timings;
    expect([relative(19)?.relative, relative(20)?.relative]).toEqual([null, 0.5]);
    expect([relative(39)?.drift, relative(40)?.drift]).toEqual([null, 1]);
  });

  it("are said to have slowed down from half as slow again on", () => {
    const by = (times: number) => workerCaveats(tallied(pairs((index) => (index < 30 ? 1 : times))).list([]), WHOLE);
    expect([by(1.49).length, by(1.5).length]).toEqual([0, 1]);
  });

  it("are held together by the outcome as well as by the task: what fails at once is quick", () => {
    const lines = Array.from({ length: 40 }, (_, index) => [
      verified("w1", `t${index}`, 900),
      verified("w2", `t${index}`, 10, { verdict: { status: "compile-error" } }),
    ]).flat();
    expect(
      tallied(lines)
        .list([])
        .map(({ timings }) => timings.relative),
    ).toEqual([null, null]);
  });

  it("are what they say of themselves last, and named though they did nothing", () => {
    const noise = { payload: { type: "ToolResult", worker: "w9", facts: { cores: 1 } } } as unknown as EventLine;
    const listed = tallied([verified("w2", "a", 10)]).list([said("w1", { cores: 4 }), said("w1", { cores: 8 }), noise]);
    expect(listed.map(({ name, facts, trials }) => [name, facts, trials])).toEqual([
      ["w1", { cores: 8 }, 0],
      ["w2", {}, 1],
    ]);
    expect(listed[0]?.timings).toEqual({ callP50: null, p50: null, p95: null, relative: null, drift: null });
  });

  it("have the times of what they verified, and none of what took no time", () => {
    const lines = [10, 20, 30, 40].map((ms, index) => verified("w1", `t${index}`, ms));
    const [w1] = tallied([...lines, verified("w1", "t9", 0)]).list([]);
    expect(w1).toMatchObject({ verifications: 4, timings: { p50: 25, p95: 38.5 } });
  });

  it("slow down in the order of time, in whatever order their trials are read", () => {
    const lines = pairs((index) => (index < 30 ? 1 : 4));
    for (const read of [lines, lines.toReversed(), lines.toSorted((a, b) => String(a.spec_id).localeCompare(String(b.spec_id)))])
      expect(tallied(read).list([])[1]?.timings.drift).toBeCloseTo(4, 5);
    const alone = Array.from({ length: 60 }, (_, index) => verified("w1", `t${index % 10}`, index < 30 ? 100 : 250));
    expect(tallied(alone.toReversed()).list([])[0]?.timings.drift).toBe(2.5);
  });

  it("say what was worked out again and came out both ways", () => {
    expect(workerCaveats(tallied([]).list([said("coordinator", { rechecked: 9, agreed: 8, undecided: 1 })]), WHOLE)).toEqual([
      "1 of 9 verdicts that were worked out again came out both ways",
    ]);
  });
});
