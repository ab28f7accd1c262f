// Replaying a run of the small world: proven as it is; whatever is changed is found, and put down to whose doing it is.
import { describe, expect, it } from "vitest";
import { canonicalJson, hashOf, sha256 } from "../../../../src/core/base/canonical.ts";
import { type EventLine, LATE_SEQ } from "../../../../src/core/capsule/line.ts";
import { ATTRIBUTION_RULES } from "../../../../src/core/replay/attribution.ts";
import { type Decide, decideAgain } from "../../../../src/core/replay/decide.ts";
import type { TrialEvent } from "../../../../src/core/trial/event.ts";
import { answered, critic, editFor, failedCall, goodScript, policyWith, type Script, taskNamed, unlock } from "../../run/fakes.ts";
import { edited, type Edit, recorded, type Recorded, replayOf, statusesOf } from "./recorded.ts";

/** Attempts that fail in every way, escalations, a critic that blocks once, a Judge that says no once. */
const eventful: Script = (request, provider) => {
  const { purpose, model, material, messages } = request;
  const task = material.task.id;
  if (purpose === "critique" && task === "fix-c" && model === "mini") return answered(critic("block"));
  if (purpose === "judge" && task === "fix-d") return answered(unlock("BLOCK"));
  if (purpose !== "patch") return goodScript(request, provider);
  const before = messages.filter(({ role }) => role === "assistant").length;
  if (provider === "local" && before === 0) return answered(editFor(material.task, "failed", "first"));
  if (provider === "local")
    return task === "fix-a" ? answered("no JSON at all") : task === "fix-c" ? failedCall("timeout-total") : answered(editFor(material.task, "held-out"));
  return answered(editFor(material.task, "passed"));
};

const tasks = [taskNamed("a"), taskNamed("b", { risk: "high" }), taskNamed("c"), taskNamed("d")];
const run = await recorded({ tasks, script: eventful });

const PROVEN = { integrity: "proven", decisions: "proven", prompts: "proven", patches: "proven", "re-execution": "not-checked", "model calls": "proven" };
const isRole =
  (type: TrialEvent["type"], role: string) =>
  (event: TrialEvent): boolean =>
    event.type === type && "role" in event && event.role === role;
const isType =
  (type: TrialEvent["type"]) =>
  (event: TrialEvent): boolean =>
    event.type === type;
const isGate =
  (name: string, outcome: string) =>
  (event: TrialEvent): boolean =>
    event.type === "GateDecision" && event.gate_name === name && event.outcome === outcome;
const withBlob = (text: string) => [sha256(text), text] as const;

describe("a run as it was recorded", () => {
  it("is proven at every level that needs no cargo", () => {
    const replay = replayOf(run);
    expect(replay.findings).toEqual([]);
    expect(statusesOf(replay)).toEqual(PROVEN);
    expect(replay.gapSteps).toBe(0);
  });

  it("has every decision made again: stages, routing, escalations and gates", () => {
    const counts = replayOf(run).levels[1]?.counts ?? [];
    const events = run.events.map((line) => line.payload);
    const routed = events.filter((event) => event.type === "RoutingDecision");
    const escalated = routed.filter((event) => event.selection_reason.startsWith("escalated"));
    const expected = {
      "stage changes": events.filter(isType("StageTransition")).length,
      "routing decisions": routed.length - escalated.length,
      escalations: escalated.length,
      "gate decisions": events.filter((event) => event.type === "GateDecision" && event.gate_name !== "judge").length,
    };
    expect(escalated.length).toBeGreaterThan(0);
    expect(Object.fromEntries(counts.map(({ what, agreed }) => [what, agreed]))).toEqual(expected);
    expect(counts.every(({ agreed, checked }) => agreed === checked)).toBe(true);
  });

  it("has its prompts counted by role, those with feedback apart", () => {
    const calls = run.events.flatMap(({ payload }) => (payload.type === "ModelCallEnvelope" && payload.role !== "NotebookLM" ? [payload.role] : []));
    const counts = replayOf(run).levels[2]?.counts ?? [];
    expect(new Set(counts.map(({ what }) => what))).toEqual(
      new Set([...new Set(calls)].map((role) => `${role} prompts`).concat("Implementer prompts with feedback")),
    );
    expect(counts.reduce((sum, { agreed }) => sum + agreed, 0)).toBe(calls.length);
    expect(counts.find(({ what }) => what === "Implementer prompts")?.agreed).toBe(run.header.candidates.length * tasks.length);
  });

  it("is proven with the notebook's late answers too", async () => {
    const asked = await recorded(
      { tasks: [taskNamed("a")], snapshot: policyWith((policy) => void (policy.tier2.enabled = true)) },
      { notebook: { port: { ask: async () => ({ outcome: "answered", text: "Mind the sum.", totalMs: 3 }) } } },
    );
    expect(asked.events.some((line) => line.seq >= LATE_SEQ)).toBe(true);
    expect(statusesOf(replayOf(asked))).toEqual(PROVEN);
  });
});

