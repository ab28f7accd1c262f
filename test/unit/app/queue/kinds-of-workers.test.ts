// A run whose model calls and verifications are made by different workers: it comes to what a local one comes to, whoever dies meanwhile.
import { afterEach, describe, expect, it } from "vitest";
import type { CoordinatorMessage, WorkerMessage } from "../../../../src/app/queue/messages.ts";
import type { TrialEvent } from "../../../../src/core/trial/event.ts";
import { queueSketch as sketch } from "../../../queue/queue-sketch.ts";
import { fakeBench, keptOf, type MemoryJournal, type Script } from "../../run/fakes.ts";
import { queueWorld, told, toldLocally, type WorldOptions } from "./queue-world.ts";

const worlds: { rest: () => void }[] = [];
function world(options: WorldOptions = {}) {
  const made = queueWorld({ sketch, ...options });
  worlds.push(made);
  const asks = (name: string) => made.work(name, { steps: ["verify"] });
  const answers = (name: string, script: Script = sketch.script) => made.work(name, { steps: ["model"], script });
  return { ...made, asks, answers };
}
afterEach(() => {
  for (const made of worlds.splice(0)) made.rest();
});

const networkCalls = ({ events }: MemoryJournal) =>
  events.flatMap(({ trial, payload }) => (payload.type === "ModelCallEnvelope" && payload.provider !== "embedded" ? [{ trial, ...payload }] : []));

const makersOf = (journal: MemoryJournal, type: TrialEvent["type"]): readonly unknown[] => [
  ...new Set(journal.events.flatMap(({ payload }) => (payload.type === type && "worker" in payload ? [payload.worker] : []))),
];

/** Counts the calls that come back; `more`: what each does before, by how many began before it. */
function counting(more: (before: number) => Promise<void> | void = () => undefined) {
  const made: string[] = [];
  let began = 0;
  const script: Script = async (request, provider) => {
    const reply = await sketch.script(request, provider);
    await more(began++);
    made.push(`${request.purpose} ${request.model} ${request.material.task.id} ${request.draw}`);
    return reply;
  };
  return { made, script };
}

describe("workers that make model calls, and workers that verify", () => {
  it("come to what the same run comes to in one process, and the capsule says who made what", async () => {
    const { coordinate, asks, answers, journal, header } = world();
    const mine = journal();
    const { made, script } = counting();
    const running = coordinate(mine);
    answers("gpu", script);
    for (const name of ["cpu-1", "cpu-2"]) asks(name);
    await running;
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
    expect([...new Set(networkCalls(mine).map(({ worker }) => worker))]).toEqual(["gpu"]);
    expect(made).toHaveLength(networkCalls(mine).length);
    expect(makersOf(mine, "ToolResult").toSorted()).toEqual(["cpu-1", "cpu-2"]);
    const said = mine.events.flatMap(({ payload }) => (payload.type === "ServerIdentity" && payload.worker === "gpu" ? [payload.facts] : []));
    expect(said).toEqual([{ version: "0.1.0", steps: "model", answers: expect.any(String), cores: 2, calibration_ms: 1 }]);
  });
  it("have all calls of a task and epoch made by one of them", async () => {
    const { coordinate, asks, answers, journal } = world();
    const mine = journal();
    const running = coordinate(mine);
    for (const name of ["gpu-1", "gpu-2"]) answers(name);
    for (const name of ["cpu-1", "cpu-2", "cpu-3"]) asks(name);
    await running;
    const byGroup = new Map<string, Set<unknown>>();
    const planned = mine.events.filter(({ trial }) => trial !== null && !trial.startsWith("calibration"));
    for (const { spec_id: task, trial, payload } of planned)
      if (payload.type === "ModelCallEnvelope" && payload.provider !== "embedded") {
        const group = `${task}/${trial?.split("/").at(-1)}`;
        byGroup.set(group, (byGroup.get(group) ?? new Set()).add(payload.worker));
      }
    expect(byGroup.size).toBeGreaterThanOrEqual(12);
    expect([...byGroup].filter(([, makers]) => makers.size > 1)).toEqual([]);
    expect(new Set(networkCalls(mine).map(({ worker }) => worker)).size).toBe(2);
  });
  it("go on beside workers that do both", async () => {
    const { coordinate, asks, answers, work, journal, header } = world();
    const mine = journal();
    const running = coordinate(mine);
    asks("cpu");
    answers("gpu");
    work("all");
    await running;
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
  });
});

