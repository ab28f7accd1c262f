// What a run would ask of whom, worked out by hand: calls of each role, tokens, dollars; and whom nobody is told of.
import { describe, expect, it } from "vitest";
import { forecast, type ForecastPlan } from "../../../../../src/core/capsule/plan/forecast.ts";
import type { TaskFacts } from "../../../../../src/core/capsule/line.ts";
import { canaryDraw } from "../../../../../src/core/router/rollout.ts";
import { REAL_BINDINGS, STAND_IN_BINDINGS } from "../../metrics/summary-fixture.ts";
import { policyWith } from "../../../run/fakes.ts";

const task = (id: string, facts: Partial<TaskFacts> = {}): TaskFacts => ({
  id,
  kind: "test",
  risk: "low",
  area: "logic",
  error_codes: [],
  digest: "0".repeat(64),
  ...facts,
});
const SMALL = { name: "gpt-oss-20b", provider: "sglang", model: "gpt-oss-20b" };
const NOP = { name: "nop", provider: "embedded", model: "nop" };
const ROUTE = { name: "policy", provider: "policy", model: "policy" };

/** Prompts of 111 tokens at most, and a cloud attempt more than one in the slot. */
const snapshot = policyWith((policy) => {
  Object.assign(policy.prompt, { context_tokens: 100, map_tokens: 10, feedback_tokens: 1 });
  policy.roles.implementer.max_attempts = 3;
});

const plan = (facts: Partial<ForecastPlan> = {}): ForecastPlan => ({
  snapshot,
  tasks: [task("dangerous", { risk: "high" }), task("one"), task("two")],
  candidates: [SMALL],
  bindings: REAL_BINDINGS,
  epochs: 1,
  seed: 7,
  capability: false,
  ...facts,
});

/** By model: roles, least and most calls. */
const calls = (facts: Partial<ForecastPlan> = {}) =>
  Object.fromEntries(forecast(plan(facts)).map(({ model, roles, least, most }) => [model, `${roles.join("+")} ${least}–${most}`]));

describe("the calls of a run", () => {
  it("are a plan for the high-risk task, attempts in the slot for the others, the cloud's after them, a comment and a judgement each", () => {
    expect(calls()).toEqual({
      "gpt-5.2-xhigh": "Architect+Judge 1–4",
      "gpt-5.2-high": "Implementer 1–9",
      "gpt-5.2-mini": "SidecarCritic 0–3",
      "gpt-oss-20b": "Implementer 2–4",
    });
  });

  it("are as often as the tasks are repeated, and by each candidate", () => {
    expect(calls({ epochs: 3 })).toEqual({
      "gpt-5.2-xhigh": "Architect+Judge 3–12",
      "gpt-5.2-high": "Implementer 3–27",
      "gpt-5.2-mini": "SidecarCritic 0–9",
      "gpt-oss-20b": "Implementer 6–12",
    });
    // A program of this machine is asked as well, and is no provider.
    expect(calls({ candidates: [NOP, SMALL] })).toEqual({
      "gpt-5.2-xhigh": "Architect+Judge 2–8",
      "gpt-5.2-high": "Implementer 2–18",
      "gpt-5.2-mini": "SidecarCritic 0–6",
      "gpt-oss-20b": "Implementer 2–4",
    });
  });

  it("are the slot's on a high-risk task only where that is tried too, and never surely", () => {
    const tasks = [task("dangerous", { risk: "high" })];
    expect(calls({ tasks })["gpt-oss-20b"]).toBeUndefined();
    expect(calls({ tasks, capability: true })).toMatchObject({ "gpt-oss-20b": "Implementer 0–2", "gpt-5.2-high": "Implementer 1–3" });
  });

  it("take a task for high-risk by what the policy says of its paths and tags", () => {
    const guarded = policyWith((policy) => Object.assign(policy.high_risk, { paths: ["src/secret.rs"], tags: ["unsafe"] }));
    const high = "Implementer 1–2";
    for (const facts of [{ editable: ["src/secret.rs"] }, { tags: ["unsafe"] }])
      expect(calls({ snapshot: guarded, tasks: [task("one", facts)] })).toMatchObject({ "gpt-5.2-xhigh": "Architect+Judge 1–2", "gpt-5.2-high": high });
    expect(calls({ snapshot: guarded, tasks: [task("one", { editable: ["src/a.rs"], tags: ["fast"] })] })).toMatchObject({
      "gpt-5.2-xhigh": "Judge 0–1",
      "gpt-5.2-high": "Implementer 0–2",
    });
  });

  it("are a plan for low-risk work, too, where the policy has it planned", () => {
    const planning = policyWith((policy) => (policy.roles.architect.plans_risks = ["low"]));
    expect(calls({ snapshot: planning })["gpt-5.2-xhigh"]).toBe("Judge+Architect 2–5");
  });

  it("are none by stand-ins", () => {
    expect(calls({ bindings: STAND_IN_BINDINGS })).toEqual({
      "gpt-5.2-xhigh": "Architect 1–1",
      "gpt-5.2-mini": "SidecarCritic 0–3",
      "gpt-oss-20b": "Implementer 2–4",
    });
  });

  it("are a comment and a judgement more for each planted patch", () => {
    const planting = policyWith((policy) => (policy.gates.calibration_plants = policy.gates.reflex_promotion.min_epochs * 4));
    expect(calls({ snapshot: planting, tasks: [task("one"), task("two")] })).toMatchObject({
      "gpt-5.2-xhigh": "Judge 0–6",
      "gpt-5.2-mini": "SidecarCritic 0–6",
    });
  });
});

