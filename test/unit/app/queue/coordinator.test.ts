// A run on a queue: it comes to what a local one comes to, whoever dies, lies or comes twice meanwhile.
import { afterEach, describe, expect, it } from "vitest";
import { canonicalJson, sha256 } from "../../../../src/core/base/canonical.ts";
import { summariseVerdict } from "../../../../src/core/verdict/summary.ts";
import { answered, editFor, fakeBench, goodScript, keptOf, memoryJournal, planting, policyWith, type Script, taskNamed, VERDICTS } from "../../run/fakes.ts";
import type { CoordinatorMessage, WorkerMessage } from "../../../../src/app/queue/messages.ts";
import type { Verdict } from "../../../../src/core/verdict/verdict.ts";
import { queueWorld, told, toldLocally, type WorldOptions } from "./queue-world.ts";

const worlds: { rest: () => void }[] = [];
function world(options: WorldOptions = {}) {
  const made = queueWorld(options);
  worlds.push(made);
  return made;
}
afterEach(() => {
  for (const made of worlds.splice(0)) made.rest();
});

/** Fails once, then solves; so that trials have several steps and prompts with feedback. */
const secondTry: Script = (request, provider) => {
  if (request.purpose === "patch" && request.material.verdict === null && provider === "local") return answered("no JSON at all");
  return goodScript(request, provider);
};

/** Never solves anything in the slot. */
const failing: Script = (request, provider) =>
  request.purpose === "patch" && provider === "local"
    ? answered(editFor(request.material.task, "failed", String(request.messages.length)))
    : goodScript(request, provider);

async function passedAlways() {
  const task = taskNamed("a");
  return fakeBench().verify({ task, changes: new Map([["src/a.rs", "    1\n"]]) }, new AbortController().signal);
}

const tasks = ["a", "b", "c", "d"].map((id) => taskNamed(id));
const sketch = { tasks, script: secondTry, snapshot: policyWith(planting(4)) };

describe("a run on a queue", () => {
  it("comes to what the same run comes to in one process, calibration included", async () => {
    const { coordinate, work, journal, header } = world({ sketch });
    const mine = journal();
    const running = coordinate(mine);
    for (const name of ["w1", "w2", "w3"]) work(name);
    const record = await running;
    expect(record.trials.every(({ state }) => state.unlocked !== null)).toBe(true);
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
    expect(mine.sealed).toHaveLength(1);
  });
  it("says of each worker what it is, and of each call and verification who made it; comparable trials have one worker", async () => {
    const { coordinate, work, journal } = world({ sketch });
    const mine = journal();
    const running = coordinate(mine);
    for (const name of ["w1", "w2"]) work(name);
    const record = await running;
    const facts = mine.events.flatMap(({ payload }) => (payload.type === "ServerIdentity" ? [[payload.worker, payload.facts?.["rustc"]]] : []));
    expect(facts.toSorted()).toEqual([
      ["w1", "rustc 1.95.0"],
      ["w2", "rustc 1.95.0"],
    ]);
    const byTask = new Map<string, Set<unknown>>();
    for (const { task, events } of record.trials)
      for (const { payload } of events)
        if (payload.type === "ModelCallEnvelope" || payload.type === "ToolResult") byTask.set(task.id, (byTask.get(task.id) ?? new Set()).add(payload.worker));
    expect([...byTask.values()].map(({ size }) => size)).toEqual(tasks.map(() => 1));
  });
  it("tells a holder each event and each text of its trial once", async () => {
    const { coordinate, work, journal, queue } = world({ sketch });
    const holders = new Map<string, { events: number; readonly texts: Set<string> }>();
    const twice: string[] = [];
    queue.loses = (message) => {
      const said = message as CoordinatorMessage;
      if (said.say !== "perform") return false;
      const known = holders.get(said.token) ?? { events: 0, texts: new Set<string>() };
      // A worker that joins asks again for what it holds.
      if (said.from === 0 && said.history.length === known.events && holders.has(said.token)) return false;
      if (said.from !== known.events) twice.push(`${said.trial} from ${said.from}`);
      for (const text of said.texts) if (known.texts.size === known.texts.add(text).size) twice.push(`${said.trial} ${text.slice(0, 20)}`);
      known.events = said.from + said.history.length;
      holders.set(said.token, known);
      return false;
    };
    const running = coordinate(journal());
    work("w1");
    await running;
    expect(twice).toEqual([]);
    expect([...holders.values()].some(({ events }) => events > 10)).toBe(true);
  });
  it("waits for a worker that comes late, and lets one that is told to stop finish its step and leave", async () => {
    const { time, coordinate, work, journal, header, crew } = world({ sketch });
    const mine = journal();
    const running = coordinate(mine);
    const first = work("w1", { bench: fakeBench(() => time.pause(10)) });
    await time.until(() => mine.events.length > 15);
    first.stop();
    await first.ended;
    work("w2");
    await running;
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
    expect(crew.filter(({ kind }) => kind === "lost").map(({ worker, why }) => `${worker} ${why}`)).toEqual(["w1 left"]);
  });
});