describe("what is missing", () => {
  it("is told at once where a call is asked for that nobody makes, and once only", async () => {
    const { time, coordinate, asks, answers, journal, missing } = world();
    const running = coordinate(journal());
    asks("cpu");
    await time.until(() => missing.some((why) => why.includes("--steps model")));
    await time.pause(200);
    answers("gpu");
    await running;
    expect(missing.filter((why) => why.includes("--steps model"))).toHaveLength(1);
  });
  it("is told at once where trials wait and whoever is there verifies nothing", async () => {
    const { time, coordinate, asks, answers, journal, missing } = world();
    const running = coordinate(journal());
    answers("gpu");
    await time.until(() => missing.some((why) => why.includes("--steps verify")));
    asks("cpu");
    await running;
  });
});

describe("a worker that dies", () => {
  it("while it makes calls loses those only: they are made by another, and those that came back are not", async () => {
    const { time, coordinate, asks, answers, journal, header } = world();
    const mine = journal();
    const stuck = { is: false };
    const first = counting(async (before) => {
      if (before < 6) return;
      stuck.is = true;
      await new Promise(() => undefined);
    });
    const second = counting();
    const running = coordinate(mine);
    asks("cpu");
    const gpu = answers("gpu-1", first.script);
    await time.until(() => stuck.is);
    gpu.kill();
    answers("gpu-2", second.script);
    await running;
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
    expect(first.made.length + second.made.length).toBe(networkCalls(mine).length);
    expect(networkCalls(mine).filter(({ worker }) => worker === "gpu-1")).toHaveLength(first.made.length);
  });
  it("while it waits for a call costs nothing: the reply is its successor's", async () => {
    const { time, coordinate, asks, answers, journal, header, crew } = world();
    const mine = journal();
    const held: (() => void)[] = [];
    const { made, script } = counting((before) => (before === 3 ? new Promise((resolve) => held.push(resolve)) : undefined));
    const running = coordinate(mine);
    answers("gpu", script);
    const cpu = asks("cpu-1");
    await time.until(() => held.length > 0);
    cpu.kill();
    asks("cpu-2");
    await time.until(() => crew.some(({ worker, kind }) => worker === "cpu-1" && kind === "lost"));
    for (const release of held) release();
    await running;
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
    expect(made).toHaveLength(networkCalls(mine).length);
  });
  it("and comes back late is not heard: the call is its successor's", async () => {
    const { time, coordinate, asks, answers, journal, header, queue } = world();
    const mine = journal();
    const stuck: (() => void)[] = [];
    const first = counting(async (before) => {
      if (before >= 2) await new Promise<void>((resolve) => stuck.push(resolve));
    });
    const running = coordinate(mine);
    asks("cpu");
    answers("gpu-1", first.script);
    await time.until(() => stuck.length > 0);
    queue.cut.add("gpu-1");
    answers("gpu-2");
    await time.until(() => networkCalls(mine).some(({ worker }) => worker === "gpu-2"));
    queue.cut.delete("gpu-1");
    for (const release of stuck.splice(0)) release();
    const over = time.every(2, () => stuck.splice(0).forEach((release) => release()));
    await running;
    over();
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
  });
});

