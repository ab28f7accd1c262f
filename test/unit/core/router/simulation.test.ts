// Seeded trials under random policies, histories and conditions, against what must hold of every one of them.
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { createRandom, type Random } from "../../../../src/core/base/random.ts";
import type { WrittenPolicy } from "../../../../src/core/policy/schema.ts";
import type { PolicySnapshot } from "../../../../src/core/policy/snapshot.ts";
import { NOTHING_SPENT, spend, type Spent, exhaustedBudget } from "../../../../src/core/router/budget.ts";
import type { Command, ModelCallCommand, TrialPlan } from "../../../../src/core/trial/command.ts";
import { type BreakerState, CALM, type Conditions, fallbackReason, recordedConditions } from "../../../../src/core/trial/conditions.ts";
import { decisionEvents } from "../../../../src/core/trial/decision-event.ts";
import { trialEvent, type TrialEvent } from "../../../../src/core/trial/event.ts";
import { reason, UNROUTED } from "../../../../src/core/trial/reason.ts";
import { decide, next, RULES } from "../../../../src/core/router/next.ts";
import { DEFAULT_REFLEX } from "../../../../src/core/policy/rules/reflex.ts";
import { foldTrial } from "../../../../src/core/trial/fold.ts";
import { draws } from "../../../setup/sample.ts";
import { policyWith } from "../../run/fakes.ts";
import { ATTEMPT_ENDS, firstStepLength, outcomeOf, planOf, type World } from "./history.ts";

/** Each commit draws others; `npm run test:long` takes ten thousand. */
const { count: TRIALS, seed: SEED } = draws("ten thousand trials", { whole: 10_000, part: 1_500 });
const MAX_STEPS = 80;
const base = policyWith();
const NAMES = ["gpt-oss-20b", "qwen3-coder-30b-a3b-awq", "qwen3-coder-30b-a3b-gptq", "gone"];
const SERVERS = ["sglang/gpt-oss-20b", "sglang/qwen3-coder-30b-a3b-awq", "vllm/qwen3-coder-30b-a3b-gptq", "local/small"];

const flip = (random: Random): boolean => random.int(2) === 1;
const some = <T>(random: Random, items: readonly T[]): T[] => random.shuffle(items).slice(0, random.int(items.length + 1));
const promotionOf = (candidate: string) => ({ candidate, decision_sha256: "0".repeat(64), promoted: "2026-11-20", by: "someone" });

function drawnPolicy(random: Random): WrittenPolicy {
  const policy = structuredClone(base.policy);
  policy.reflex = {
    ...policy.reflex,
    enabled: random.int(6) > 0,
    candidate: random.pick(NAMES),
    fallbacks: some(random, NAMES),
    max_attempts: 1 + random.int(4),
    rollout: random.pick([{ stage: "on" }, { stage: "off" }, { stage: "shadow" }, { stage: "canary", percent: random.int(101) }]),
    thresholds: {
      min_samples: 1 + random.int(30),
      p95_latency_ms: 1 + random.int(5000),
      success_percent: random.int(101),
      json_compliance_percent: random.int(101),
    },
  };
  policy.promotion = some(random, NAMES).map(promotionOf);
  policy.roles.implementer.max_attempts = 1 + random.int(4);
  policy.roles.architect.plans_risks = random.pick([["high"], [], ["low", "high"]]);
  policy.escalation = { on_attempts_exhausted: flip(random), on_model_failure: flip(random) };
  policy.high_risk = {
    risks: random.pick([["high"], [], ["low", "high"]]),
    paths: random.pick([[], ["src/crypto/**"]]),
    tags: random.pick([[], ["unsafe"]]),
    skip_reflex: random.int(3) > 0,
  };
  policy.tier2.enabled = flip(random);
  const stage = () => 100 + random.int(5000);
  policy.budgets = { ...policy.budgets, run_tokens: 500 + random.int(20_000), run_cost_usd: 0.5 + random.int(10), allow_override: true };
  policy.budgets.stage_tokens = { Plan: stage(), Implement: stage(), Audit: stage(), Unlock: stage() };
  return policy;
}

