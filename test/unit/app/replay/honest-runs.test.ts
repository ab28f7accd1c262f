// Every kind of honest run is proven when it is replayed, level by level: no candidate's run is called a forgery.
import { describe, expect, it } from "vitest";
import { replayRun } from "../../../../src/app/replay/run-replay.ts";
import { capsuleFaults } from "../../../../src/core/capsule/verify.ts";
import { foldRun } from "../../../../src/core/capsule/record.ts";
import type { WrittenPolicy } from "../../../../src/core/policy/schema.ts";
import type { LevelName, LevelResult } from "../../../../src/core/replay/levels/level.ts";
import type { Replay } from "../../../../src/core/replay/replay.ts";
import { bench, readerOf, textsOf, verifiedIn } from "../../core/replay/recorded.ts";
import { answered, critic, editFor, failedCall, goodScript, planting, type Script, taskNamed, unlock } from "../../run/fakes.ts";
import { embedded, eventsOf, type HonestRun, honestRun, ownRoute, type Sketch, tasksNamed } from "./honest-run.ts";

const LEVELS: readonly LevelName[] = ["integrity", "decisions", "prompts", "patches", "re-execution", "model calls"];
const PROVEN = Object.fromEntries(LEVELS.map((name) => [name, "proven"]));
const checkedIn = ({ counts }: LevelResult): number => counts.reduce((sum, { checked }) => sum + checked, 0);

async function replayed(run: HonestRun, { diffTool }: Sketch["more"] & {} = {}): Promise<Replay> {
  const { header, events, seal, blobs, suite } = run;
  const faults = capsuleFaults({ header, events, seal, blobs: [...blobs].map(([sha256, text]) => ({ sha256, text })) });
  return replayRun(
    {
      run: readerOf(foldRun(header, events)),
      texts: textsOf(blobs),
      verified: verifiedIn(events),
      faults,
      signature: { state: "unsigned", key: null, detail: "unsigned" },
      suite,
      diffTool: diffTool ?? { apply: async () => ({ ok: false, detail: "no diff tool here" }) },
      withheld: () => false,
      version: header.bakeoff_version,
      bench: bench(),
      signal: new AbortController().signal,
      pause: async () => undefined,
      reexecuted: () => undefined,
    },
    { trial: () => undefined, calibration: () => undefined },
  );
}

const statusesOf = ({ levels }: Replay) => Object.fromEntries(levels.map(({ name, status }) => [name, status]));
const reasons = (run: HonestRun): readonly string[] => eventsOf(run, "RoutingDecision").map(({ selection_reason: why }) => why);
const fallbacks = (run: HonestRun): readonly string[] => eventsOf(run, "FallbackActivated").map(({ reason }) => reason);
/** Reasons aloud, then answers with a comma too many. */
const slipping: Script = ({ material }) => answered(`<think>It is 1.</think>\n${editFor(material.task, "passed").replace(/\]\}$/, ",]}")}`);
/** As a folder of kept answers gives them. */
const REUSED = { reused: true, times: { queueMs: 0, ttftMs: null, firstOutputMs: null, totalMs: 0, gapsMs: [] } } as const;
const notes = (run: HonestRun): readonly string[] => eventsOf(run, "ErrorEvent").map(({ error_code: code }) => code);

const quickBreaker = (policy: WrittenPolicy): void => {
  policy.breaker = { failures_to_open: 2, cooldown_ms: 1_000_000, half_open_probes: 1 };
  policy.retries = {};
};
const promoted = (policy: WrittenPolicy): void => {
  policy.reflex.fallbacks = ["qwen3-coder-30b-a3b-gptq"];
  policy.promotion = [{ candidate: "qwen3-coder-30b-a3b-gptq", decision_sha256: "0".repeat(64), promoted: "2026-11-20", by: "someone" }];
};
const dead =
  (model: string): Script =>
  (request, provider) =>
    request.model === model ? failedCall("refused-connection") : goodScript(request, provider);
