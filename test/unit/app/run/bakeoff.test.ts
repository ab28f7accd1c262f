// Whole runs in a small world: order, roles, reasons, attempts, capture, the notebook, and how a run stops.
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src/core/base/canonical.ts";
import { LATE_SEQ } from "../../../../src/core/capsule/line.ts";
import type { EventOf, TrialEvent } from "../../../../src/core/trial/event.ts";
import { EMBEDDED_PROVIDER } from "../../../../src/core/trial/command.ts";
import type { Workbench } from "../../../../src/ports/workbench.ts";
import { runBakeoff } from "../../../../src/app/run/bakeoff.ts";
import type { Notebook, NotebookReply } from "../../../../src/ports/notebook.ts";
import {
  answered,
  critic,
  editFor,
  failedCall,
  fakeBench,
  fakeProvider,
  goodScript,
  headerOf,
  type MemoryJournal,
  memoryJournal,
  optionsFor,
  policyWith,
  type RunSketch,
  type Script,
  TASKS,
  taskNamed,
  timeless,
  unlock,
  oneByOne,
  ranIn,
} from "../../run/fakes.ts";

async function runOf(sketch: RunSketch & { readonly script?: Script }, more: Parameters<typeof optionsFor>[2] = {}) {
  const journal = memoryJournal(headerOf(sketch));
  const record = await ranIn(journal, optionsFor(sketch, journal, more));
  return { journal, record };
}

const eventsOf = (journal: MemoryJournal, trial: string): TrialEvent[] =>
  journal.events
    .filter((line) => line.trial === trial)
    .toSorted((a, b) => a.seq - b.seq)
    .map((line) => line.payload);
const ofType = <T extends TrialEvent["type"]>(events: readonly TrialEvent[], type: T) => events.filter((event): event is EventOf<T> => event.type === type);
const calls = (events: readonly TrialEvent[]) =>
  ofType(events, "ModelCallEnvelope").map(({ role, mode, attempt, selection_reason }) => `${role}/${mode}/${attempt} ${selection_reason}`);
const unlockOf = (events: readonly TrialEvent[]) => ofType(events, "GateDecision").find((gate) => gate.gate_name === "unlock")?.outcome;

/** Attempts end as named, in turn; the rest is well. */
const attemptsEnd =
  (...ends: readonly string[]): Script =>
  (request, provider) => {
    if (request.purpose !== "patch") return goodScript(request, provider);
    const before = request.messages.filter(({ role }) => role === "assistant").length;
    return answered(editFor(request.material.task, ends[before] ?? "passed", String(before)));
  };

const one: RunSketch = { tasks: [taskNamed("a")], candidates: ["small"] };