interface Change {
  readonly what: string;
  readonly where: (event: TrialEvent) => boolean;
  readonly edit: Edit;
  readonly blobs?: readonly (readonly [string, string])[];
  readonly cause?: string;
  readonly level: string;
}

const passedVerdict = canonicalJson({ status: "passed", tests: [{ id: "tiny/lib/a", status: "passed", heldOut: false, output: "" }] });

const CHANGES: readonly Change[] = [
  {
    what: "a verdict's summary",
    where: (event) => event.type === "ToolResult" && event.verdict.status === "failed",
    edit: (event) => Object.assign(event, { success: true, verdict: { ...(event["verdict"] as object), status: "passed", visible_passed: true } }),
    level: "integrity",
  },
  {
    what: "a verdict, its full text with it",
    where: (event) => event.type === "ToolResult" && event.verdict.status === "failed" && !event.reused,
    edit: (event) =>
      Object.assign(event, {
        success: true,
        output_hash: sha256(passedVerdict),
        verdict: { status: "passed", visible_passed: true, tests_passed: 1, tests_failed: 0, held_out_failed: 0, error_codes: [], detail: "" },
      }),
    blobs: [withBlob(passedVerdict)],
    level: "decisions",
  },
  {
    what: "a success that no verdict stands for",
    where: isType("ToolResult"),
    edit: (event) => void (event["success"] = !event["success"]),
    level: "integrity",
  },
  { what: "a patch's id", where: isType("PatchApply"), edit: (event) => void (event["patch_id"] = sha256("x")), level: "integrity" },
  {
    what: "a patched file, its text with it",
    where: isType("PatchApply"),
    edit: (event) => void (event["after_hash"] = sha256("other")),
    blobs: [withBlob("other")],
    level: "integrity",
  },
  { what: "the file that a patch found", where: isType("PatchApply"), edit: (event) => void (event["before_hash"] = sha256("x")), level: "patches" },
  { what: "the tree that cargo ran on", where: isType("ToolCall"), edit: (event) => void (event["tree_hash"] = sha256("x")), level: "patches" },
  { what: "who was asked", where: isRole("RoutingDecision", "Implementer"), edit: (event) => void (event["model"] = "other-model"), level: "integrity" },
  {
    what: "why it was asked",
    where: isRole("ModelCallEnvelope", "Judge"),
    edit: (event) => void (event["selection_reason"] = "reflex-first"),
    level: "integrity",
  },
  { what: "a prompt's hash", where: isRole("ModelCallEnvelope", "Implementer"), edit: (event) => void (event["prompt_hash"] = sha256("x")), level: "prompts" },
  {
    what: "a critic's prompt",
    where: isRole("ModelCallEnvelope", "SidecarCritic"),
    edit: (event) => void (event["prompt_hash"] = sha256("x")),
    level: "prompts",
  },
  {
    what: "an answer, its text with it",
    where: (event) => event.type === "ModelCallEnvelope" && event.role === "Implementer" && event.success,
    edit: (event) => void (event["response_hash"] = sha256('{"edits":[]}')),
    blobs: [withBlob('{"edits":[]}')],
    level: "model calls",
  },
  {
    what: "that an answer was good JSON",
    where: isRole("ModelCallEnvelope", "Judge"),
    edit: (event) => void (event["json_compliant"] = false),
    level: "model calls",
  },
  { what: "a call's cost", where: isRole("ModelCallEnvelope", "Implementer"), edit: (event) => void (event["cost_usd"] = 12.5), level: "integrity" },
  {
    what: "a call's failure",
    where: (event) => event.type === "ModelCallEnvelope" && !event.success,
    edit: (event) => void (event["error"] = null),
    level: "integrity",
  },
  { what: "the validate gate", where: isGate("validate", "Warn"), edit: (event) => void (event["outcome"] = "Pass"), level: "decisions" },
  { what: "the unlock gate, to yes", where: isGate("unlock", "Fail"), edit: (event) => void (event["outcome"] = "Pass"), level: "decisions" },
  { what: "the unlock gate, to no", where: isGate("unlock", "Pass"), edit: (event) => void (event["outcome"] = "Fail"), level: "decisions" },
  { what: "what the Judge said", where: isGate("judge", "Fail"), edit: (event) => void (event["outcome"] = "Pass"), level: "model calls" },
  {
    what: "what the critic said",
    where: (event) => event.type === "CounterSignal" && event.severity === "block",
    edit: (event) => void (event["severity"] = "advisory"),
    level: "model calls",
  },
  {
    what: "a stage",
    where: (event) => event.type === "StageTransition" && event.to === "Validate",
    edit: (event) => void (event["to"] = "Audit"),
    level: "decisions",
  },
  {
    what: "how much was captured",
    where: isType("ModelCallEnvelope"),
    edit: (event) => void (event["capture_mode"] = "None"),
    cause: "policy",
    level: "integrity",
  },
];

