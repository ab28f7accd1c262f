// What a run knows beyond its trials, in whole runs: breakers, fallbacks, health, rollout, and budgets that stop and go on.
import { describe, expect, it } from "vitest";
import { capsuleFaults } from "../../../src/core/capsule/verify.ts";
import { summarise } from "../../../src/core/metrics/summary/summary.ts";
import type { EventLine } from "../../../src/core/capsule/line.ts";
import type { WrittenPolicy } from "../../../src/core/policy/schema.ts";
import { recordedConditions } from "../../../src/core/trial/conditions.ts";
import type { EventOf, TrialEvent } from "../../../src/core/trial/event.ts";
import { next } from "../../../src/core/router/next.ts";
import { rolloutReaches } from "../../../src/core/router/rollout.ts";
import { runBakeoff } from "../../../src/app/run/bakeoff.ts";
import type { BakeoffOptions } from "../../../src/app/run/bakeoff-options.ts";
import type { KeptRun } from "../../../src/app/run/kept-run.ts";
import { POLICY_ROUTE, trialPlan } from "../../../src/core/trial/plan.ts";
import type { Header } from "../../../src/core/capsule/line.ts";
import { plannedTrials } from "../../../src/core/capsule/record.ts";
import {
  answered,
  editFor,
  failedCall,
  fakeProvider,
  goodScript,
  headerOf,
  keptOf,
  type MemoryJournal,
  memoryJournal,
  optionsFor,
  policyWith,
  type RunSketch,
  type Script,
  snapshotBlob,
  taskNamed,
  oneByOne,
  atOnce,
  ranIn,
} from "./fakes.ts";

type Sketch = RunSketch & { readonly script?: Script };

const tasks = (count: number) =>
  Array.from({ length: count }, (_, index) => taskNamed(["a", "b", "c", "d"][index % 4] ?? "a", { id: `task-${index}`, title: `Task ${index}` }));

/** A clock that goes only when it is told to. */
function ownClock() {
  let now = 0;
  return { now: () => now, wall: () => new Date(1_800_000_000_000 + now).toISOString(), pass: (ms: number) => void (now += ms) };
}

/** The candidate `policy`: nobody sits in the slot. */
const ownRoute = (header: Header): Header => ({ ...header, candidates: [{ name: POLICY_ROUTE, provider: POLICY_ROUTE, model: "gpt-oss-20b" }] });

async function runOf(sketch: Sketch, more: Partial<BakeoffOptions> & { readonly policyRoute?: boolean } = {}) {
  const { policyRoute = false, ...options } = more;
  const planned = headerOf(sketch);
  const header = policyRoute ? ownRoute(planned) : planned;
  const journal = memoryJournal(header);
  const script = sketch.script ?? goodScript;
  const providers = new Map(["local", "cloud", "sglang", "vllm"].map((name) => [name, fakeProvider(name, script)]));
  const whole = optionsFor(sketch, journal, { providers, queue: oneByOne(), ...options, header });
  const ended = await ranIn(journal, whole).then(
    (record) => ({ record, error: null }),
    (error: unknown) => ({ record: null, error }),
  );
  return { ...ended, journal, header, options: whole };
}

const payloads = (journal: MemoryJournal, trial?: string): TrialEvent[] =>
  journal.events.filter((line) => trial === undefined || line.trial === trial).map(({ payload }) => payload);
const ofType = <T extends TrialEvent["type"]>(events: readonly TrialEvent[], type: T) => events.filter((event): event is EventOf<T> => event.type === type);
const runEvents = (journal: MemoryJournal): TrialEvent[] => journal.events.filter(({ trial }) => trial === null).map(({ payload }) => payload);
const breakerStates = (journal: MemoryJournal) =>
  ofType(runEvents(journal), "BreakerStateChanged").map(({ breaker_id: id, current_state: now }) => `${id} ${now}`);
