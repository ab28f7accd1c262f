// Runs that start their candidates' servers: in turn on one port, restarted once, gone afterwards, and the same when a run goes on.
import { describe, expect, it } from "vitest";
import { BakeoffError } from "../../../../src/core/base/errors.ts";
import { plannedTrials } from "../../../../src/core/capsule/record.ts";
import { runSession, type SessionRequest } from "../../../../src/app/run/session.ts";
import type { TurnEvent, TurnPorts } from "../../../../src/app/run/served-turns.ts";
import type { Readiness } from "../../../../src/ports/servers.ts";
import type { PolicyCandidate } from "../../../../src/ports/serving.ts";
import { fakeClock, failedCall, goodScript, policyWith, type Script, TASKS } from "../../run/fakes.ts";
import { listener, sessionRequest, sessionWorld, withRecord } from "./session-world.ts";

const NAMES = ["small", "middle", "large"];
const policy = policyWith(
  () => undefined,
  (candidates) => {
    const made = NAMES.map((name) => ({
      name,
      provider: "sglang",
      model: name,
      max_output_tokens: 100,
      temperature: 0,
      answer_format: "edits" as const,
      start: `serve ${name}`,
    }));
    // Nobody else's server can be started here.
    for (const candidate of candidates.candidate) delete candidate.start;
    candidates.candidate.push(...made);
  },
);

/** One machine with one port: who stands there, and what happened. */
/** `loadMs`: what loading takes on the run's clock, where everything else takes a few. */
function machine(facts: { readonly stuck?: boolean; readonly missing?: string; readonly loadMs?: number; readonly contextTokens?: number } = {}) {
  const log: string[] = [];
  const clock = fakeClock();
  let loadedMs = 0;
  let up: { readonly name: string; readonly die: (how: string) => void } | null = null;
  const readiness = async ({ name }: Pick<PolicyCandidate, "name">): Promise<Readiness> => {
    if (up === null) return { ready: false, reason: "refused", taken: false };
    return up.name === name
      ? { ready: true, latencyMs: 1, contextTokens: facts.contextTokens ?? null }
      : { ready: false, reason: `the server has ${up.name}`, taken: true };
  };
  const servers: TurnPorts = {
    clock: fakeClock(),
    wait: async (_, signal) => signal.throwIfAborted(),
    serving: () => ({ readiness }),
    environment: { PATH: "/bin" },
    findProgram: async (name) => (facts.missing === name ? null : `/bin/${name}`),
    hasPythonModule: async () => true,
    gpuMemoryMib: async () => null,
    startServer: ({ command }) => {
      const name = command[1] ?? "";
      if (up !== null) throw new Error(`${name} is started beside ${up.name}`);
      log.push(`start ${name}`);
      loadedMs += facts.loadMs ?? 1_000_000;
      let end: (how: string) => void = () => undefined;
      const ended = new Promise<string>((resolve) => (end = resolve));
      up = {
        name,
        die: (how) => {
          up = null;
          end(how);
        },
      };
      return {
        ended,
        stop: async () => {
          log.push(`stop ${name}`);
          if (facts.stuck !== true && up?.name === name) up.die("ended with 0");
        },
      };
    },
  };
  const runClock = { ...clock, now: () => clock.now() + loadedMs };
  return { log, servers, readiness, clock: runClock, kill: (how: string) => up?.die(how), up: () => up?.name ?? null };
}

type Machine = ReturnType<typeof machine>;

/** Only the server that stands there answers. */
const answeredBy =
  ({ up, log }: Machine): Script =>
  (request, provider) => {
    if (provider !== "sglang") return goodScript(request, provider);
    if (log.at(-1) !== `call ${request.model}`) log.push(`call ${request.model}`);
    return up() === request.model ? goodScript(request, provider) : failedCall("refused-connection");
  };

function sessionOn(served: Machine, facts: Partial<SessionRequest> = {}, script = answeredBy(served)) {
  const world = sessionWorld({ policy, script, serving: { readiness: served.readiness }, ports: { servers: served.servers, clock: served.clock } });
  const events: TurnEvent[] = [];
  const watcher = { ...listener(), served: (event: TurnEvent) => void events.push(event) };
  const request = sessionRequest({ candidates: NAMES, serve: { readyTimeoutMs: 1000 }, concurrency: 1, ...facts });
  const run = (again: Partial<SessionRequest> = {}, signal = new AbortController().signal) =>
    withRecord(world, runSession(world, { ...request, ...again }, watcher, signal));
  return { world, events, run };
}