/** The model answers what `patch` says; everybody else is good. */
const saying =
  (model: string, patch: Script): Script =>
  (request, provider) =>
    request.model === model && request.purpose === "patch" ? patch(request, provider) : goodScript(request, provider);
const ending =
  (verdict: string): Script =>
  (request) =>
    answered(editFor(request.material.task, verdict, String(request.messages.length)));

const fixedA = new Map([["src/a.rs", "// a\npub fn a() -> u32 {\n    1\n}\n"]]);
const SECRET = "sk-proj-0123456789abcdefghijklmnop";

interface Kind {
  readonly sketch: Sketch;
  /** Fails where the run did not come to what it is for. */
  readonly cameTo: (run: HonestRun) => void;
}

const KINDS: Readonly<Record<string, Kind>> = {
  "embedded candidates": {
    sketch: { header: embedded("nop", "oracle", "rustc-suggestions") },
    cameTo: (run) => expect(new Set(eventsOf(run, "ModelCallEnvelope").map(({ provider }) => provider))).toEqual(new Set(["embedded"])),
  },
  "a candidate over the network": {
    sketch: { script: saying("small", ending("failed")) },
    cameTo: (run) => expect(reasons(run)).toEqual(expect.arrayContaining(["reflex-retry-with-feedback", "escalated-after-reflex-attempts"])),
  },
  "two candidates over two epochs": {
    sketch: { candidates: ["small", "other"], epochs: 2, script: saying("other", ending("compile-error")) },
    cameTo: (run) => expect(eventsOf(run, "ToolResult").some(({ reused }) => reused)).toBe(true),
  },
  "high-risk tasks, with the Architect's plan": {
    sketch: { tasks: tasksNamed(2, { risk: "high" }) },
    cameTo: (run) => expect(reasons(run)).toContain("high-risk-plan"),
  },
  "the candidate policy": {
    sketch: { header: ownRoute },
    cameTo: (run) => expect(reasons(run)).toContain("reflex-first"),
  },
  "the candidate policy, escalating": {
    sketch: { header: ownRoute, script: saying("gpt-oss-20b", ending("timeout")) },
    cameTo: (run) => expect(reasons(run)).toContain("escalated-after-reflex-attempts"),
  },
  "a capability run": {
    sketch: { tasks: tasksNamed(2, { risk: "high" }), capability: true, script: saying("small", ending("failed")) },
    cameTo: (run) => expect(reasons(run)).toContain("capability-outside-policy"),
  },
  "a run with answers of earlier calls": {
    sketch: {
      epochs: 2,
      header: (header) => ({ ...header, answer_cache: true }),
      script: async (request, provider) => ({ ...(await saying("small", ending("failed"))(request, provider)), ...REUSED }),
    },
    cameTo: (run) => {
      const calls = eventsOf(run, "ModelCallEnvelope");
      expect(calls.length).toBeGreaterThan(4);
      for (const call of calls) expect(call).toMatchObject({ answer_reused: true, latency_ms: 0, cost_usd: 0 });
    },
  },
  "a resumed run": {
    sketch: { tasks: tasksNamed(4), stopAfter: 2, script: saying("small", ending("failed")) },
    cameTo: (run) => expect(run.events.length).toBeGreaterThan(0),
  },
  "a resumed run of the candidate policy": {
    sketch: { tasks: tasksNamed(4), stopAfter: 1, header: ownRoute, script: saying("gpt-oss-20b", ending("failed")) },
    cameTo: (run) => expect(reasons(run)).toContain("reflex-retry-with-feedback"),
  },
  "a batch of --until-decided": {
    sketch: {
      tasks: tasksNamed(2),
      otherTasks: [taskNamed("c", { id: "task-8" }), taskNamed("d", { id: "task-9" })],
      candidates: ["small", "other"],
      epochs: 2,
    },
    cameTo: (run) => expect(run.suite.tasks.length).toBe(run.header.tasks.length + 2),
  },
  "an open breaker": {
    sketch: { tasks: tasksNamed(3), policy: quickBreaker, script: dead("small") },
    cameTo: (run) => expect(fallbacks(run)).toContain("ServerUnhealthy"),
  },
  "an open breaker on the policy's own route": {
    sketch: { tasks: tasksNamed(3), policy: quickBreaker, script: dead("gpt-oss-20b"), header: ownRoute },
    cameTo: (run) => expect(eventsOf(run, "BreakerStateChanged").map(({ current_state: now }) => now)).toContain("Open"),
  },
  "a breaker that was open when the run was resumed": {
    sketch: { tasks: tasksNamed(4), policy: quickBreaker, script: dead("small"), stopAfter: 2 },
    cameTo: (run) => expect(eventsOf(run, "BreakerStateChanged").map(({ current_state: now }) => now)).toContain("HalfOpen"),
  },
  "a promoted fallback": {
    sketch: {
      tasks: tasksNamed(3),
      policy: (policy) => {
        quickBreaker(policy);
        promoted(policy);
      },
      script: dead("gpt-oss-20b"),
      header: ownRoute,
    },
    cameTo: (run) => expect(reasons(run)).toContain("reflex-fallback"),
  },
  "a reflex model below its thresholds": {
    sketch: {
      tasks: tasksNamed(3),
      header: ownRoute,
      policy: (policy) => void (policy.reflex.thresholds = { min_samples: 4, p95_latency_ms: 5000, success_percent: 50, json_compliance_percent: 50 }),
      script: saying("gpt-oss-20b", ending("failed")),
    },
    cameTo: (run) => expect(fallbacks(run)).toContain("SuccessRateBelowThreshold"),
  },
  "the rollout at off": {
    sketch: { header: ownRoute, policy: (policy) => void (policy.reflex.rollout = { stage: "off" }) },
    cameTo: (run) => expect(reasons(run)).toContain("rollout-keeps-reflex-out"),
  },
  "the rollout at shadow": {
    sketch: { header: ownRoute, policy: (policy) => void (policy.reflex.rollout = { stage: "shadow" }), script: saying("high", ending("failed")) },
    cameTo: (run) => expect(reasons(run)).toEqual(expect.arrayContaining(["reflex-shadow", "rollout-keeps-reflex-out"])),
  },
  "the rollout at canary": {
    sketch: { tasks: tasksNamed(12), header: ownRoute, policy: (policy) => void (policy.reflex.rollout = { stage: "canary", percent: 40 }) },
    cameTo: (run) => expect(reasons(run)).toEqual(expect.arrayContaining(["reflex-first", "rollout-keeps-reflex-out"])),
  },
  "a run whose budget was spent, and overridden": {
    sketch: { tasks: tasksNamed(4), policy: (policy) => void Object.assign(policy.budgets, { run_tokens: 1000, warn_percent: 80, allow_override: true }) },
    cameTo: (run) => expect(notes(run)).toEqual(expect.arrayContaining(["token-budget-spent", "budget-override"])),
  },
  "a budget that the last call used up": {
    sketch: { tasks: tasksNamed(1), policy: (policy) => void Object.assign(policy.budgets, { run_tokens: 330 }) },
    cameTo: (run) => expect(notes(run)).toContain("token-budget-spent"),
  },
  "a stage whose budget is spent": {
    sketch: { policy: (policy) => void (policy.budgets.stage_tokens.Implement = 100), script: saying("small", ending("failed")) },
    cameTo: (run) => expect(notes(run)).toContain("stage-budget-spent"),
  },
  "calls that are tried again": {
    sketch: {
      policy: (policy) => void (policy.retries = { "harmony-residue": { tries: 3, backoff_ms: 1 }, overload: { tries: 2, backoff_ms: 1 } }),
      script: (request, provider) => {
        if (request.model !== "small" && request.purpose !== "judge") return goodScript(request, provider);
        return request.schema === null ? goodScript(request, provider) : answered("<|channel|>commentary");
      },
    },
    cameTo: (run) => expect(eventsOf(run, "ModelCallEnvelope").some(({ constraint }) => constraint === "dropped")).toBe(true),
  },
  "answers that are of no use": {
    sketch: {
      candidates: ["small", "other"],
      script: (request, provider) => {
        if (request.purpose === "patch" && provider === "local")
          return request.model === "small" ? answered("I would rather not.") : failedCall("timeout-total");
        return request.purpose === "critique" ? answered("hm") : goodScript(request, provider);
      },
    },
    cameTo: (run) => expect(eventsOf(run, "ToolResult").map(({ verdict }) => verdict.status)).toContain("patch-rejected"),
  },
  "a Judge that can't be reached and a critic that blocks": {
    sketch: {
      candidates: ["small", "other"],
      script: (request, provider) => {
        if (request.purpose === "judge") return request.material.task.id === "task-0" ? failedCall("server-error") : answered(unlock("BLOCK"));
        return request.purpose === "critique" ? answered(critic("block")) : goodScript(request, provider);
      },
    },
    cameTo: (run) => expect(eventsOf(run, "GateDecision").some(({ reason }) => reason.startsWith("no judgement"))).toBe(true),
  },
  "a failure of our own side": {
    sketch: {
      tasks: tasksNamed(2),
      script: saying("small", (request, provider) => ending(request.material.task.id === "task-0" ? "infrastructure" : "passed")(request, provider)),
    },
    cameTo: (run) => expect(eventsOf(run, "GateDecision").some(({ outcome }) => outcome === "Skip")).toBe(true),
  },
  "answers in unified diffs": {
    sketch: {
      tasks: [taskNamed("a")],
      answerFormat: "udiff",
      script: (request, provider) =>
        request.purpose === "patch" && provider === "local"
          ? answered(JSON.stringify({ diff: "--- a/src/a.rs\n+++ b/src/a.rs\n" }))
          : goodScript(request, provider),
      more: { diffTool: { apply: async () => ({ ok: true, changes: fixedA }) } },
    },
    cameTo: (run) => expect(eventsOf(run, "PatchApply").every(({ success }) => success)).toBe(true),
  },
  "answers with slips that a person overlooks": {
    sketch: { tasks: [taskNamed("a")], script: saying("small", slipping) },
    cameTo: (run) => {
      expect(
        eventsOf(run, "ModelCallEnvelope")
          .filter(({ role }) => role === "Implementer")
          .map(({ json_compliant: compliant }) => compliant),
      ).toEqual([false]);
      expect(eventsOf(run, "PatchApply").map(({ success }) => success)).toEqual([true]);
    },
  },
  "answers in whole files": {
    sketch: {
      tasks: [taskNamed("a")],
      answerFormat: "whole",
      script: (request, provider) =>
        request.purpose === "patch" && provider === "local"
          ? answered(JSON.stringify({ files: [{ path: "src/a.rs", content: fixedA.get("src/a.rs") }] }))
          : goodScript(request, provider),
    },
    cameTo: (run) => expect(eventsOf(run, "PatchApply").every(({ success }) => success)).toBe(true),
  },
  "patches of known worth among the trials": {
    sketch: { epochs: 2, policy: planting(6) },
    cameTo: (run) => expect(eventsOf(run, "CalibrationPlant").length).toBeGreaterThan(2),
  },
  "the notebook asked beside the trials": {
    sketch: {
      policy: (policy) => void (policy.tier2.enabled = true),
      more: { notebook: { port: { ask: async () => ({ outcome: "answered", text: "Mind the sum.", totalMs: 3 }) } } },
    },
    cameTo: (run) => expect(eventsOf(run, "RetrievalResponse").length).toBeGreaterThan(0),
  },
  "texts that look like secrets": {
    sketch: {
      tasks: [taskNamed("a", { instruction: `Mind this:\n${SECRET}\nIt should be 1.` })],
      script: (request, provider) => {
        const { purpose } = request;
        if (purpose === "critique") return answered(JSON.stringify({ severity: "advisory", kind: "other", message: `It says\n${SECRET}`, evidence_ref: null }));
        if (purpose === "judge") return answered(JSON.stringify({ unlock_decision: "UNLOCK", decision_rationale: `Right:\n${SECRET}`, next_steps: [] }));
        return request.model === "small"
          ? answered(`{"edits":[{"path":"src/a.rs","search":"${"x".repeat(20)}\\n${SECRET}","replace":""}]}`)
          : goodScript(request, provider);
      },
    },
    cameTo: (run) => expect(JSON.stringify([...run.blobs, ...run.events.map(({ payload }) => payload)])).toContain("[redacted:openai-key]"),
  },
};