function drawnTrial(random: Random): TrialPlan {
  const plan = planOf({ risk: random.pick(["low", "high"]), capability: flip(random) });
  const task = {
    ...plan.task,
    id: `task-${random.int(1000)}`,
    tags: random.pick([[], ["unsafe"]]),
    editable: random.pick([[], ["src/a.rs", "src/crypto/seal.rs"]]),
  };
  return { ...plan, task, slot: flip(random) ? plan.slot : null };
}

function drawnConditions(random: Random): Pick<Conditions, "breakers" | "health"> {
  const states: BreakerState[] = ["Closed", "Open", "HalfOpen"];
  const breakers = Object.fromEntries(some(random, SERVERS).map((id) => [id, random.pick(states)]));
  const percent = (): number | null => (random.int(4) === 0 ? null : random.int(101));
  const health = NAMES.map((name) => {
    const measured = { samples: random.int(60), p95_latency_ms: random.int(4) === 0 ? null : random.int(9000) };
    return [name, { ...measured, success_percent: percent(), json_compliance_percent: percent() }] as const;
  });
  return { breakers, health: Object.fromEntries(some(random, health)) };
}

const worldOf = (random: Random): World => ({
  attempt: () => random.pick(ATTEMPT_ENDS),
  judge: () => random.pick(["yes", "no", "fails"]),
  critic: () => random.pick(["advisory", "block", "fails"]),
});

/** What carrying the command out brought: its tokens, and sometimes no answer at all. */
function stepOf(random: Random, command: Command): readonly TrialEvent[] {
  const failed = command.do === "attempt" && random.int(4) === 0;
  const events = outcomeOf(command, failed ? { ...worldOf(random), attempt: () => "patch-rejected" } : worldOf(random)).map((event): TrialEvent => {
    if (event.type !== "ModelCallEnvelope") return event;
    const tokens = random.int(5) === 0 ? null : random.int(1500);
    const spent = { prompt_tokens: tokens, response_tokens: tokens === null ? null : 100, cost_usd: random.int(5) === 0 ? null : random.int(200) / 100 };
    return { ...event, ...spent, success: event.success && !failed, error: failed ? "server-error: no" : event.error };
  });
  return "choice" in command ? [...decisionEvents(command), ...events] : events;
}

interface Step {
  readonly rule: string;
  readonly command: Command;
  readonly conditions: Conditions;
  /** Before the step. */
  readonly spent: Spent;
}

interface Drawn {
  readonly snapshot: PolicySnapshot;
  readonly trial: TrialPlan;
  readonly steps: readonly Step[];
  readonly history: readonly TrialEvent[];
  readonly overridden: boolean;
}

const callOf = (step: readonly TrialEvent[]) => step.find((event) => event.type === "ModelCallEnvelope");

function simulate(random: Random): Drawn {
  const snapshot = { ...base, policy: drawnPolicy(random) };
  const trial = drawnTrial(random);
  const overridden = random.int(4) === 0;
  const history: TrialEvent[] = [];
  const steps: Step[] = [];
  let spent = NOTHING_SPENT;
  while (steps.length < MAX_STEPS) {
    const over = exhaustedBudget(snapshot.policy.budgets, spent) !== null;
    const conditions: Conditions = { ...drawnConditions(random), budget: over ? (overridden ? "overridden" : "spent") : "within" };
    const { rule, command } = decide(snapshot, trial, history, conditions);
    steps.push({ rule, command, conditions, spent });
    if (command.do === "finished" || command.do === "stop") return { snapshot, trial, steps, history, overridden };
    const step = stepOf(random, command);
    history.push(...step);
    const call = callOf(step);
    if (call) spent = spend(spent, call);
  }
  throw new Error("the trial has no end");
}

const random = createRandom(SEED);
const drawn = Array.from({ length: TRIALS }, () => simulate(random));
const isCall = (command: Command): command is ModelCallCommand => "choice" in command;
const callsOf = ({ steps }: Drawn) => steps.map(({ command }) => command).filter(isCall);
const attemptsOf = (one: Drawn) => callsOf(one).filter((command) => command.do === "attempt");

