// Level 0 on single steps: what a record claims of a verdict, a call and a result, and what follows from what stands beside it.
import { describe, expect, it } from "vitest";
import { type Sha256, sha256 } from "../../../../../src/core/base/canonical.ts";
import type { Claim, TrialView } from "../../../../../src/core/replay/check.ts";
import { REDACTED } from "../../../../../src/core/replay/evidence.ts";
import { integrity } from "../../../../../src/core/replay/levels/integrity.ts";
import { LEVEL_NAMES } from "../../../../../src/core/replay/levels/level.ts";
import { LEVELS } from "../../../../../src/core/replay/levels/levels.ts";
import { scenesOf } from "../../../../../src/core/replay/scene.ts";
import { stepsOf } from "../../../../../src/core/replay/step.ts";
import type { EventLine } from "../../../../../src/core/capsule/line.ts";
import { patchIdOf } from "../../../../../src/core/verdict/patch-id.ts";
import { policyWith, suiteOf, taskNamed } from "../../../run/fakes.ts";

type Payload = Readonly<Record<string, unknown>>;
const snapshot = policyWith();

interface Around {
  readonly id?: string;
  readonly calibration?: string;
  readonly known?: readonly string[];
  readonly verdicts?: Readonly<Record<string, string>>;
  readonly held?: readonly string[];
  readonly texts?: Readonly<Record<string, string>>;
  readonly withheld?: readonly string[];
}

/** A trial of one step with these events, as a check sees it. */
function viewOf(
  payloads: readonly Payload[],
  { id = "new/a/1", calibration, known = [], verdicts = {}, held = [], texts = {}, withheld = [] }: Around = {},
): TrialView {
  const events = payloads.map((payload, seq) => ({ seq, step: 0, trial: id, payload })) as unknown as EventLine[];
  const steps = stepsOf(events);
  return {
    header: { calibration },
    snapshot,
    trial: { id, task: { id: "a" }, events },
    steps,
    events: steps.flatMap((step) => step.events),
    evidence: {
      verdict: (hash: string) => (hash in verdicts ? { status: verdicts[hash], tests: [] } : null),
      holds: (hash: string) => held.includes(hash),
      text: (hash: string) => texts[hash] ?? null,
    },
    verified: { of: (task: string, tree: string) => (task === "a" && tree === "tree" ? known : []) },
    withheld: (hash: string) => withheld.includes(hash),
    scrub: (text: string) => text,
    seqOf: (event: object) => payloads.indexOf(event as Payload),
  } as unknown as TrialView;
}

const CHECKS = integrity.checks({} as never).trials;
const claims = (name: string, payloads: readonly Payload[], around?: Around): readonly Claim[] => [
  ...(CHECKS.find((check) => check.name === name)?.claims(viewOf(payloads, around)) ?? []),
];

const decision: Payload = {
  type: "RoutingDecision",
  role: "Implementer",
  mode: "Reflex",
  stage: "Implement",
  attempt: 2,
  provider: "p",
  model: "m",
  selection_reason: "r",
  stand_in: null,
  outside_policy: false,
};
const tool: Payload = { ...decision, type: "ToolCall", call_id: "c", tool_name: "cargo", tree_hash: "tree" };
const result = (more: Payload = {}): Payload => ({
  type: "ToolResult",
  call_id: "c",
  tool_name: "cargo",
  attempt: 2,
  stage: "Implement",
  reused: false,
  duration_ms: 5,
  output_hash: "v",
  success: true,
  verdict: { status: "passed" },
  ...more,
});