const notes = (journal: MemoryJournal) => ofType(runEvents(journal), "ErrorEvent").map(({ error_code: code }) => code);
const routes = (journal: MemoryJournal) =>
  ofType(payloads(journal), "RoutingDecision")
    .filter(({ role }) => role === "Implementer")
    .map(({ mode, model, selection_reason: why }) => `${mode} ${model} ${why}`);

/** The journal of a run that goes on, with what it kept. */
function reopened(header: Header, journal: MemoryJournal): { readonly kept: KeptRun; readonly more: MemoryJournal; readonly fresh: () => MemoryJournal } {
  const { kept, events } = keptOf(journal);
  const more = memoryJournal(header);
  more.events.push(...events);
  for (const [hash, text] of journal.blobs) more.blobs.set(hash, text);
  return { kept, more, fresh: () => ({ ...more, events: more.events.slice(events.length) }) };
}

/** Every decision of a run, made again from what was recorded. */
function decidedAgain(header: Header, lines: readonly EventLine[], options: BakeoffOptions): number {
  let compared = 0;
  for (const planned of plannedTrials(header)) {
    const history: TrialEvent[] = [];
    for (const { payload } of lines.filter(({ trial, seq }) => trial === planned.id && seq < 1_000_000)) {
      if (payload.type === "RoutingDecision") {
        const command = next(options.snapshot, trialPlan(header, planned), history, recordedConditions(payload));
        expect("choice" in command && command.routing).toMatchObject({ model: payload.model, mode: payload.mode, selection_reason: payload.selection_reason });
        compared += 1;
      }
      history.push(payload);
    }
  }
  return compared;
}

const failing =
  (model: string, until: { dead: boolean } = { dead: true }): Script =>
  (request, provider) =>
    request.model === model && until.dead ? failedCall("refused-connection") : goodScript(request, provider);

const breaking = (change: (policy: WrittenPolicy) => void = () => undefined) =>
  policyWith((policy) => {
    policy.breaker = { failures_to_open: 3, cooldown_ms: 1000, half_open_probes: 1 };
    policy.retries = {};
    change(policy);
  });