describe("a whole run", () => {
  it("records three tasks by two candidates, each trial in order and with the right roles", async () => {
    const { journal, record } = await runOf({});
    expect(record.trials.map(({ id }) => id)).toEqual(["small/fix-a/1", "other/fix-a/1", "small/fix-b/1", "other/fix-b/1", "small/fix-c/1", "other/fix-c/1"]);
    expect(calls(eventsOf(journal, "small/fix-a/1"))).toEqual([
      "Implementer/Reflex/1 reflex-first",
      "SidecarCritic/Cloud/1 critic-always-on",
      "Judge/Cloud/1 judge-unlocks",
    ]);
    expect(calls(eventsOf(journal, "other/fix-b/1"))).toEqual([
      "Architect/Cloud/0 high-risk-plan",
      "Implementer/Cloud/1 high-risk-skips-reflex",
      "SidecarCritic/Cloud/1 critic-always-on",
      "Judge/Cloud/1 judge-unlocks",
    ]);
    expect(record.trials.every(({ state }) => state.unlocked?.outcome === "Pass")).toBe(true);
  });

  it("tells a trial from its plan to its unlock decision in one fixed order", async () => {
    const { journal } = await runOf(one);
    expect(
      eventsOf(journal, "small/fix-a/1").map((event) =>
        event.type === "StageTransition" ? event.to : event.type === "GateDecision" ? event.gate_name : event.type,
      ),
    ).toEqual([
      "Plan",
      "Implement",
      "RoutingDecision",
      "ModelCallEnvelope",
      "PatchApply",
      "ToolCall",
      "ToolResult",
      "Validate",
      "validate",
      "Audit",
      "RoutingDecision",
      "ModelCallEnvelope",
      "CounterSignal",
      "Unlock",
      "RoutingDecision",
      "ModelCallEnvelope",
      "judge",
      "unlock",
    ]);
  });

  it("numbers the events of each trial without a gap and closes every step", async () => {
    const { journal, record } = await runOf({ script: attemptsEnd("failed", "compile-error", "timeout") });
    for (const { id } of record.trials) {
      const lines = journal.events.filter((line) => line.trial === id);
      expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index));
      expect(lines.at(-1)?.more).toBe(false);
    }
  });

  it("gives the slot its two attempts with feedback, then the cloud its two", async () => {
    const { journal } = await runOf({ ...one, script: attemptsEnd("failed", "compile-error", "timeout", "passed") });
    expect(calls(eventsOf(journal, "small/fix-a/1")).slice(0, 4)).toEqual([
      "Implementer/Reflex/1 reflex-first",
      "Implementer/Reflex/2 reflex-retry-with-feedback",
      "Implementer/Cloud/3 escalated-after-reflex-attempts",
      "Implementer/Cloud/4 cloud-retry-with-feedback",
    ]);
    expect(ofType(eventsOf(journal, "small/fix-a/1"), "ToolResult").map(({ verdict }) => verdict.status)).toEqual([
      "failed",
      "compile-error",
      "timeout",
      "passed",
    ]);
  });

  it("locks a trial whose attempts all fail, without asking a judge", async () => {
    const { journal } = await runOf({ ...one, script: attemptsEnd("failed", "tampered", "timeout", "compile-error") });
    const events = eventsOf(journal, "small/fix-a/1");
    expect(calls(events).some((call) => call.startsWith("Judge"))).toBe(false);
    expect(unlockOf(events)).toBe("Fail");
  });

  it("tries the slot on high-risk tasks where capability is asked for, and says that it is outside the policy", async () => {
    const { journal } = await runOf({ tasks: [taskNamed("b", { risk: "high" })], candidates: ["small"], capability: true });
    const first = ofType(eventsOf(journal, "small/fix-b/1"), "ModelCallEnvelope").find(({ role }) => role === "Implementer");
    expect(first).toMatchObject({ mode: "Reflex", selection_reason: "capability-outside-policy", outside_policy: true });
  });

  it("seals the events in plan order whatever order they came in", async () => {
    const inTurn = await runOf({});
    let turns = 0;
    const pause = async () => {
      for (let wait = (turns = (turns * 7 + 3) % 11); wait > 0; wait -= 1) await new Promise((resolve) => setImmediate(resolve));
    };
    const mixed = await runOf({}, { bench: fakeBench(pause) });
    expect(mixed.journal.events.map(({ trial }) => trial)).not.toEqual(inTurn.journal.events.map(({ trial }) => trial));
    expect(timeless(mixed.journal.sealed[0]?.events ?? [])).toEqual(timeless(inTurn.journal.sealed[0]?.events ?? []));
  });

  it("prepares each base once", async () => {
    const bench = fakeBench();
    await runOf({}, { bench });
    expect(bench.prepared).toEqual(["main"]);
  });

  it("has clippy's tree made before the first trial where clippy stands in for the critic, and not otherwise", async () => {
    const linted = async (provider: string): Promise<readonly (readonly [string, number])[]> => {
      const made: (readonly [string, number])[] = [];
      const bench = fakeBench();
      const prepareLint: Workbench["prepareLint"] = async ({ name }) => void made.push([name, bench.verified.length]);
      const header = headerOf(one);
      const sidecarCritic = { provider, model: "clippy", standIn: provider === "cloud" ? null : "clippy" };
      const providers = new Map(["local", "cloud", provider].map((name) => [name, fakeProvider(name, goodScript)]));
      const journal = memoryJournal(header);
      await runBakeoff({
        ...optionsFor(one, journal, { bench: { ...bench, prepareLint }, providers }),
        header: { ...header, bindings: { ...header.bindings, sidecarCritic } },
      });
      return made;
    };
    expect([await linted(EMBEDDED_PROVIDER), await linted("cloud")]).toEqual([[["main", 0]], []]);
  });
});