/** Written anew, so that the router's own idea of high risk is not what it is held against. */
function highRisk({ snapshot: { policy }, trial: { task } }: Drawn): boolean {
  const { risks, tags, paths } = policy.high_risk;
  return (
    risks.includes(task.risk) ||
    (task.tags ?? []).some((tag) => tags.includes(tag)) ||
    (paths.length > 0 && (task.editable ?? []).includes("src/crypto/seal.rs"))
  );
}

describe("random trials", () => {
  it("all end: with one unlock decision at their end, or stopped by the run's budget", () => {
    for (const { steps, history } of drawn) {
      const unlocks = history.filter((event) => event.type === "GateDecision" && event.gate_name === "unlock");
      expect(unlocks).toEqual(steps.at(-1)?.command.do === "stop" ? [] : [history.at(-1)]);
    }
  });

  it("never have the Judge in the reflex mode, or served locally", () => {
    for (const one of drawn)
      for (const { routing } of callsOf(one).filter((command) => command.do === "judge"))
        expect([routing.role, routing.mode, routing.provider, routing.model]).toEqual(["Judge", "Cloud", "cloud", "judge"]);
  });

  it("have the reflex mode for the Implementer at Implement only, by the slot, or by a model of the order that may serve", () => {
    for (const { snapshot, trial, steps } of drawn)
      for (const { command, conditions } of steps) {
        if (!isCall(command) || command.routing.mode !== "Reflex") continue;
        const { role, stage, provider, model } = command.routing;
        expect([role, stage]).toEqual(["Implementer", "Implement"]);
        expect(conditions.breakers[`${provider}/${model}`]).not.toBe("Open");
        if (trial.slot) expect(model).toBe(trial.slot.model);
        else expect([snapshot.policy.reflex.candidate, ...snapshot.policy.reflex.fallbacks]).toContain(model);
        if (!trial.slot && model !== DEFAULT_REFLEX) expect(snapshot.policy.promotion.map(({ candidate }) => candidate)).toContain(model);
      }
  });

  it("bound the attempts, and number them without a gap", () => {
    for (const one of drawn) {
      const { reflex, roles, escalation } = one.snapshot.policy;
      const attempts = attemptsOf(one).map(({ routing }) => routing);
      const inMode = (mode: string) => attempts.filter((routing) => routing.mode === mode && routing.selection_reason !== "reflex-shadow").length;
      const most = escalation.on_model_failure ? reflex.max_attempts : 2 * reflex.max_attempts - 1;
      expect(inMode("Reflex")).toBeLessThanOrEqual(reflex.enabled ? most : 0);
      expect(inMode("Cloud")).toBeLessThanOrEqual(roles.implementer.max_attempts);
      expect(attempts.filter(({ selection_reason: why }) => why === "reflex-shadow").length).toBeLessThanOrEqual(1);
      expect(attempts.map(({ attempt }) => attempt)).toEqual(attempts.map((_, index) => index + 1));
    }
  });

  it("keep the reflex mode off high risk, unless a slot is tried for its capability, and then say so", () => {
    for (const one of drawn) {
      const skips = one.snapshot.policy.high_risk.skip_reflex && highRisk(one);
      const reflex = attemptsOf(one).filter(({ routing }) => routing.mode === "Reflex");
      if (skips && !(one.trial.capability && one.trial.slot)) expect(reflex).toEqual([]);
      for (const { routing } of reflex) expect(routing.outside_policy).toBe(skips);
    }
  });

  it("spend no more than the budget and one call, and stop only where it is spent", () => {
    for (const { snapshot, steps, overridden } of drawn)
      for (const { command, spent } of steps) {
        const spentUp = exhaustedBudget(snapshot.policy.budgets, spent) !== null;
        if (isCall(command)) expect(spentUp && !overridden).toBe(false);
        if (command.do === "stop") expect([spentUp, overridden]).toEqual([true, false]);
        if (isCall(command) && spentUp) expect(command.choice.conditions?.budget).toBe("overridden");
      }
  });

  it("make no attempt once the stage's tokens are used up", () => {
    for (const one of drawn) {
      let known = 0;
      for (const event of one.history) {
        if (event.type === "RoutingDecision" && event.role === "Implementer") expect(known).toBeLessThan(one.snapshot.policy.budgets.stage_tokens.Implement);
        if (event.type === "ModelCallEnvelope" && event.role === "Implementer") known += (event.prompt_tokens ?? 0) + (event.response_tokens ?? 0);
      }
    }
  });

  it("unlock only what the judge passed, the critic did not block and the visible tests passed", () => {
    for (const { history, steps } of drawn) {
      if (steps.at(-1)?.command.do === "stop") continue;
      const state = foldTrial(history);
      const passes = state.judgeSays?.outcome === "Pass" && state.signal?.severity !== "block" && state.attempts.at(-1)?.result.verdict.visible_passed === true;
      expect(state.unlocked?.outcome === "Pass").toBe(passes);
    }
  });

  it("stop attempting once all that a model may see passes, and never go by a shadow", () => {
    for (const { history } of drawn) {
      const { attempts, shadows } = foldTrial(history);
      expect(attempts.slice(0, -1).every(({ result }) => !result.verdict.visible_passed)).toBe(true);
      if (shadows.length > 0) expect(attempts.every(({ mode }) => mode === "Cloud")).toBe(true);
    }
  });

  it("say why whoever stood before the one that serves does not", () => {
    for (const one of drawn)
      for (const command of callsOf(one)) {
        const [decision, ...fallbacks] = decisionEvents(command);
        if (decision?.type !== "RoutingDecision") throw new Error("the decision comes first");
        expect(decision.is_fallback).toBe(decision.fallback_reason !== undefined);
        expect(fallbacks.length).toBe(command.choice.passedOver.length);
        for (const event of [decision, ...fallbacks]) expect(trialEvent.safeParse(event).success).toBe(true);
      }
  });

  it("come to the same decision again from what was recorded of the conditions alone", () => {
    for (const { snapshot, trial, steps, history } of drawn.slice(0, 1000)) {
      const told: TrialEvent[] = [];
      const left = [...history];
      for (const { command } of steps) {
        if (command.do === "stop" || command.do === "finished") continue;
        const decision = isCall(command) ? decisionEvents(command)[0] : undefined;
        const conditions = decision?.type === "RoutingDecision" ? recordedConditions(decision) : CALM;
        expect(next(snapshot, trial, told, conditions)).toEqual(command);
        told.push(...left.splice(0, firstStepLength(left)));
      }
    }
  });

  it("leave the history as it was", () => {
    for (const { snapshot, trial, history } of drawn.slice(0, 300)) {
      const before = JSON.stringify(history);
      expect(next(snapshot, trial, history, CALM)).toEqual(next(snapshot, structuredClone(trial), structuredClone(history), CALM));
      expect(JSON.stringify(history)).toBe(before);
    }
  });

  it("show every rule, selection reason and fallback reason somewhere", () => {
    const seen = <T>(items: readonly T[]): T[] => [...new Set(items)].toSorted();
    const shownBy = (trials: readonly Drawn[]) => ({
      rules: seen(trials.flatMap(({ steps }) => steps.map(({ rule }) => rule))),
      reasons: seen(trials.flatMap(({ steps }) => steps.flatMap(({ command }) => ("routing" in command ? [command.routing.selection_reason] : [])))),
      fallbacks: seen(trials.flatMap((one) => callsOf(one).flatMap(({ choice }) => choice.passedOver.map((passed) => passed.reason)))),
    });
    const all = {
      rules: RULES.map(({ name }) => name).toSorted(),
      reasons: reason.options.filter((name) => !UNROUTED.has(name)).toSorted(),
      fallbacks: [...fallbackReason.options].toSorted(),
    };
    // One in 250 shows the rarest: a part of the trials may lack it.
    const trials = [...drawn];
    while (trials.length < 10_000 && !isDeepStrictEqual(shownBy(trials), all)) trials.push(...Array.from({ length: 500 }, () => simulate(random)));
    expect(shownBy(trials)).toEqual(all);
  });
});