describe("a worker that makes calls", () => {
  it("and was lost joins again as soon as it is heard", async () => {
    const { time, coordinate, asks, answers, journal, header, queue, crew } = world();
    const mine = journal();
    const running = coordinate(mine);
    asks("cpu");
    answers("gpu");
    await time.until(() => networkCalls(mine).length > 3);
    queue.cut.add("gpu");
    await time.until(() => crew.some(({ worker, kind }) => worker === "gpu" && kind === "lost"));
    queue.cut.delete("gpu");
    await running;
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
  });
  it("finishes those at hand when it is told to stop, and gives back the rest", async () => {
    const { time, coordinate, asks, answers, journal, header, crew } = world();
    const mine = journal();
    const first = counting(() => time.pause(3));
    const second = counting();
    const running = coordinate(mine);
    asks("cpu");
    const gpu = answers("gpu-1", first.script);
    await time.until(() => first.made.length > 4);
    gpu.stop();
    await gpu.ended;
    answers("gpu-2", second.script);
    await running;
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
    expect(first.made.length + second.made.length).toBe(networkCalls(mine).length);
    expect(crew.filter(({ kind }) => kind === "lost").map(({ worker, why }) => `${worker} ${why}`)).toEqual(["gpu-1 left"]);
  });
  it("is not asked twice where what was said about a call is lost on its way", async () => {
    const lost = new Set<string>();
    const { coordinate, asks, answers, journal, header, queue } = world();
    queue.loses = (message) => {
      const { say } = message as CoordinatorMessage;
      if ((say !== "call" && say !== "answered") || lost.has(say)) return false;
      lost.add(say);
      return true;
    };
    queue.alter = (message) => {
      const { say } = message as WorkerMessage;
      if ((say !== "ask" && say !== "called") || lost.has(say)) return message;
      lost.add(say);
      return { say: "beat", worker: (message as WorkerMessage).worker, holds: 1 };
    };
    const mine = journal();
    const { made, script } = counting();
    const running = coordinate(mine);
    asks("cpu");
    answers("gpu", script);
    await running;
    expect([...lost].toSorted()).toEqual(["answered", "ask", "call", "called"]);
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
    expect(made).toHaveLength(networkCalls(mine).length);
  });
  it("is heard by the next coordinator, where the call came back while there was none", async () => {
    const { time, coordinate, asks, answers, journal, header, queue } = world();
    const mine = journal();
    const held: (() => void)[] = [];
    const { made, script } = counting((before) => (before === 5 ? new Promise((resolve) => held.push(resolve)) : undefined));
    const stop = new AbortController();
    const first = coordinate(mine, null, stop.signal);
    first.catch(() => undefined);
    answers("gpu", script);
    const cpu = asks("cpu");
    await time.until(() => held.length > 0);
    // Nobody asks for it before the next one has read it; and who is killed tells nobody that the run is over.
    cpu.kill();
    queue.loses = () => true;
    stop.abort(new Error("killed"));
    await expect(first).rejects.toThrow();
    for (const release of held.splice(0)) release();
    await time.until(() => made.length > 5);
    // What else it had asked for comes back too.
    await time.pause(20);
    queue.loses = () => false;
    const { kept, events } = keptOf(mine);
    mine.events.splice(0, mine.events.length, ...events);
    const second = coordinate(mine, kept);
    asks("cpu-2");
    await second;
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
    expect(made).toHaveLength(networkCalls(mine).length);
  });
});

describe("a worker that verifies", () => {
  it("is refused where it asks for a call that its step does not make", async () => {
    const { time, coordinate, asks, answers, work, journal, header, queue, crew } = world();
    queue.alter = (message) => {
      const said = message as WorkerMessage;
      return said.say === "ask" && said.worker === "liar" ? { ...said, provider: "another" } : message;
    };
    const mine = journal();
    const running = coordinate(mine);
    answers("gpu");
    asks("liar");
    await time.until(() => crew.some(({ worker, kind }) => worker === "liar" && kind === "lost"));
    work("honest", { bench: fakeBench() });
    await running;
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
  });
});