describe("an event that was edited, with every hash of the file made to fit", () => {
  it.each(CHANGES)("is found and put down to its cause: $what", ({ where, edit, blobs, cause = "record", level }) => {
    const changed = edited(run, where, edit, blobs);
    const { findings } = replayOf(changed);
    const index = changed.events.findIndex((line, at) => line !== run.events[at]);
    const [first] = findings;
    expect(findings.map((finding) => finding.level)).toContain(level);
    expect(first).toMatchObject({ cause, trial: changed.events[index]?.trial });
    expect(new Set(findings.map((finding) => finding.cause))).toEqual(new Set([cause]));
    expect(first?.why).not.toBe("");
  });

  it("shows both sides", () => {
    const changed = edited(run, isGate("unlock", "Fail"), (event) => void (event["outcome"] = "Pass"));
    const [first] = replayOf(changed).findings;
    expect(first).toMatchObject({ recorded: { outcome: "Pass" }, redone: { outcome: "Fail" } });
  });

  it("is named as the first, where later ones follow from it", () => {
    const changed = edited(run, isGate("validate", "Warn"), (event) => void (event["outcome"] = "Fail"));
    const index = changed.events.findIndex((line, at) => line !== run.events[at]);
    expect(replayOf(changed).findings[0]).toMatchObject({ trial: changed.events[index]?.trial, seq: changed.events[index]?.seq });
  });

  it("is found where a whole step was taken out or put in twice", () => {
    const at = run.events.findIndex((line) => line.payload.type === "RoutingDecision");
    const step = run.events.filter((line) => line.trial === run.events[at]?.trial && line.step === run.events[at]?.step);
    const without = { ...run, events: run.events.filter((line) => !step.includes(line)) };
    const twice = { ...run, events: [...run.events, ...step.map((line) => ({ ...line, seq: line.seq + 900, step: 900 }))] };
    for (const changed of [without, twice]) expect(replayOf(changed).findings[0]?.level).toBe("decisions");
  });
});

it("prices a call that was never sent as the run did: at nothing, not at something unknown", async () => {
  const snapshot = policyWith((policy) => void (policy.prices.models["small-1"] = { input: 1, output: 2 }));
  const script: Script = (request, provider) =>
    request.purpose === "patch" && provider === "local" ? failedCall("refused-connection") : goodScript(request, provider);
  const refused = await recorded({ tasks: [taskNamed("a")], candidates: ["small"], script, snapshot });
  expect(refused.events.some(({ payload }) => payload.type === "ModelCallEnvelope" && payload.cost_usd === 0 && payload.provider === "local")).toBe(true);
  expect(replayOf(refused).findings).toEqual([]);
});

it("counts every divergence, and keeps the first ones in full", async () => {
  const many = await recorded({ tasks, script: eventful, epochs: 12 });
  const everywhere = {
    ...many,
    blobs: new Map([...many.blobs, withBlob("x")]),
    events: many.events.map((line) => (line.payload.type === "ModelCallEnvelope" ? changedPrompt(line) : line)),
  };
  const calls = many.events.filter(({ payload }) => payload.type === "ModelCallEnvelope").length;
  const { findings, findingCount } = replayOf(everywhere);
  expect(findingCount).toBe(calls);
  expect(findings.length).toBeGreaterThanOrEqual(200);
  expect(findings.length).toBeLessThan(calls);
  expect(findings[0]?.trial).toBe(many.events.find(({ payload }) => payload.type === "ModelCallEnvelope")?.trial);
});

function changedPrompt(line: EventLine): EventLine {
  return { ...line, payload: { ...line.payload, prompt_hash: sha256("x") } as EventLine["payload"] };
}