describe("failures of models and of our own side", () => {
  it("tries a verification that our own side failed once more, and counts one attempt", async () => {
    const { journal } = await runOf({ ...one, script: attemptsEnd("infrastructure-once") });
    const results = ofType(eventsOf(journal, "small/fix-a/1"), "ToolResult");
    expect(results.map(({ verdict, infrastructure_retries }) => [verdict.status, infrastructure_retries])).toEqual([["passed", 1]]);
  });

  it("counts a trial for nobody when our own side fails twice", async () => {
    const { journal } = await runOf({ ...one, script: attemptsEnd("infrastructure") });
    const events = eventsOf(journal, "small/fix-a/1");
    expect(ofType(events, "ToolResult")).toHaveLength(1);
    expect(ofType(events, "GateDecision").map(({ gate_name, outcome }) => `${gate_name} ${outcome}`)).toEqual(["validate Skip", "unlock Skip"]);
  });

  it("takes a model that can't be reached for a rejected patch, and escalates", async () => {
    const script: Script = (request, provider) => (provider === "local" ? failedCall("refused-connection") : goodScript(request, provider));
    const { journal } = await runOf({ ...one, script });
    const events = eventsOf(journal, "small/fix-a/1");
    expect(ofType(events, "ToolResult").map(({ verdict }) => verdict.detail.split(":")[0])).toEqual(["model-error", "model-error", ""]);
    expect(
      ofType(events, "ModelCallEnvelope")
        .map((call) => `${call.attempt}/${call.try} ${call.failure ?? "fine"}`)
        .slice(0, 5),
    ).toEqual(["1/1 refused-connection", "1/2 refused-connection", "2/1 refused-connection", "2/2 refused-connection", "3/1 fine"]);
    expect(calls(events)[4]).toBe("Implementer/Cloud/3 escalated-after-model-failure");
    expect(unlockOf(events)).toBe("Pass");
  });

  it("closes the trial when the judge fails, blocks, or can't be understood", async () => {
    const replies = [failedCall("timeout-total"), answered(unlock("BLOCK")), answered("I think it is fine."), answered("{}"), answered("")];
    for (const reply of replies) {
      const { journal } = await runOf({ ...one, script: (request, provider) => (request.purpose === "judge" ? reply : goodScript(request, provider)) });
      expect(unlockOf(eventsOf(journal, "small/fix-a/1"))).toBe("Fail");
    }
  });

  it("lets a critic's block stand against a judge's yes", async () => {
    const { journal } = await runOf({
      ...one,
      script: (request, provider) => (request.purpose === "critique" ? answered(critic("block")) : goodScript(request, provider)),
    });
    const events = eventsOf(journal, "small/fix-a/1");
    expect(ofType(events, "GateDecision").map(({ gate_name, outcome }) => `${gate_name} ${outcome}`)).toEqual(["validate Pass", "judge Pass", "unlock Fail"]);
  });

  it("unlocks without the critic when the critic can't be reached or understood", async () => {
    for (const reply of [failedCall("overload"), answered("no comment")]) {
      const { journal } = await runOf({ ...one, script: (request, provider) => (request.purpose === "critique" ? reply : goodScript(request, provider)) });
      expect(unlockOf(eventsOf(journal, "small/fix-a/1"))).toBe("Pass");
    }
  });

  it("goes on without the architect's plan when the architect can't be reached", async () => {
    const script: Script = (request, provider) => (request.purpose === "plan" ? failedCall("quota") : goodScript(request, provider));
    const { journal } = await runOf({ tasks: [taskNamed("b", { risk: "high" })], candidates: ["small"], script });
    expect(unlockOf(eventsOf(journal, "small/fix-b/1"))).toBe("Pass");
  });

  it("is not stopped by answers that hold half characters, odd counts or negative times", async () => {
    const odd =
      (text: string): Script =>
      (request, provider) => {
        const reply = request.purpose === "patch" ? answered(text) : goodScript(request, provider);
        if (reply instanceof Promise) return reply;
        return {
          ...reply,
          resolvedModel: "fake\ud800",
          usage: { promptTokens: 10, responseTokens: 1.5, cachedTokens: 40, reasoningTokens: -1 },
          times: { queueMs: -1, ttftMs: Number.NaN, firstOutputMs: -2, totalMs: -3, gapsMs: [-1] },
        };
      };
    const paths = ["src/a.rs", "src/\ud800.rs", "../x", "/etc/passwd"];
    for (const text of ["\ud800", ...paths.map((path) => JSON.stringify({ edits: [{ path, search: "", replace: "\udfff" }] })), `${"x".repeat(498)}😀`]) {
      const { record } = await runOf({ tasks: [taskNamed("a", { editable: ["src/**"] })], candidates: ["small"], script: odd(text) });
      expect(record.trials[0]?.state.unlocked?.outcome).toBe("Fail");
    }
  });

  it("prices what the provider said, and never below nothing", async () => {
    const snapshot = policyWith((policy) => void (policy.prices.models["fake-1"] = { input: 1, cached: 0.1, output: 10 }));
    const script: Script = (request, provider) => {
      const reply = goodScript(request, provider) as ReturnType<typeof answered>;
      return request.purpose === "judge" ? { ...reply, usage: { ...reply.usage, cachedTokens: 1e6 } } : reply;
    };
    const { journal } = await runOf({ ...one, snapshot, script });
    const costs = ofType(eventsOf(journal, "small/fix-a/1"), "ModelCallEnvelope").map(({ cost_usd }) => cost_usd);
    expect(costs[0]).toBeCloseTo((60 * 1 + 40 * 0.1 + 10 * 10) / 1e6, 12);
    expect(costs[2]).toBeCloseTo((100 * 0.1 + 10 * 10) / 1e6, 12);
  });
});