describe("the checks of a replay", () => {
  it("have the names that findings are told by", () => {
    const context = { header: { tasks: [], epochs: 1, seed: 1 }, snapshot, decide: () => ({}) } as never;
    const names = Object.fromEntries(
      LEVEL_NAMES.map((level) => [
        level,
        LEVELS[level].checks(context).trials.map(({ name, what, cause }) => `${name}: ${what}${cause === null ? "" : ` (${cause})`}`),
      ]),
    );
    expect(names).toEqual({
      integrity: [
        "verdict-fits-evidence: verdicts (record)",
        "reused-verdict-is-known: reused verdicts (record)",
        "kept-verdict-is-a-plants: kept verdicts (record)",
        "patch-id-fits-files: patch ids (record)",
        "call-fits-decision: calls (record)",
        "result-fits-call: results (record)",
        "captured-texts-are-stored: captured texts (record)",
        "failure-fits-call: outcomes of calls (record)",
        "cost-fits-tokens: costs (record)",
        "answer-fits-question: notebook answers (record)",
        "capture-fits-policy: capture modes (policy)",
      ],
      decisions: ["decision-is-made-again: decisions"],
      prompts: ["prompt-is-rebuilt: prompts", "question-is-rebuilt: notebook questions"],
      patches: ["patch-fits-tree: patched files", "tree-is-rebuilt: patched trees"],
      "re-execution": [],
      "model calls": ["answer-leads-to-outcome: answers"],
    });
    expect(LEVEL_NAMES.filter((level) => LEVELS[level].needsPolicy)).toEqual(["decisions", "prompts", "patches", "model calls"]);
    for (const level of LEVEL_NAMES) expect(LEVELS[level].sentence).toMatch(/^[A-Z].*\.$/);
  });

  it("tell whose signature there is", () => {
    expect(integrity.outcome({ signature: { state: "unsigned", key: null, detail: "nobody signed it" }, suite: "none" })).toEqual({
      notes: ["nobody signed it"],
    });
  });
});

describe("a verdict", () => {
  it("is held against the one stored in full, or can't be", () => {
    const [claim] = claims("verdict-fits-evidence", [result()], { verdicts: { v: "passed" } });
    expect(claim).toMatchObject({ seq: 0, redone: { status: "passed", success: true } });
    expect(claims("verdict-fits-evidence", [result()])).toEqual([{ seq: 0, missing: "the verdict's full text is not in the record" }]);
    expect(claims("verdict-fits-evidence", [result()], { held: ["v"] })).toEqual([{ seq: 0, recorded: "a text that is no verdict", redone: "a verdict" }]);
  });

  it("that was reused is one of those that its tree was given", () => {
    const reused = [decision, tool, result({ reused: true, duration_ms: 0 })];
    expect(claims("reused-verdict-is-known", reused, { known: ["w", "v"] })).toEqual([{ seq: 2, recorded: null, redone: null }]);
    expect(claims("reused-verdict-is-known", reused, { known: ["w", "x"] })).toEqual([{ seq: 2, recorded: "v", redone: ["w", "x"] }]);
    expect(claims("reused-verdict-is-known", reused)).toEqual([{ seq: 2, missing: "the attempt that ran on the same tree is not in the record" }]);
    expect(claims("reused-verdict-is-known", [decision, tool, result()])).toEqual([]);
    expect(claims("reused-verdict-is-known", [decision, result({ reused: true })])).toEqual([]);
    expect(claims("reused-verdict-is-known", [decision, tool, result({ reused: true, kept: true })])).toEqual([]);
  });

  it("that was kept is a plant's, in a run that plants as a whole", () => {
    const kept = [tool, result({ reused: true, kept: true })];
    const plant = { id: "calibration/a/broken-1", calibration: "whole-run" };
    const said = (around: Around) => claims("kept-verdict-is-a-plants", kept, around);
    expect(said(plant)).toEqual([{ seq: 1, recorded: { kept: true, reused: true }, redone: { kept: true, reused: true } }]);
    expect(said({ calibration: "whole-run" })[0]).toMatchObject({ redone: { kept: false, reused: true } });
    expect(said({ id: plant.id })[0]).toMatchObject({ redone: { kept: false } });
    expect(claims("kept-verdict-is-a-plants", [tool, result({ kept: true })], plant)[0]).toMatchObject({
      recorded: { reused: false },
      redone: { reused: true },
    });
    expect(claims("kept-verdict-is-a-plants", [tool, result({ reused: true })], plant)).toEqual([]);
    expect(claims("kept-verdict-is-a-plants", [result({ kept: true })], plant)).toEqual([]);
    const disagrees = { seq: 1, missing: "the run itself came to another verdict on this tree" };
    expect(said({ ...plant, known: ["w"], verdicts: { w: "failed" } })[1]).toEqual(disagrees);
    expect(said({ ...plant, known: ["w"], verdicts: { w: "passed" } })).toHaveLength(1);
    expect(said({ ...plant, known: ["w", "x"], verdicts: { w: "failed", x: "passed" } })).toHaveLength(1);
    expect(said({ ...plant, known: ["gone"] })).toHaveLength(1);
  });
});