describe("what a run on a queue survives", () => {
  it("a worker that dies in the middle: its trials go on elsewhere from their last whole steps", async () => {
    const { time, coordinate, work, journal, header, crew } = world({ sketch });
    const mine = journal();
    const running = coordinate(mine);
    const first = work("w1", { bench: fakeBench(() => time.pause(15)) });
    await time.until(() => mine.events.length > 15);
    first.kill();
    work("w2");
    await running;
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
    expect(crew.map(({ kind }) => kind)).toContain("lost");
  });
  it("no finished step is made again: each call has its place once", async () => {
    const { time, coordinate, work, journal } = world({ sketch });
    const mine = journal();
    const running = coordinate(mine);
    const first = work("w1", { bench: fakeBench(() => time.pause(15)) });
    await time.until(() => mine.events.length > 15);
    first.kill();
    work("w2");
    await running;
    const calls = mine.events.flatMap(({ payload }) => (payload.type === "ModelCallEnvelope" ? [payload.call_id] : []));
    expect(new Set(calls).size).toBe(calls.length);
  });
  it("a worker that was only silent longer than its lease: what it says afterwards is not taken", async () => {
    const { time, coordinate, work, journal, header, queue, crew, logs } = world({ sketch });
    const mine = journal();
    const running = coordinate(mine);
    let atWork = 0;
    const slow = async () => {
      atWork += 1;
      await time.pause(15);
      // What it was at when it was cut off, it has done as soon as it is heard again.
      await time.until(() => !queue.cut.has("w1"));
      atWork -= 1;
    };
    work("w1", { bench: fakeBench(slow) });
    await time.until(() => mine.events.length > 15 && atWork > 0);
    queue.kill("w1");
    await time.until(() => crew.some(({ kind, worker }) => kind === "lost" && worker === "w1"));
    const before = mine.events.length;
    work("w2", { bench: fakeBench(() => time.pause(20)) });
    await time.until(() => mine.events.length > before);
    queue.cut.delete("w1");
    await running;
    expect(logs.some((line) => line.startsWith("w1 fenced"))).toBe(true);
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
    const calls = mine.events.flatMap(({ payload }) => (payload.type === "ModelCallEnvelope" ? [payload.call_id] : []));
    expect(new Set(calls).size).toBe(calls.length);
  });
  it("what the coordinator says is lost on its way: a worker that missed something asks again, and is told all", async () => {
    const { coordinate, work, journal, header, queue } = world({ sketch });
    let [asked, lost] = [0, 0];
    queue.loses = (message) => {
      const said = message as CoordinatorMessage;
      if (said.say !== "perform" || (asked += 1) % 7 > 0) return false;
      lost += 1;
      return true;
    };
    const mine = journal();
    const running = coordinate(mine);
    for (const name of ["w1", "w2"]) work(name);
    await running;
    expect(lost).toBeGreaterThan(3);
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
  });
  it("verdicts that are lost on their way to who asked for them: they are asked for again", async () => {
    const { coordinate, work, journal, header, queue } = world({ sketch });
    let [asked, lost] = [0, 0];
    queue.loses = (message) => {
      if ((message as CoordinatorMessage).say !== "verdict" || (asked += 1) % 3 > 0) return false;
      lost += 1;
      return true;
    };
    const mine = journal();
    const running = coordinate(mine);
    for (const name of ["w1", "w2"]) work(name);
    await running;
    expect(lost).toBeGreaterThan(2);
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
  });
  it("jobs that are delivered twice", async () => {
    const { time, coordinate, work, journal, header, queue } = world({ sketch });
    const mine = journal();
    const running = coordinate(mine);
    for (const name of ["w1", "w2"]) work(name, { bench: fakeBench(() => time.pause(8)) });
    let twice = 0;
    const over = time.every(9, () => {
      twice += [...queue.active.values()].filter((holder) => holder === "w1").length;
      queue.redeliver("w1");
    });
    await running;
    over();
    expect(twice).toBeGreaterThan(0);
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
  });
  it("workers that ask again for what is answered already, also where the trial is done meanwhile", async () => {
    const { time, coordinate, work, journal, header, queue } = world({ sketch });
    const mine = journal();
    const running = coordinate(mine);
    for (const name of ["w1", "w2"]) work(name, { bench: fakeBench(() => time.pause(3)) });
    const over = time.every(3, () => {
      for (const [job, worker] of queue.active) queue.write({ say: "claim", worker, job });
    });
    await running.finally(over);
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
  });
  it("a worker that sends garbage: it is refused by name, the run says so, and others do its trials", async () => {
    const { time, coordinate, work, journal, header, queue, crew } = world({ sketch });
    const mine = journal();
    const running = coordinate(mine);
    work("bad", { bench: fakeBench(() => time.pause(20)) });
    await time.until(() => mine.events.length > 15);
    queue.write({ say: "step", worker: "bad", trial: 7 });
    queue.write("nothing at all");
    await time.until(() => crew.some(({ kind }) => kind === "lost"));
    work("good");
    await running;
    expect(told(mine, header)).toEqual(await toldLocally(sketch));
    expect(crew.some(({ kind, worker }) => kind === "lost" && worker === "bad")).toBe(true);
    const notes = mine.events.flatMap(({ payload }) => (payload.type === "ErrorEvent" ? [payload.error_code] : []));
    expect(notes).toContain("worker-refused");
  });
  it("a worker of another version is refused with what differs; one of another toolchain is taken where that was asked for", async () => {
    const { time, coordinate, work, journal, crew, logs } = world({ sketch, mixed: true });
    const running = coordinate(journal());
    work("old", { version: "0.0.9" });
    await time.until(() => logs.some((line) => line.startsWith("old refused")));
    const other = { ...fakeBench(), toolchain: { rustc: "rustc 1.90.0", cargo: "cargo 1.95.0", host: "x86_64-unknown-linux-gnu" } };
    work("mixed", { bench: other });
    await running;
    expect(crew.find(({ kind }) => kind === "refused")).toMatchObject({ worker: "old", why: "its version is 0.0.9, and the run's is 0.1.0" });
    expect(logs.some((line) => line.startsWith("old refused"))).toBe(true);
    expect(crew.some(({ kind, worker }) => kind === "joined" && worker === "mixed")).toBe(true);
  });
  it("a worker whose verdicts do not come out again: it is refused, and the run says which verdict and why", async () => {
    const lying = { ...sketch, script: failing };
    const { time, coordinate, work, journal, crew } = world({ sketch: lying, recheckShare: 1 });
    const mine = journal();
    const running = coordinate(mine);
    work("liar", { bench: { ...fakeBench(), verify: async () => ({ ...(await passedAlways()), treeHash: "0".repeat(64) }) } });
    await time.until(() => crew.some(({ kind, worker }) => kind === "lost" && worker === "liar"));
    work("honest");
    await running;
    const notes = mine.events.flatMap(({ payload }) => (payload.type === "ErrorEvent" ? [payload] : []));
    expect(notes.map(({ error_code }) => error_code)).toEqual(expect.arrayContaining(["recheck-disagreed", "worker-refused"]));
    expect(notes.find(({ error_code }) => error_code === "recheck-disagreed")?.message).toMatch(
      /^worker liar: its verdict on \S+ \(passed\) does not come out again: here the same tree comes to failed, twice$/,
    );
  });
  it("what a worker sent is altered on its way: it is told all again, and goes on from what is stored", async () => {
    const { coordinate, work, journal, crew, queue } = world({ sketch: { ...sketch, script: failing } });
    const passed = (await passedAlways()).verdict;
    const text = canonicalJson(passed);
    queue.alter = (message) => {
      const said = message as WorkerMessage;
      if (said.say !== "step") return said;
      const lie = { success: true, verdict: summariseVerdict(passed), output_hash: sha256(text) };
      const events = said.events.map((event) => (event.type === "ToolResult" && event.verdict.status === "failed" ? { ...event, ...lie } : event));
      return { ...said, events, bodies: [...said.bodies, { kind: "output" as const, text }] };
    };
    const running = coordinate(journal());
    work("w1");
    await running;
    expect(crew.map(({ kind }) => kind)).toEqual(["joined"]);
  });
  it("a worker that says of its own verdict that it was reused, so that nobody works it out again: it is refused", async () => {
    const { time, coordinate, work, journal, crew, queue } = world({ sketch: { ...sketch, script: failing }, recheckShare: 1 });
    queue.alter = (message) => {
      const said = message as WorkerMessage;
      if (said.say !== "step" || said.worker !== "liar") return said;
      return { ...said, events: said.events.map((event) => (event.type === "ToolResult" ? { ...event, reused: true } : event)) };
    };
    const running = coordinate(journal());
    work("liar", { bench: { ...fakeBench(), verify: async () => ({ ...(await passedAlways()), treeHash: "0".repeat(64) }) } });
    await time.until(() => crew.some(({ kind, worker }) => kind === "lost" && worker === "liar"));
    work("honest");
    await running;
    expect(crew.find(({ kind }) => kind === "lost")?.why).toMatch(/it reuses a verdict that it was not given$/);
    expect(crew.filter(({ kind }) => kind === "lost").map(({ worker }) => worker)).toEqual(["liar"]);
  });
  it("nobody is accused of a verdict that comes out one way and then the other here, and all that is worked out again is counted", async () => {
    let times = 0;
    const own = fakeBench();
    const wavering: typeof own = { ...own, verify: async (job, signal) => ((times += 1) % 3 === 1 ? passedAlways() : own.verify(job, signal)) };
    const { coordinate, work, journal, crew } = world({ sketch: { ...sketch, script: failing }, recheckShare: 1, bench: wavering });
    const mine = journal();
    const running = coordinate(mine);
    work("honest");
    await running;
    expect(crew.map(({ kind }) => kind)).toEqual(["joined"]);
    const counts = mine.events.flatMap(({ payload }) => (payload.type === "ServerIdentity" && payload.worker === "coordinator" ? [payload.facts] : []));
    expect(counts).toHaveLength(1);
    const { rechecked, agreed, undecided } = counts[0] as Record<string, number>;
    expect(undecided).toBeGreaterThan(0);
    expect((agreed ?? 0) + (undecided ?? 0)).toBe(rechecked);
  });
  it("a time limit is no evidence: here a tree may run into one that it did not meet there", async () => {
    const slow = { ...fakeBench(), verify: async () => ({ ...(await passedAlways()), verdict: VERDICTS["timeout"] as Verdict }) };
    const { coordinate, work, journal, crew } = world({ sketch, recheckShare: 1, bench: slow });
    const mine = journal();
    const running = coordinate(mine);
    work("honest");
    await running;
    expect(crew.map(({ kind }) => kind)).toEqual(["joined"]);
  });
  it("verdicts by another toolchain are held against nothing", async () => {
    const other = { ...fakeBench(), toolchain: { rustc: "rustc 1.90.0", cargo: "cargo 1.95.0", host: "x86_64-unknown-linux-gnu" } };
    const { coordinate, work, journal, crew } = world({
      sketch: { ...sketch, script: failing },
      recheckShare: 1,
      mixed: true,
      bench: { ...fakeBench(), verify: passedAlways },
    });
    const mine = journal();
    const running = coordinate(mine);
    work("mixed", { bench: other });
    await running;
    expect(crew.map(({ kind }) => kind)).toEqual(["joined"]);
    expect(mine.events.some(({ payload }) => payload.type === "ServerIdentity" && payload.worker === "coordinator")).toBe(false);
  });
  it("a run that is stopped while verdicts are worked out again ends as any that is stopped", async () => {
    const stop = new AbortController();
    const held = {
      ...fakeBench(),
      verify: async () => {
        stop.abort(new Error("stopped"));
        await time.pause(5);
        throw stop.signal.reason;
      },
    };
    const { time, coordinate, work, journal } = world({ sketch, recheckShare: 1, bench: held });
    const running = coordinate(journal(), null, stop.signal);
    work("honest");
    await expect(running).rejects.toThrow("stopped");
    // Nobody waits for what was begun: it must be nobody's unhandled failure.
    await time.pause(20);
  });
  it("a coordinator that was stopped: the next one goes on from what is in the journal", async () => {
    const { time, coordinate, work, journal, header } = world({ sketch });
    const mine = journal();
    const stop = new AbortController();
    const dying = coordinate(mine, null, stop.signal);
    work("w1", { bench: fakeBench(() => time.pause(20)) });
    await time.until(() => mine.events.length > 15);
    stop.abort(new Error("killed"));
    await expect(dying).rejects.toThrow("killed");
    const { kept, events } = keptOf(mine);
    const next = memoryJournal(header);
    next.events.push(...events);
    for (const [hash, text] of mine.blobs) next.blobs.set(hash, text);
    work("w2");
    await coordinate(next, kept);
    expect(told(next, header)).toEqual(await toldLocally(sketch));
    const calls = next.events.flatMap(({ payload }) => (payload.type === "ModelCallEnvelope" ? [payload.call_id] : []));
    expect(new Set(calls).size).toBe(calls.length);
  });
  it("a budget that is spent: no trial begins after it, and the run can be gone on with", async () => {
    const poor = policyWith((policy) => void (policy.budgets.run_tokens = 300));
    const { coordinate, work, journal } = world({ sketch: { ...sketch, snapshot: poor } });
    const mine = journal();
    const running = coordinate(mine);
    work("w1");
    await expect(running).rejects.toMatchObject({ code: "interrupted" });
    expect(mine.sealed).toHaveLength(0);
  });
});