describe("the calls of the policy's own route", () => {
  const reflexCalls = (facts: Partial<ForecastPlan>) => {
    const { "gpt-oss-20b": slot, "gpt-5.2-high": cloud } = calls({ candidates: [ROUTE], tasks: [task("one")], ...facts });
    return [slot, cloud];
  };

  it("are its reflex model's, by its name", () => {
    expect(reflexCalls({})).toEqual(["Implementer 1–2", "Implementer 0–3"]);
  });

  it("are one at most, a shadow's, where reflex is off or its rollout does not reach the task", () => {
    const off = policyWith((policy) => (policy.reflex.enabled = false));
    const shadow = policyWith((policy) => (policy.reflex.rollout.stage = "shadow"));
    for (const each of [off, shadow]) expect(reflexCalls({ snapshot: each })).toEqual(["Implementer 0–1", "Implementer 1–2"]);
    const draw = canaryDraw(snapshot.policy.meta.id, "one");
    const canary = (percent: number) => policyWith((policy) => Object.assign(policy.reflex.rollout, { stage: "canary", percent }));
    expect(reflexCalls({ snapshot: canary(Math.ceil(draw)) })[0]).toBe("Implementer 1–2");
    expect(reflexCalls({ snapshot: canary(Math.floor(draw)) })[0]).toBe("Implementer 0–1");
  });

  it("are nobody's that the policy doesn't know where its reflex candidate is none of the list", () => {
    const unknown = policyWith(undefined, (written) => (written.candidate = (written.candidate ?? []).filter(({ name }) => name !== "gpt-oss-20b")));
    const [first] = forecast(plan({ candidates: [ROUTE], tasks: [task("one")], snapshot: unknown }));
    expect(first).toEqual({
      provider: "policy",
      endpoint: "",
      cloud: true,
      model: "policy",
      roles: ["Implementer"],
      least: 1,
      most: 2,
      mostTokens: 2 * 9000,
      mostUsd: null,
    });
  });
});

describe("what the calls come to", () => {
  const rowOf = (model: string, facts: Partial<ForecastPlan> = {}) => forecast(plan(facts)).find((row) => row.model === model);

  it("is the prompt's bounds and the longest answer of each, and dollars by the price of a million", () => {
    expect(rowOf("gpt-5.2-high")).toEqual({
      provider: "openai",
      endpoint: "https://api.openai.com/v1",
      cloud: true,
      model: "gpt-5.2-high",
      roles: ["Implementer"],
      least: 1,
      most: 9,
      mostTokens: 9 * (111 + 16_000),
      mostUsd: (9 * (111 * 1.75 + 16_000 * 14)) / 1_000_000,
    });
  });

  it("is no money on a machine of one's own, but what an hour of it costs", () => {
    expect(rowOf("gpt-oss-20b")).toEqual({
      provider: "sglang",
      endpoint: "http://127.0.0.1:30000/v1",
      cloud: false,
      model: "gpt-oss-20b",
      roles: ["Implementer"],
      least: 2,
      most: 4,
      mostTokens: 4 * (111 + 2048),
      mostUsd: 0,
    });
    const rented = policyWith(undefined, ({ candidate: [first] = [] }) => Object.assign(first ?? {}, { price_per_hour: 1.5, endpoint: "http://gpu:1/v1" }));
    expect(rowOf("gpt-oss-20b", { snapshot: rented })).toMatchObject({ perHourUsd: 1.5, mostUsd: 0, endpoint: "http://gpu:1/v1" });
  });

  it("is unknown money where the policy has no price", () => {
    const unpriced = policyWith((policy) => (policy.prices.models = {}));
    expect(rowOf("gpt-5.2-high", { snapshot: unpriced })?.mostUsd).toBeNull();
  });
});
