// A scenario of a recorded decision: everything that it hung on is told, and what can't be told is refused.
import { describe, expect, it } from "vitest";
import type { EventLine } from "../../../../src/core/capsule/line.ts";
import { foldRun, type TrialRecord } from "../../../../src/core/capsule/record.ts";
import { recordedScenario, type ScenarioWish } from "../../../../src/core/replay/recorded-scenario.ts";
import { readGolden } from "../../../../src/core/router/golden/scenario.ts";
import type { TrialEvent } from "../../../../src/core/trial/event.ts";
import { answered, editFor, goodScript, policyWith, type Script, taskNamed } from "../../run/fakes.ts";
import { recorded } from "./recorded.ts";

const failing: Script = (request, provider) => {
  const { purpose, material, messages } = request;
  return purpose === "patch" ? answered(editFor(material.task, "failed", `${provider} ${messages.length}`)) : goodScript(request, provider);
};
const stored = policyWith();
const run = await recorded({ tasks: [taskNamed("a")], candidates: ["nop"], script: failing, snapshot: stored });
const [trial] = foldRun(run.header, run.events).trials;
if (trial === undefined) throw new Error("one trial");

/** What an attempt's routing went by and came to, otherwise. */
const routedAs = (attempt: number, change: object): TrialRecord => ({
  ...trial,
  events: trial.events.map((line) =>
    line.payload.type === "RoutingDecision" && line.payload.attempt === attempt ? { ...line, payload: { ...line.payload, ...change } as TrialEvent } : line,
  ),
});
/** A step of one event put before the first attempt. */
const precededBy = (payload: object): TrialRecord => {
  const at = trial.events.findIndex((line) => line.payload.type === "RoutingDecision");
  const put = { ...trial.events[at], step: 0.5, payload } as unknown as EventLine;
  return { ...trial, events: [...trial.events.slice(0, at), put, ...trial.events.slice(at)] };
};
const made = (own: TrialRecord = trial, wish: Partial<ScenarioWish> = {}, snapshot = stored, header = run.header) =>
  recordedScenario({ header, trial: own }, { stored, snapshot }, { name: "x", attempt: 1, should: "as-it-is", ...wish });
const writtenIn = (found: ReturnType<typeof made>) => {
  if (!found.ok) throw new Error(found.fault);
  const { scenarios, issues } = readGolden([{ path: "p", text: `format = 1\n${found.scenario.text}` }]);
  expect(issues).toEqual([]);
  return { text: found.scenario.text, written: scenarios[0]?.written };
};
const OTHERWISE = "what it hung on can't be told in a scenario: the policy of the run decides otherwise there";

describe("a scenario", () => {
  it("tells nothing beside the task, the slot and the history where all was calm", () => {
    const { text, written } = writtenIn(made());
    expect(written).toMatchObject({ slot: "nop", task: { id: "fix-a", risk: "low", editable: ["src/a.rs"] }, history: ["Plan", "Implement"] });
    expect(text).not.toMatch(/capability|breakers|health|budget/);
  });

  it("tells the breakers, the health and the budget that were consulted; what was not measured is left out", () => {
    const conditions = {
      breakers: { "embedded/nop": "HalfOpen" },
      health: { nop: { samples: 9, p95_latency_ms: null, success_percent: 50, json_compliance_percent: null } },
      budget: "overridden",
    };
    const { text, written } = writtenIn(made(routedAs(1, { conditions })));
    expect(written).toMatchObject(conditions);
    expect(text).toContain("samples = 9");
    expect(text).not.toMatch(/p95_latency_ms|json_compliance_percent|capability/);
  });

  it("hangs on each of them: without the breaker that was open the slot would have been asked", () => {
    const unavailable = { mode: "Cloud", selection_reason: "reflex-unavailable" };
    const open = routedAs(1, { ...unavailable, conditions: { breakers: { "embedded/nop": "Open" }, health: {}, budget: "within" } });
    expect(made(open)).toMatchObject({ ok: true, scenario: { expect: expect.stringContaining("reflex-unavailable") as string, change: null } });
    expect(made(routedAs(1, unavailable))).toEqual({ ok: false, fault: OTHERWISE });
  });

  it("tells that a run tried its slot on everything", () => {
    const { written } = writtenIn(made(trial, {}, stored, { ...run.header, capability: true }));
    expect(written).toMatchObject({ capability: true });
  });
});

describe("no scenario", () => {
  it("is made of a decision that the policy of the run would not have made, in any part of it", () => {
    for (const change of [{ selection_reason: "escalated-after-reflex-attempts" }, { mode: "Cloud" }])
      expect(made(routedAs(2, change), { attempt: 2 })).toEqual({ ok: false, fault: OTHERWISE });
    // By whom it was served may differ: stand-ins have no part in a scenario.
    expect(made(routedAs(2, { model: "another", stand_in: "oracle" }), { attempt: 2 })).toMatchObject({ ok: true });
  });

  it("is made where the run's own policy does not know its slot, or the one that is to be held does not", () => {
    const renamed = (name: string) => ({ ...run.header, candidates: run.header.candidates.map((one) => ({ ...one, name })) });
    expect(made({ ...trial, candidate: "nobody" }, {}, stored, renamed("nobody"))).toEqual({ ok: false, fault: OTHERWISE });
    const known = stored.candidates.find(({ name }) => name !== "nop")?.name ?? "";
    const without = { ...stored, candidates: stored.candidates.filter(({ name }) => name !== known) };
    expect(made({ ...trial, candidate: known }, {}, without, renamed(known))).toEqual({ ok: false, fault: `slot ${known} is not a candidate` });
  });

  it("is made of a history that a step has no word for, or one that is none of the notation's", () => {
    const judged = { type: "GateDecision", gate_name: "judge", stage: "Unlock", outcome: "Pass", reason: "r", blocking: true };
    expect(made(precededBy(judged))).toEqual({ ok: false, fault: "a step before it has no word in a scenario" });
    const noted = { type: "ErrorEvent", error_code: "Tier-2", message: "m", severity: "Warning", stage: "Plan", recoverable: true };
    expect(made(precededBy(noted))).toEqual({ ok: false, fault: OTHERWISE });
    expect(made(precededBy({ ...noted, error_code: "tier" }))).toMatchObject({ ok: true });
  });

  it("is made of an attempt that was not made", () => {
    expect(made(trial, { attempt: 9 })).toEqual({ ok: false, fault: "no attempt 9 was made in it" });
  });
});

describe("a wish for the cloud", () => {
  it("is told with no change where it is the cloud's turn already", () => {
    expect(made(trial, { attempt: 3, should: "cloud" })).toMatchObject({
      ok: true,
      scenario: { change: null, expect: expect.stringContaining("Cloud") as string },
    });
  });

  it("is refused where no single change grants it: the stage's budget is used up whatever the reflex mode is given", () => {
    const poor = policyWith((policy) => void (policy.budgets.stage_tokens.Implement = 50));
    expect(made(trial, { attempt: 2, should: "cloud" }, poor)).toEqual({ ok: false, fault: "no single change of the policy sends it to the cloud" });
    expect(made(trial, { attempt: 2 }, poor)).toMatchObject({
      ok: true,
      scenario: { now: expect.stringContaining("stage-budget-spent") as string, change: null },
    });
  });
});