describe("a router that was changed", () => {
  /** Gives the reflex mode no second attempt. */
  const impatient: Decide = (snapshot, plan, history, step) =>
    decideAgain({ ...snapshot, policy: { ...snapshot.policy, reflex: { ...snapshot.policy.reflex, max_attempts: 1 } } }, plan, history, step);

  it("is named as the cause, at the first decision that it makes otherwise", () => {
    const { findings, levels } = replayOf(run, { decide: impatient });
    expect(findings[0]).toMatchObject({
      level: "decisions",
      cause: "harness code",
      recorded: { selection_reason: "reflex-retry-with-feedback" },
      redone: { mode: "Cloud" },
    });
    expect(findings.every(({ cause }) => cause === "harness code")).toBe(true);
    expect(levels.map(({ status }) => status)).toEqual(["proven", "diverged", "proven", "proven", "not-checked", "proven"]);
  });

  it("is named with both versions", () => {
    expect(replayOf(run, { decide: impatient, version: "9.9.9" }).findings[0]?.why).toContain("made by 0.1.0, replayed by 9.9.9");
  });

  it("is a finding, not a crash, where it can't read the history", () => {
    const broken: Decide = () => {
      throw new Error("no such state");
    };
    expect(replayOf(run, { decide: broken }).findings[0]).toMatchObject({ cause: "harness code", redone: { do: "impossible", why: "no such state" } });
  });
});

describe("a policy that was edited after the run", () => {
  it("is named as the cause where the stored snapshot is no longer what its hash says", () => {
    const { findings } = replayOf(run, {
      faults: [
        { check: "header-hash", fault: "the header is not the one" },
        { check: "policy-resolves", fault: "not its content" },
      ],
    });
    expect(findings.map(({ cause }) => cause)).toEqual(["record", "policy"]);
  });

  it("takes the blame for the decisions that follow from it", () => {
    const snapshot = policyWith((policy) => void (policy.reflex.max_attempts = 1));
    const text = canonicalJson({ ...snapshot, hash: run.header.policy.hash });
    const changed: Recorded = {
      ...run,
      header: { ...run.header, policy: { ...run.header.policy, snapshot_hash: hashOf({ ...snapshot, hash: run.header.policy.hash }) } },
      blobs: new Map([...run.blobs, withBlob(text)]),
    };
    const { findings } = replayOf(changed, { faults: [{ check: "policy-resolves", fault: "the PolicySnapshot's hash is not that of its content" }] });
    expect(findings.length).toBeGreaterThan(1);
    expect(new Set(findings.map(({ cause }) => cause))).toEqual(new Set(["policy"]));
  });

  it("is a gap where it can't be read at all", () => {
    const lost = replayOf({ ...run, blobs: new Map([...run.blobs].filter(([hash]) => hash !== run.header.policy.snapshot_hash)) });
    expect(statusesOf(lost)).toMatchObject({ decisions: "not-reconstructable", prompts: "not-reconstructable" });
  });
});

describe("what the record does not hold", () => {
  it("is counted as gaps: answers that were not captured", async () => {
    const sparse = await recorded({ tasks, script: eventful, snapshot: policyWith((policy) => void (policy.capture.mode = "prompts_only")) });
    const replay = replayOf(sparse);
    expect(replay.findings).toEqual([]);
    expect(statusesOf(replay)).toMatchObject({ integrity: "proven", decisions: "proven", patches: "proven", prompts: "partly", "model calls": "partly" });
    // A failed call has no answer, but its prompt showed the answers before it.
    const calls = sparse.events.filter(
      ({ payload }) => payload.type === "ModelCallEnvelope" && (payload.response_hash !== null || (payload.role === "Implementer" && payload.attempt > 1)),
    );
    const steps = new Set(calls.map(({ trial, step }) => `${trial ?? ""} ${step}`));
    expect(replay.gapSteps).toBe(steps.size);
  });

  it("is said of the suite by name and root, and decisions are proven without it", () => {
    const replay = replayOf(run, { suite: "not reconstructable: suite tiny 1.0.0, root abc, is not here" });
    expect(statusesOf(replay)).toMatchObject({
      integrity: "proven",
      decisions: "proven",
      prompts: "not-reconstructable",
      patches: "not-reconstructable",
      "model calls": "partly",
    });
    expect(replay.levels[2]?.notes.join()).toContain("root abc");
  });
});

it("has attribution rules with names and sentences of their own", () => {
  expect(new Set(ATTRIBUTION_RULES.map(({ name }) => name)).size).toBe(ATTRIBUTION_RULES.length);
  expect(ATTRIBUTION_RULES.every(({ sentence }) => sentence.endsWith("."))).toBe(true);
});