describe("a breaker in a run", () => {
  it("opens after as many failed calls in a row as the policy says, and the trials after it escalate without a call", async () => {
    const { journal, record, header, options } = await runOf({ tasks: tasks(4), candidates: ["small"], snapshot: breaking(), script: failing("small") });
    expect(breakerStates(journal)).toEqual(["local/small Open"]);
    expect(routes(journal)).toEqual([
      "Reflex small reflex-first",
      "Reflex small reflex-retry-after-failure",
      "Cloud high escalated-after-model-failure",
      "Reflex small reflex-first",
      "Cloud high reflex-unavailable",
      "Cloud high reflex-unavailable",
      "Cloud high reflex-unavailable",
    ]);
    const [opened] = ofType(runEvents(journal), "BreakerStateChanged");
    expect(opened).toMatchObject({ previous_state: "Closed", failure_count: 3, retry_after_seconds: 1 });
    expect(decidedAgain(header, journal.events, options)).toBe(ofType(payloads(journal), "RoutingDecision").length);
    expect(record?.trials.every(({ state }) => state.unlocked?.outcome === "Pass")).toBe(true);
  });

  it("says who gave way to whom in each trial, and why", async () => {
    const { journal } = await runOf({ tasks: tasks(3), candidates: ["small"], snapshot: breaking(), script: failing("small") });
    const last = payloads(journal, "small/task-2/1");
    expect(ofType(last, "FallbackActivated")).toEqual([
      { type: "FallbackActivated", stage: "Implement", attempt: 1, from_model: "small", to_model: "high", reason: "ServerUnhealthy" },
    ]);
    const [decision] = ofType(last, "RoutingDecision");
    expect(decision).toMatchObject({
      is_fallback: true,
      fallback_reason: "ServerUnhealthy",
      conditions: { breakers: { "local/small": "Open" }, health: {}, budget: "within" },
    });
  });

  it("never asked the slot where its breaker was open, and says in how many trials: they are in no rate", async () => {
    const { record } = await runOf({ tasks: tasks(4), candidates: ["small"], snapshot: breaking(), script: failing("small") });
    const [small] = record ? summarise(record).candidates : [];
    expect([small?.slot.pass.value, small?.slot.pass.n, small?.trials.unasked, small?.trials.serverFailed]).toEqual([0, 2, 2, 2]);
  });

  it("half opens after the cooldown, lets one probe through, and closes when it is answered", async () => {
    const clock = ownClock();
    const server = { dead: true };
    let probes = 0;
    const script: Script = (request, provider) => {
      if (request.model === "small") {
        if (!server.dead) probes += 1;
        return failing("small", server)(request, provider);
      }
      // The server comes back while the cloud is at work.
      if (request.purpose === "judge") {
        server.dead = false;
        clock.pass(600);
      }
      return goodScript(request, provider);
    };
    const { journal } = await runOf(
      { tasks: tasks(5), candidates: ["small"], snapshot: breaking((policy) => void (policy.breaker.failures_to_open = 2)), script },
      { clock },
    );
    expect(breakerStates(journal)).toEqual(["local/small Open", "local/small HalfOpen", "local/small Closed"]);
    expect(routes(journal)).toEqual([
      "Reflex small reflex-first",
      "Reflex small reflex-retry-after-failure",
      "Cloud high escalated-after-model-failure",
      "Cloud high reflex-unavailable",
      "Reflex small reflex-first",
      "Reflex small reflex-first",
      "Reflex small reflex-first",
    ]);
    expect(probes).toBe(3);
    const probe = ofType(payloads(journal), "RoutingDecision").find(({ conditions }) => conditions?.breakers["local/small"] === "HalfOpen");
    expect(probe?.mode).toBe("Reflex");
  });

  it("lets only as many probes through at a time as the policy says, and opens again when one fails", async () => {
    const clock = ownClock();
    const waiting: (() => void)[] = [];
    let calls = 0;
    const script: Script = async (request, provider) => {
      if (request.model !== "small") return goodScript(request, provider);
      calls += 1;
      if (calls > 2) await new Promise<void>((resolve) => waiting.push(resolve));
      return failedCall("server-error");
    };
    const snapshot = breaking((policy) => {
      policy.breaker.failures_to_open = 2;
      policy.reflex.max_attempts = 1;
    });
    const all = tasks(6);
    const cooled = { begin: (): void => undefined };
    const cooldown = new Promise<void>((resolve) => void (cooled.begin = resolve));
    const queue: BakeoffOptions["queue"] = {
      ...atOnce,
      // The first two open the breaker; the rest begin together once the cooldown is over.
      carryOut: async (trials) => {
        const given = [...trials];
        await oneByOne().carryOut(given.slice(0, 2));
        await cooldown;
        await atOnce.carryOut(given.slice(2));
      },
    };
    const watch = { opened: (): void => undefined };
    const opened = new Promise<void>((resolve) => void (watch.opened = resolve));
    const trialDone = (_: unknown, __: unknown, done: number): void => void (done === 2 && watch.opened());
    const watcher = { preparing: () => undefined, prepared: () => undefined, trialDone };
    const ended = runOf({ tasks: all, candidates: ["small"], snapshot, script }, { clock, queue, watcher });
    await opened;
    clock.pass(1000);
    cooled.begin();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(waiting.length).toBe(1);
    for (const resolve of waiting) resolve();
    const { journal } = await ended;
    expect(calls).toBe(3);
    expect(breakerStates(journal)).toEqual(["local/small Open", "local/small HalfOpen", "local/small Open"]);
  });

  it("is not moved by answers that are of no use, and never by the embedded candidates", async () => {
    const useless: Script = (request, provider) => (request.model === "small" ? failedCall("context-too-long") : goodScript(request, provider));
    expect(breakerStates((await runOf({ tasks: tasks(4), candidates: ["small"], snapshot: breaking(), script: useless })).journal)).toEqual([]);
  });

  it("is as it was left when the run goes on, and may be tried at once", async () => {
    const sketch: Sketch = { tasks: tasks(4), candidates: ["small"], snapshot: breaking(), script: failing("small") };
    const header = headerOf(sketch);
    const journal = memoryJournal(header);
    const stop = new AbortController();
    const watcher = {
      preparing: () => undefined,
      prepared: () => undefined,
      trialDone: (_: unknown, __: unknown, done: number) => void (done === 2 && stop.abort(new Error("enough"))),
    };
    await expect(runBakeoff(optionsFor(sketch, journal, { signal: stop.signal, watcher, queue: oneByOne() }))).rejects.toThrow("enough");
    expect(breakerStates(journal)).toEqual(["local/small Open"]);
    const { kept, more } = reopened(header, journal);
    await runBakeoff(optionsFor({ ...sketch, script: goodScript }, more, { kept, queue: oneByOne() }));
    expect(breakerStates(more)).toEqual(["local/small Open", "local/small HalfOpen", "local/small Closed"]);
    const seqs = more.events.filter(({ trial }) => trial === null).map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => index));
  });
});