describe("a call", () => {
  const call: Payload = { ...decision, type: "ModelCallEnvelope", routing_mode: "Reflex", response_hash: "h", success: true, error: null };
  it("is made as the decision before it says, in every part of it", () => {
    const agreed = { seq: 1, recorded: true, redone: true };
    expect(claims("call-fits-decision", [decision, call, tool])).toEqual([agreed, { ...agreed, seq: 2 }]);
    for (const [key, value] of Object.entries({
      role: "Judge",
      mode: "Cloud",
      stage: "Unlock",
      attempt: 3,
      provider: "q",
      model: "n",
      selection_reason: "s",
      stand_in: "x",
      outside_policy: true,
    })) {
      const [claim] = claims("call-fits-decision", [decision, { ...call, [key]: value }]);
      expect(claim).toMatchObject({ recorded: { [key]: value, own: "Reflex" }, redone: { [key]: decision[key], own: "Reflex" } });
    }
    expect(claims("call-fits-decision", [decision, { ...call, routing_mode: "Cloud" }])[0]).toMatchObject({
      recorded: { own: "Cloud" },
      redone: { own: "Reflex" },
    });
    expect(claims("call-fits-decision", [call])[0]).toMatchObject({ redone: null });
  });

  it("that failed has an error, no answer, and a rejected attempt", () => {
    const failed: Payload = { ...call, response_hash: null, success: false, error: "no" };
    expect(claims("failure-fits-call", [call, result()])).toEqual([
      { seq: 0, recorded: { success: true, error: false }, redone: { success: true, error: false } },
    ]);
    expect(claims("failure-fits-call", [failed, result({ verdict: { status: "patch-rejected" } })])).toEqual([
      { seq: 0, recorded: { success: false, error: true }, redone: { success: false, error: true } },
      { seq: 1, recorded: "patch-rejected", redone: "patch-rejected" },
    ]);
    expect(claims("failure-fits-call", [{ ...failed, success: true, error: null }, result()])).toEqual([
      { seq: 0, recorded: { success: true, error: false }, redone: { success: false, error: true } },
      { seq: 1, recorded: "passed", redone: "patch-rejected" },
    ]);
    // Of several tries the last one counts.
    expect(claims("failure-fits-call", [failed, call])).toEqual([
      { seq: 1, recorded: { success: true, error: false }, redone: { success: true, error: false } },
    ]);
    expect(claims("failure-fits-call", [result()])).toEqual([]);
  });
});

describe("a result", () => {
  const agrees = (claim: Claim | undefined) => claim !== undefined && "recorded" in claim && JSON.stringify(claim.recorded) === JSON.stringify(claim.redone);
  it("is that of the attempt and of the call that it stands beside", () => {
    const patch: Payload = { type: "PatchApply", attempt: 2, stage: "Implement" };
    expect(claims("result-fits-call", [decision, patch, tool, result()]).map(agrees)).toEqual([true, true]);
    for (const change of [{ attempt: 3 }, { stage: "Unlock" }, { call_id: "d" }, { tool_name: "x" }, { reused: true }, { duration_ms: 0 }])
      expect([change, claims("result-fits-call", [decision, patch, tool, result(change)]).map(agrees)]).toEqual([change, [true, false]]);
    for (const change of [{ attempt: 3 }, { stage: "Unlock" }])
      expect(claims("result-fits-call", [decision, { ...patch, ...change }, tool, result()]).map(agrees)).toEqual([false, true]);
    // What was rejected before it was verified took no time, and nothing was reused.
    expect(claims("result-fits-call", [decision, result({ duration_ms: 0 })]).map(agrees)).toEqual([true]);
    expect(claims("result-fits-call", [tool, result()])).toEqual([]);
    expect(claims("result-fits-call", [decision, tool])).toEqual([]);
  });
});