describe("capture modes", () => {
  const kinds = async (mode: "none" | "prompts_only" | "full_io") => {
    const snapshot = policyWith((policy) => void (policy.capture.mode = mode));
    const { journal } = await runOf({ ...one, snapshot });
    const events = eventsOf(journal, "small/fix-a/1");
    const call = ofType(events, "ModelCallEnvelope")[0];
    return {
      prompt: journal.blobs.has(call?.prompt_hash ?? ""),
      response: journal.blobs.has(call?.response_hash ?? ""),
      patch: journal.blobs.has(ofType(events, "PatchApply")[0]?.after_hash ?? ""),
      verdict: journal.blobs.has(ofType(events, "ToolResult")[0]?.output_hash ?? ""),
      says: call?.capture_mode,
    };
  };

  it("stores every text with full_io", async () => {
    expect(await kinds("full_io")).toEqual({ prompt: true, response: true, patch: true, verdict: true, says: "FullIo" });
  });

  it("leaves answers out with prompts_only", async () => {
    expect(await kinds("prompts_only")).toEqual({ prompt: true, response: false, patch: true, verdict: true, says: "PromptsOnly" });
  });

  it("keeps only patches and verdicts with none", async () => {
    expect(await kinds("none")).toEqual({ prompt: false, response: false, patch: true, verdict: true, says: "None" });
  });

  it("stores each text once and under its own hash", async () => {
    const { journal } = await runOf({});
    const stored = journal.entries.flatMap(({ blobs }) => blobs);
    expect(new Set(stored.map((blob) => blob.sha256)).size).toBe(stored.length);
    for (const blob of stored) expect(sha256(blob.text)).toBe(blob.sha256);
  });
});