describe("the policy's own route", () => {
  const promoted = (policy: WrittenPolicy): void => {
    policy.reflex.fallbacks = ["qwen3-coder-30b-a3b-gptq"];
    policy.promotion = [{ candidate: "qwen3-coder-30b-a3b-gptq", decision_sha256: "0".repeat(64), promoted: "2026-11-20", by: "someone" }];
  };

  it("goes to a promoted fallback when the primary's server dies", async () => {
    const { journal, options, header } = await runOf({ tasks: tasks(3), snapshot: breaking(promoted), script: failing("gpt-oss-20b") }, { policyRoute: true });
    expect(routes(journal).slice(-2)).toEqual(["Reflex qwen3-coder-30b-a3b-gptq reflex-fallback", "Reflex qwen3-coder-30b-a3b-gptq reflex-fallback"]);
    expect(decidedAgain(header, journal.events, options)).toBe(ofType(payloads(journal), "RoutingDecision").length);
  });

  it("leaves a model that fails too many tasks after min_samples attempts, and records what was measured", async () => {
    const snapshot = policyWith((policy) => {
      policy.reflex.thresholds = { min_samples: 4, p95_latency_ms: 5000, success_percent: 50, json_compliance_percent: 50 };
    });
    const script: Script = (request, provider) =>
      request.model === "gpt-oss-20b" ? answered(editFor(request.material.task, "failed", String(request.messages.length))) : goodScript(request, provider);
    const { journal, options, header } = await runOf({ tasks: tasks(3), snapshot, script }, { policyRoute: true });
    expect(routes(journal).slice(-1)).toEqual(["Cloud high reflex-unavailable"]);
    const last = ofType(payloads(journal, "policy/task-2/1"), "RoutingDecision")[0];
    expect(last?.fallback_reason).toBe("SuccessRateBelowThreshold");
    expect(last?.conditions?.health["gpt-oss-20b"]).toEqual({ samples: 4, p95_latency_ms: 3, success_percent: 0, json_compliance_percent: 100 });
    expect(decidedAgain(header, journal.events, options)).toBe(ofType(payloads(journal), "RoutingDecision").length);
  });

  it("reaches the same tasks with a canary each time, whatever the order", async () => {
    const snapshot = policyWith((policy) => void (policy.reflex.rollout = { stage: "canary", percent: 40 }));
    const all = tasks(20);
    const inReflex = (journal: MemoryJournal) =>
      [
        ...new Set(journal.events.filter(({ payload }) => payload.type === "RoutingDecision" && payload.mode === "Reflex").map(({ spec_id: id }) => id)),
      ].toSorted();
    const once = inReflex((await runOf({ tasks: all, snapshot }, { policyRoute: true })).journal);
    const again = inReflex((await runOf({ tasks: all, snapshot }, { policyRoute: true, queue: atOnce })).journal);
    expect(again).toEqual(once);
    expect(once).toEqual(
      all
        .map(({ id }) => id)
        .filter((id) => rolloutReaches(snapshot.policy, id))
        .toSorted(),
    );
    expect(once.length).toBeGreaterThan(2);
    expect(once.length).toBeLessThan(16);
  });

  it("keeps a shadow's attempt on record and out of everything that follows", async () => {
    const snapshot = policyWith((policy) => void (policy.reflex.rollout = { stage: "shadow" }));
    const seen: string[] = [];
    const script: Script = (request, provider) => {
      if (request.purpose === "patch" && request.model === "high") seen.push(JSON.stringify(request.messages));
      return request.model === "gpt-oss-20b" ? answered(editFor(request.material.task, "compile-error", "a shadow")) : goodScript(request, provider);
    };
    const { journal, record } = await runOf({ tasks: tasks(1), snapshot, script }, { policyRoute: true });
    expect(routes(journal)).toEqual(["Reflex gpt-oss-20b reflex-shadow", "Cloud high rollout-keeps-reflex-out"]);
    expect(seen.length).toBe(1);
    expect(seen[0]).not.toContain("a shadow");
    const state = record?.trials[0]?.state;
    expect([state?.shadows.length, state?.attempts.length, state?.unlocked?.outcome]).toEqual([1, 1, "Pass"]);
  });

  it("keeps a task out of reflex for a file that it may change, as its header tells", async () => {
    const snapshot = policyWith((policy) => void (policy.high_risk.paths = ["src/b.rs"]));
    const { journal, header } = await runOf({ tasks: [taskNamed("a"), taskNamed("b")], snapshot }, { policyRoute: true });
    expect(header.tasks.map(({ editable }) => editable)).toEqual([["src/a.rs"], ["src/b.rs"]]);
    expect(routes(journal)).toEqual(["Reflex gpt-oss-20b reflex-first", "Cloud high high-risk-skips-reflex"]);
  });
});