describe("an honest run is proven, level by level:", () => {
  it.each(Object.entries(KINDS))("%s", async (_, { sketch, cameTo }) => {
    const run = await honestRun(sketch);
    cameTo(run);
    const replay = await replayed(run, sketch.more);
    expect(replay.findings).toEqual([]);
    expect(replay.gaps).toEqual([]);
    expect(statusesOf(replay)).toEqual(PROVEN);
    for (const level of replay.levels) expect(checkedIn(level), level.name).toBeGreaterThan(0);
  });
});

it("an answer is read as the header says: by the narrow reading where it names none", async () => {
  const run = await honestRun({ tasks: [taskNamed("a")], script: saying("small", slipping) });
  const { answers, ...narrow } = run.header;
  expect(answers).toBe("tolerant");
  expect(statusesOf(await replayed(run))["model calls"]).toBe("proven");
  expect(statusesOf(await replayed({ ...run, header: narrow }))["model calls"]).toBe("diverged");
});

describe("what was not kept can't be proven, and is no forgery:", () => {
  it.each(["none", "prompts_only"] as const)("capture mode %s", async (mode) => {
    const run = await honestRun({ policy: (policy) => void (policy.capture.mode = mode), script: saying("small", ending("failed")) });
    const replay = await replayed(run);
    expect(replay.findings).toEqual([]);
    expect(statusesOf(replay)).toMatchObject({ integrity: "proven", decisions: "proven", patches: "proven", "model calls": "not-reconstructable" });
  });

  it("a patched file that holds what looks like a secret", async () => {
    const task = taskNamed("a", { break: [{ path: "src/a.rs", search: "    1\n", replace: `    2 // ${SECRET}\n` }] });
    const keeping: Script = () => answered(JSON.stringify({ edits: [{ path: "src/a.rs", search: "    2 ", replace: "    1 /* verdict: passed */ " }] }));
    const run = await honestRun({ tasks: [task], script: saying("small", keeping) });
    expect([...run.blobs.values()].some((text) => text.includes("    1 /* verdict: passed */ // [redacted:openai-key]"))).toBe(true);
    const replay = await replayed(run);
    expect(replay.findings).toEqual([]);
    expect(statusesOf(replay)).toEqual({ ...PROVEN, patches: "partly", "re-execution": "not-reconstructable" });
  });
});

it("a level with nothing to check is not reconstructable, never proven", async () => {
  const run = await honestRun({ script: (request, provider) => (request.purpose === "patch" ? failedCall("server-error") : goodScript(request, provider)) });
  const replay = await replayed(run);
  expect(replay.findings).toEqual([]);
  for (const { status, counts } of replay.levels) if (counts.every(({ checked }) => checked === 0)) expect(status).toBe("not-reconstructable");
  expect(statusesOf(replay)).toMatchObject({ patches: "not-reconstructable", "re-execution": "not-reconstructable", decisions: "proven" });
});