describe("what is said of a patch", () => {
  const asked = (role: string): Payload => ({ ...decision, role });
  const [critic, judge] = [asked("SidecarCritic"), asked("Judge")];
  const signal: Payload = { type: "CounterSignal", severity: "block" };
  const gate: Payload = { type: "GateDecision", gate_name: "judge", outcome: "Pass" };
  const beside = (...payloads: readonly Payload[]) => claims("result-fits-call", payloads);
  const found = (seq: number, said: string, by: string | null) => ({
    seq,
    says: "a signal or a judgement that nobody was asked for",
    recorded: { said, by },
    redone: null,
  });

  it("is the critic's signal and the Judge's judgement; the router's own gates are decisions", () => {
    for (const honest of [[critic, signal], [critic], [judge, gate], [{ ...gate, gate_name: "validate" }], [{ ...gate, gate_name: "unlock" }]])
      expect(beside(...honest)).toEqual([]);
  });

  it("is told where it is another's, nobody's, or there twice", () => {
    expect(beside(gate)).toEqual([found(0, "GateDecision", null)]);
    expect(beside(decision, signal)).toEqual([found(1, "CounterSignal", "Implementer")]);
    expect(beside(critic, gate)).toEqual([found(1, "GateDecision", "SidecarCritic")]);
    expect(beside(judge, signal)).toEqual([found(1, "CounterSignal", "Judge")]);
    expect(beside(judge, gate, { ...gate, outcome: "Fail" })).toEqual([found(2, "GateDecision", "Judge")]);
    expect(beside(critic, signal, { ...signal, severity: "advisory" })).toEqual([found(2, "CounterSignal", "SidecarCritic")]);
  });
});

describe("the cost of a call", () => {
  const { input, output } = snapshot.policy.prices.models["gpt-5.2"] ?? { input: 0, output: 0 };
  const tokens = { prompt_tokens: 2_000_000, response_tokens: 1_000_000, cached_tokens: null, latency_ms: 1000, failure: null };
  const priced: Payload = { type: "ModelCallEnvelope", provider: "openai", model: "gpt-5.2-high", resolved_model: "gpt-5.2", ...tokens };
  const said = (call: Payload) => claims("cost-fits-tokens", [decision, call]);

  it("is its tokens at the policy's prices", () => {
    const usd = 2 * input + output;
    expect(usd).toBeGreaterThan(0);
    expect(said({ ...priced, cost_usd: usd })).toEqual([{ seq: 1, recorded: usd, redone: usd }]);
    expect(said({ ...priced, cost_usd: 0 })).toEqual([{ seq: 1, recorded: 0, redone: usd }]);
  });

  it("is said to have no price only where it has none, by runs that say so", () => {
    const own = { ...priced, provider: "sglang", model: "own", resolved_model: "own", cost_usd: null };
    expect(said(own)).toEqual([{ seq: 1, recorded: null, redone: null }]);
    expect(said({ ...own, unpriced: "local" })).toEqual([
      { seq: 1, recorded: null, redone: null },
      { seq: 1, recorded: "local", redone: "local" },
    ]);
    expect(said({ ...priced, cost_usd: 2 * input + output, unpriced: "local" })[1]).toEqual({ seq: 1, recorded: "local", redone: null });
  });
});

describe("the id of a patch", () => {
  const patch = (file: string, more: Payload = {}): Payload => ({ type: "PatchApply", file_path: file, after_hash: `h-${file}`, success: true, ...more });
  const id = patchIdOf([
    ["f", "h-f" as Sha256],
    ["g", "h-g" as Sha256],
  ]);
  const said = (payloads: readonly Payload[], around?: Around) => claims("patch-id-fits-files", payloads, around);

  it("is the hash of its files, told at each of them", () => {
    expect(said([patch("f", { patch_id: id }), patch("g", { patch_id: "x" })])).toEqual([
      { seq: 0, recorded: id, redone: id },
      { seq: 1, recorded: "x", redone: id },
    ]);
    expect(said([decision])).toEqual([]);
  });

  it("is that of nothing where any file of it was not changed", () => {
    const none = sha256("");
    expect(said([patch("f", { patch_id: none }), patch("g", { patch_id: id, success: false })])).toEqual([
      { seq: 0, recorded: none, redone: none },
      { seq: 1, recorded: id, redone: none },
    ]);
  });

  it("can't be told where a file is kept without what looked like a secret, unless it fits all the same", () => {
    const kept: Around = { texts: { "h-g": "key = [redacted:api-key]" } };
    expect(said([patch("f", { patch_id: "x" }), patch("g", { patch_id: "x" })], kept)).toEqual([
      { seq: 0, missing: REDACTED },
      { seq: 1, missing: REDACTED },
    ]);
    expect(said([patch("f", { patch_id: id }), patch("g", { patch_id: id })], kept)).toMatchObject([{ redone: id }, { redone: id }]);
  });
});