describe("a run that starts servers", () => {
  it("gives each its turn on the port they share: start, all its trials, stop; in the order that the seed drew", async () => {
    const served = machine();
    const { record } = await sessionOn(served).run();
    const order = (record.header.turns ?? []).flat();
    expect(order.toSorted()).toEqual(NAMES.toSorted());
    expect(served.log).toEqual(order.flatMap((name) => [`start ${name}`, `call ${name}`, `stop ${name}`]));
    expect(record.trials.every(({ state }) => state.unlocked !== null)).toBe(true);
    expect(record.trials).toHaveLength(NAMES.length * TASKS.length);
    expect(served.up()).toBeNull();
  });
  it("lets them take turns there and back over blocks of tasks where loading is quick, and loses no trial", async () => {
    const served = machine({ loadMs: 0 });
    const { record } = await sessionOn(served, { epochs: 2 }).run();
    const [first = "", second = "", third = ""] = (record.header.turns ?? []).flat();
    expect(record.header.turn_blocks).toBe(4);
    const visits = [first, second, third, second, first, second, third, second, first];
    expect(served.log).toEqual(visits.flatMap((name) => [`start ${name}`, `call ${name}`, `stop ${name}`]));
    expect(record.trials.every(({ state }) => state.unlocked !== null)).toBe(true);
    expect(record.trials).toHaveLength(2 * NAMES.length * TASKS.length);
  });
  it("says once of each, as soon as its server stands, that its context is too short for the largest prompts of these tasks", async () => {
    const { run, events } = sessionOn(machine({ loadMs: 0, contextTokens: 300 }), { epochs: 2 });
    await run();
    const said = events.flatMap((event) => (event.kind === "short-context" ? [event] : []));
    expect(said.map(({ name }) => name).toSorted()).toEqual(NAMES.toSorted());
    expect(said[0]?.warning).toContain("takes 300 tokens of prompt and answer");
    const enough = sessionOn(machine({ contextTokens: 1_000_000 }));
    await enough.run();
    expect(enough.events.some(({ kind }) => kind === "short-context")).toBe(false);
  });
  it("says in its header that the turns are part of what differs", async () => {
    const { record } = await sessionOn(machine()).run();
    expect(record.header.warnings.join("\n")).toContain("served in turn, in an order that the seed drew");
  });
  it("leaves a server that answers already as it is", async () => {
    const served = machine();
    served.servers.startServer({ command: ["serve", "small"], env: {}, folder: null, onLine: () => undefined });
    const { record } = await sessionOn(served, { candidates: ["small"] }).run();
    expect(record.header).not.toHaveProperty("turns");
    expect(served.up()).toBe("small");
  });
  it("runs embedded candidates without any server", async () => {
    const served = machine();
    const { record } = await sessionOn(served, { candidates: ["nop"] }).run();
    expect([record.trials.length, served.log]).toEqual([TASKS.length, []]);
  });
  it("starts a server that dies once more, says so, and loses no trial", async () => {
    const served = machine();
    let killed = false;
    const script: Script = (request, provider) => {
      if (request.model === "small" && !killed) {
        killed = true;
        served.kill("was ended by SIGKILL");
      }
      return answeredBy(served)(request, provider);
    };
    const { run, events } = sessionOn(served, { candidates: ["small"] }, script);
    const { record } = await run();
    expect(events.filter(({ kind }) => kind !== "log").map(({ kind }) => kind)).toEqual(["starting", "ready", "restarting", "starting", "ready", "stopped"]);
    expect(record.runEvents.map(({ payload }) => payload)).toContainEqual(expect.objectContaining({ type: "ErrorEvent", error_code: "server-restarted" }));
    expect(record.trials.every(({ state }) => state.unlocked !== null)).toBe(true);
  });
  it("stops where one dies for the second time, with the way on", async () => {
    const served = machine();
    const script: Script = (request, provider) => {
      if (request.model === "small") served.kill("ended with 1");
      return answeredBy(served)(request, provider);
    };
    await expect(sessionOn(served, { candidates: ["small"] }, script).run()).rejects.toMatchObject({ code: "environment" });
    expect(served.up()).toBeNull();
  });
  it("goes no further while something still answers at a stopped server's address", async () => {
    await expect(sessionOn(machine({ stuck: true })).run()).rejects.toMatchObject({ code: "environment" });
  });
  it("refuses before anything runs where a named one can't be started, and leaves it out where nobody named it", async () => {
    await expect(sessionOn(machine({ missing: "serve" })).run()).rejects.toMatchObject({ code: "environment" });
    const { record } = await sessionOn(machine({ missing: "serve" }), { candidates: null, tasks: ["fix-a"] }).run();
    expect(record.header.left_out.map(({ name }) => name)).toEqual(expect.arrayContaining(NAMES));
  });
  it("that was stopped goes on: finished turns are not started again, and the capsule holds every trial", async () => {
    const served = machine();
    const { world, run } = sessionOn(served);
    const stop = new AbortController();
    const stopping = {
      ...listener(),
      trialDone: (_trial: unknown, _state: unknown, done: number) => {
        if (done === TASKS.length) stop.abort(new BakeoffError("interrupted", "interrupted"));
      },
    };
    const request = sessionRequest({ candidates: NAMES, serve: { readyTimeoutMs: 1000 }, concurrency: 1 });
    await expect(runSession(world, request, stopping, stop.signal)).rejects.toMatchObject({ code: "interrupted" });
    expect(served.up()).toBeNull();
    const before = served.log.length;
    const { record } = await run({ resume: "run-1" });
    const order = (record.header.turns ?? []).flat();
    expect(served.log.slice(before).filter((line) => line.startsWith("start"))).toEqual(order.slice(1).map((name) => `start ${name}`));
    expect(record.trials.map(({ id }) => id)).toEqual(plannedTrials(record.header).map(({ id }) => id));
    expect(record.trials.every(({ state }) => state.unlocked !== null)).toBe(true);
    await expect(run({ resume: "run-1", serve: undefined })).resolves.toMatchObject({ capsule: expect.any(String) as string });
  });
});