describe("the notebook", () => {
  const snapshot = policyWith((policy) => void (policy.tier2.enabled = true));

  it("is never waited for by a trial, and its late answers are recorded", async () => {
    const waiting: ((reply: NotebookReply) => void)[] = [];
    const port: Notebook = { ask: () => new Promise((resolve) => void waiting.push(resolve)) };
    let finished = 0;
    const trialDone = (_: unknown, __: unknown, done: number, total: number) => {
      finished = done;
      if (done === total) for (const [index, resolve] of waiting.entries()) resolve({ outcome: "answered", text: `note ${index}`, totalMs: 5 });
    };
    const watcher = { preparing: () => undefined, prepared: () => undefined, trialDone };
    const { journal } = await runOf({ snapshot }, { notebook: { port }, watcher });
    expect(finished).toBe(6);
    const late = journal.events.filter(({ seq }) => seq >= LATE_SEQ);
    expect(late.map(({ event_type, seq }) => [event_type, seq])).toEqual(Array.from({ length: 6 }, () => ["RetrievalResponse", LATE_SEQ]));
    for (const { payload } of late) expect(journal.blobs.has((payload as EventOf<"RetrievalResponse">).response_hash ?? "")).toBe(true);
  });

  it("changes nothing about a trial by what it answers", async () => {
    const answer = (text: string): Notebook => ({ ask: async () => ({ outcome: "answered", text, totalMs: 1 }) });
    const [first, second] = [
      await runOf({ snapshot }, { notebook: { port: answer("one") } }),
      await runOf({ snapshot }, { notebook: { port: answer("two") } }),
    ];
    const trialOnly = (journal: MemoryJournal) => timeless(journal.sealed[0]?.events.filter(({ seq }) => seq < LATE_SEQ) ?? []);
    expect(trialOnly(first.journal)).toEqual(trialOnly(second.journal));
  });

  it("is recorded as skipped with the reason where none answers", async () => {
    const { journal } = await runOf({ ...one, snapshot }, { notebook: { port: null, reason: "nobody is there" } });
    const events = eventsOf(journal, "small/fix-a/1");
    expect(ofType(events, "RetrievalRequest")[0]?.skip_reason).toBe("nobody is there");
    expect(ofType(events, "RetrievalResponse")[0]?.error).toBe("nobody is there");
  });

  it("may fail or throw without harm", async () => {
    const ports: Notebook[] = [{ ask: async () => ({ outcome: "failed", detail: "503", totalMs: 1 }) }, { ask: () => Promise.reject(new Error("gone")) }];
    for (const port of ports) {
      const { journal, record } = await runOf({ ...one, snapshot }, { notebook: { port } });
      expect(ofType(eventsOf(journal, "small/fix-a/1"), "RetrievalResponse")[0]?.response_hash).toBeNull();
      expect(record.trials[0]?.state.unlocked?.outcome).toBe("Pass");
    }
  });

  it("stops the run when its answer can't be written down", async () => {
    const full = new Error("disk full");
    const journal = memoryJournal(headerOf({ ...one, snapshot }), ({ lines }) => (lines.some((line) => line.includes(`"seq":${LATE_SEQ}`)) ? full : null));
    const port: Notebook = { ask: async () => ({ outcome: "answered", text: "note", totalMs: 1 }) };
    await expect(runBakeoff(optionsFor({ ...one, snapshot }, journal, { notebook: { port } }))).rejects.toBe(full);
    expect(journal.sealed).toHaveLength(0);
  });
});