describe("an answer of the notebook", () => {
  const asked: Payload = { type: "RetrievalRequest", request_id: "q" };
  const answer = (more: Payload = {}): Payload => ({ type: "RetrievalResponse", request_id: "q", response_hash: "h", error: null, ...more });
  it("belongs to a question before it, and is one unless it failed", () => {
    const said = (...payloads: readonly Payload[]) => claims("answer-fits-question", payloads).at(-1);
    expect(said(asked, answer())).toEqual({ seq: 1, recorded: { asked: true, answered: true }, redone: { asked: true, answered: true } });
    expect(said(asked, answer({ response_hash: null, error: "late" }))).toMatchObject({ recorded: { answered: false }, redone: { answered: false } });
    expect(said(answer(), asked)).toMatchObject({ recorded: { asked: false }, redone: { asked: true } });
    expect(said(asked, answer({ request_id: "r" }))).toMatchObject({ recorded: { asked: false } });
    expect(said(asked)).toBeUndefined();
  });
});

describe("a text that the capture mode keeps", () => {
  it("is in the capsule, unless it was left out of an export on purpose", () => {
    const said = (around: Around) => claims("captured-texts-are-stored", [result()], around);
    expect(said({ held: ["v"] })).toEqual([{ seq: 0, recorded: "v", redone: "v" }]);
    expect(said({})).toEqual([{ seq: 0, recorded: "v", redone: null }]);
    expect(said({ held: ["v"], withheld: ["v"] })).toEqual([{ seq: 0, missing: "left out of this export" }]);
  });
});

describe("other levels", () => {
  const facts = (suite: string | object) =>
    ({ signature: { state: "unsigned", key: null, detail: "" }, suite }) as unknown as Parameters<typeof integrity.outcome>[0];
  it("say why the suite is not here, where they need it", () => {
    for (const level of ["prompts", "patches"] as const) {
      expect(LEVELS[level].outcome(facts("no suite here"))).toEqual({ notes: ["no suite here"] });
      expect(LEVELS[level].outcome(facts({}))).toEqual({ notes: [] });
    }
    for (const level of ["decisions", "model calls"] as const) expect(LEVELS[level].outcome(facts("no suite here"))).toEqual({ notes: [] });
    expect(LEVELS["re-execution"].outcome(facts({}))).toBeNull();
  });

  it("have an answer of the notebook in the record, or say that it is not", () => {
    const [check] = LEVELS["model calls"].checks({} as never).trials;
    const said = (payload: Payload, around?: Around) => [...(check?.claims(viewOf([payload], around)) ?? [])];
    const answer = { type: "RetrievalResponse", response_hash: "h" };
    expect(said(answer, { held: ["h"] })).toEqual([{ seq: 0, what: "notebook answers", recorded: "h", redone: "h" }]);
    expect(said(answer)).toEqual([{ seq: 0, what: "notebook answers", missing: "the answer is not in the record" }]);
    expect(said({ ...answer, response_hash: null })).toEqual([]);
    expect(said({ type: "RetrievalRequest", response_hash: "h" })).toEqual([]);
  });
});

describe("the scene of a task", () => {
  it("is the suite's, or why there is none", () => {
    const budget = policyWith().policy.prompt;
    expect(scenesOf("the suite is not here", budget)("fix-a")).toBe("the suite is not here");
    const scenes = scenesOf(suiteOf([taskNamed("a")]), budget);
    expect(scenes("fix-z")).toBe("the suite has no task fix-z");
    const scene = scenes("fix-a");
    expect(scene).toMatchObject({ task: { id: "fix-a" }, budget });
    expect(scenes("fix-a")).toBe(scene);
  });
});