describe("a run's budget", () => {
  /** Each fake call uses 110 tokens. */
  const withTokens = (tokens: number, change: (policy: WrittenPolicy) => void = () => undefined) =>
    policyWith((policy) => {
      policy.budgets = { ...policy.budgets, run_tokens: tokens, warn_percent: 80, allow_override: true };
      change(policy);
    });

  it("warns once, stops at its end by one call at most, and leaves every trial to be gone on with", async () => {
    const sketch: Sketch = { tasks: tasks(4), candidates: ["small"], snapshot: withTokens(1000) };
    const { journal, error, header } = await runOf(sketch);
    expect(error).toMatchObject({ code: "interrupted", canGoOn: true, hint: "add --override-budget" });
    expect(notes(journal)).toEqual(["cost-unknown", "token-budget-warning", "token-budget-spent"]);
    const used = ofType(payloads(journal), "ModelCallEnvelope").length * 110;
    expect([used >= 1000, used < 1000 + 110]).toEqual([true, true]);
    expect(journal.sealed).toEqual([]);
    const { kept, more, fresh } = reopened(header, journal);
    const record = await ranIn(more, optionsFor(sketch, more, { kept, overrideBudget: true, queue: oneByOne() }));
    expect(record.trials.every(({ state }) => state.unlocked?.outcome === "Pass")).toBe(true);
    expect(notes(fresh())).toEqual(["budget-override"]);
    const decisions = ofType(payloads(fresh()), "RoutingDecision");
    expect(decisions.length).toBeGreaterThan(0);
    expect(decisions.every(({ conditions }) => conditions?.budget === "overridden")).toBe(true);
    expect(decidedAgain(header, more.events, optionsFor(sketch, more))).toBe(ofType(payloads(more), "RoutingDecision").length);
  });

  it("stops again at once when the run goes on without an override", async () => {
    const sketch: Sketch = { tasks: tasks(4), candidates: ["small"], snapshot: withTokens(1000, (policy) => void (policy.budgets.allow_override = false)) };
    const { journal, header } = await runOf(sketch);
    const { kept, more, fresh } = reopened(header, journal);
    const again = runBakeoff(optionsFor(sketch, more, { kept, queue: oneByOne() }));
    await expect(again).rejects.toMatchObject({ code: "interrupted", canGoOn: false, hint: expect.stringContaining("start a new run") as string });
    expect(ofType(payloads(fresh()), "ModelCallEnvelope")).toEqual([]);
    expect(notes(fresh())).toEqual([]);
  });

  it("ends a run that its last call used up as if nothing were", async () => {
    const { journal, error } = await runOf({ tasks: tasks(1), candidates: ["small"], snapshot: withTokens(330) });
    expect(error).toBeNull();
    expect(notes(journal)).toContain("token-budget-spent");
    expect(journal.sealed.length).toBe(1);
  });

  it("holds the cost that is known, and says of the rest that it is not", async () => {
    const snapshot = withTokens(1_000_000, (policy) => void (policy.budgets.run_cost_usd = 0.001));
    const priced = { tokens: { "fake-1": { input: 1, output: 10 } }, perHourUsd: {}, local: new Set<string>() };
    const script: Script = (request, provider) => {
      const reply = goodScript(request, provider);
      return request.model === "small" ? { ...(reply as ReturnType<typeof answered>), resolvedModel: "unpriced" } : reply;
    };
    const { journal, error } = await runOf({ tasks: tasks(20), candidates: ["small"], snapshot, script }, { prices: priced });
    expect(error).toMatchObject({
      code: "interrupted",
      message: expect.stringMatching(/0\.0010 of 0\.001 US dollars are spent; \d+ calls of unknown cost not counted/) as string,
    });
    expect(notes(journal)).toEqual(["cost-unknown", "cost-budget-warning", "cost-budget-spent"]);
    expect(ofType(runEvents(journal), "ErrorEvent")[0]?.message).toContain("unpriced");
  });

  it("is not touched by the embedded models, which cost nothing", async () => {
    const embedded: Header = { ...headerOf({ tasks: tasks(2) }), candidates: [{ name: "nop", provider: "embedded", model: "nop" }] };
    const bindings = { ...embedded.bindings };
    for (const role of ["architect", "implementer", "judge", "sidecarCritic"] as const)
      bindings[role] = { ...bindings[role], provider: "embedded", standIn: "oracle" };
    const header = { ...embedded, bindings };
    const journal = memoryJournal(header);
    const providers = new Map([["embedded", fakeProvider("embedded", goodScript)]]);
    await runBakeoff(optionsFor({ tasks: tasks(2), snapshot: withTokens(1) }, journal, { header, providers }));
    expect(runEvents(journal).map(({ type }) => type)).toEqual(["PolicySnapshotRef"]);
  });

  it("leaves a capsule that verifies, each event with the policy that it went by", async () => {
    const sketch: Sketch = { tasks: tasks(4), candidates: ["small"], snapshot: breaking(), script: failing("small") };
    const { journal, header, options } = await runOf(sketch);
    const [sealed] = journal.sealed;
    const blobs = [...[...journal.blobs].map(([sha256, text]) => ({ sha256, text })), snapshotBlob(options.snapshot)];
    const capsule = { header, events: sealed?.events ?? [], seal: sealed?.seal ?? null, blobs };
    expect(capsuleFaults(capsule).filter(({ check }) => check !== "counts")).toEqual([]);
    expect(new Set(capsule.events.map(({ policy_hash: hash }) => hash))).toEqual(new Set([options.snapshot.hash]));
    expect(capsule.events[0]?.trial).toBeNull();
  });
});