describe("stopping a run", () => {
  /** A journal that stops the run as the nth entry comes, and remembers what came after the run had ended. */
  const stoppingAt = (nth: number, stop: AbortController, reason: Error) => {
    const seen = { entries: 0, afterEnd: 0, ended: false };
    const refuse = (): null => {
      seen.entries += 1;
      if (seen.ended) seen.afterEnd += 1;
      if (seen.entries === nth) stop.abort(reason);
      return null;
    };
    return { seen, refuse };
  };

  it("rejects with the abort's reason and writes nothing afterwards, wherever it is stopped", async () => {
    const snapshot = policyWith((policy) => void (policy.tier2.enabled = true));
    const port: Notebook = { ask: (_, signal) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))) };
    for (let nth = 1; nth < 50; nth += 3) {
      const stop = new AbortController();
      const reason = new Error("stopped");
      const { seen, refuse } = stoppingAt(nth, stop, reason);
      const journal = memoryJournal(headerOf({ snapshot }), refuse);
      await expect(runBakeoff(optionsFor({ snapshot }, journal, { signal: stop.signal, notebook: { port } }))).rejects.toBe(reason);
      seen.ended = true;
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(seen.afterEnd).toBe(0);
      expect(journal.sealed).toHaveLength(0);
      expect(journal.events.some(({ event_type }) => event_type === "RetrievalResponse")).toBe(false);
    }
  });

  it("does not seal while the notebook still owes an answer when it is stopped", async () => {
    const snapshot = policyWith((policy) => void (policy.tier2.enabled = true));
    const stop = new AbortController();
    const reason = new Error("enough");
    const port: Notebook = { ask: () => new Promise(() => undefined) };
    const trialDone = (_: unknown, __: unknown, done: number, total: number) => void (done === total && setTimeout(() => stop.abort(reason), 2));
    const journal = memoryJournal(headerOf({ snapshot }));
    const options = optionsFor({ snapshot }, journal, {
      signal: stop.signal,
      notebook: { port },
      watcher: { preparing: () => undefined, prepared: () => undefined, trialDone },
    });
    await expect(runBakeoff(options)).rejects.toBe(reason);
    expect(journal.sealed).toHaveLength(0);
  });

  it("stops all trials when one can't be recorded, with the disk's own error", async () => {
    const full = new Error("disk full");
    let entries = 0;
    const journal = memoryJournal(headerOf({}), () => (++entries === 9 ? full : null));
    await expect(runBakeoff(optionsFor({}, journal))).rejects.toBe(full);
    expect(journal.sealed).toHaveLength(0);
  });

  it("stops when the workbench throws, and starts no further trial", async () => {
    const broken = new Error("no sandbox");
    const bench = { ...fakeBench(), verify: () => Promise.reject(broken) };
    const started: unknown[] = [];
    const script: Script = (request, provider) => {
      started.push(request.material.task.id);
      return goodScript(request, provider);
    };
    const journal = memoryJournal(headerOf({}));
    await expect(runBakeoff(optionsFor({ script }, journal, { bench, queue: oneByOne() }))).rejects.toBe(broken);
    expect(started).toEqual(["fix-a"]);
  });

  it("refuses to go on when the suite has lost a task of the plan", async () => {
    const journal = memoryJournal(headerOf({}));
    const options = optionsFor({}, journal);
    const suite = { ...options.suite, tasks: TASKS.slice(1) };
    await expect(runBakeoff({ ...options, suite })).rejects.toMatchObject({ code: "integrity" });
  });

  it("names a provider that was never built as a bug", async () => {
    const journal = memoryJournal(headerOf(one));
    const providers = new Map([["cloud", fakeProvider("cloud", goodScript)]]);
    await expect(runBakeoff(optionsFor(one, journal, { providers }))).rejects.toMatchObject({ code: "invariant" });
  });
});
