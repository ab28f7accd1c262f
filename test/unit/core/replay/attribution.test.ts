// Whose doing a divergence is: each rule by itself, in the order in which they are asked.
import { describe, expect, it } from "vitest";
import type { TrialRecord } from "../../../../src/core/capsule/record.ts";
import { attribute, ATTRIBUTION_RULES, type AttributionFacts } from "../../../../src/core/replay/attribution.ts";
import { ROUTER_CHECK } from "../../../../src/core/replay/levels/decisions.ts";
import type { Finding } from "../../../../src/core/replay/levels/level.ts";

const finding = (more: Partial<Finding> = {}): Finding => ({
  level: "prompts",
  check: "prompt-is-built",
  kind: "prompts",
  what: "w",
  recorded: 1,
  redone: 2,
  cause: null,
  trial: "t",
  seq: 3,
  ...more,
});
const facts = (more: Partial<AttributionFacts> = {}): AttributionFacts => ({
  versions: { recorded: "1.0.0", now: "1.1.0" },
  signature: { state: "trusted", key: "k", detail: "" },
  trials: () => [],
  planOf: () => ({}) as never,
  agreedOf: () => 0,
  ...more,
});
const told = (findings: readonly Finding[], more: Partial<AttributionFacts> = {}) =>
  attribute(findings, facts(more)).map(({ cause, why }) => `${cause}: ${why}`);

describe("the cause of a divergence", () => {
  it.each([
    ["record", "the record contradicts itself or its own hashes"],
    ["policy", "the policy that is stored or named is not the one the run was made under"],
    ["harness code", "the program has changed"],
    ["toolchain", "cargo was run again by another toolchain or sandbox"],
  ] as const)("is the one that its check knows: %s", (cause, why) => {
    expect(told([finding({ cause })])).toEqual([`${cause}: ${why}`]);
  });

  it("is that of the damaged file, where there is one; of the policy's before others", () => {
    const damage = finding({ level: "integrity", trial: null, seq: null, cause: "record", check: "merkle-root" });
    const policy = finding({ level: "integrity", trial: null, seq: null, cause: "policy", check: "policy-hash" });
    const because = (check: string) => `the capsule itself does not verify (${check}), so what follows from it can't be relied on`;
    expect(told([damage, finding()])[1]).toBe(`record: ${because("merkle-root")}`);
    expect(told([damage, policy, finding()])[2]).toBe(`policy: ${because("policy-hash")}`);
    expect(told([finding({ level: "integrity", trial: "t", cause: "record" }), finding({ trial: "u" })])[1]).toMatch(/^harness code/);
    expect(told([finding({ level: "prompts", trial: null, cause: "record" }), finding({ trial: "u" })])[1]).toMatch(/^harness code/);
  });

  it("is the record where others of the kind come out, but not of the router's decisions", () => {
    const changed = (count: string) =>
      `record: ${count} of its kind come${count.startsWith("1 ") ? "s" : ""} out as recorded: this one was changed after it was made`;
    expect(told([finding()], { agreedOf: () => 1 })).toEqual([changed("1 other")]);
    expect(told([finding()], { agreedOf: ({ kind }) => (kind === "prompts" ? 2 : 0) })).toEqual([changed("2 others")]);
    expect(told([finding({ check: ROUTER_CHECK })], { agreedOf: () => 9 })[0]).toMatch(/^harness code/);
  });

  it("is the record where something else of the same trial was changed", () => {
    const other = finding({ level: "integrity", check: "patch-id", cause: "record", seq: 7 });
    expect(told([other, finding()])[1]).toBe("record: event 7 of the same trial was changed (patch-id)");
    expect(told([{ ...other, trial: "u" }, finding()])[1]).toMatch(/^harness code/);
    expect(told([{ ...other, cause: "toolchain" }, finding()])[1]).toMatch(/^harness code/);
    // Of several the first is named, and one without a place is told without one.
    expect(told([other, { ...other, seq: 9, check: "c" }, finding()])[2]).toBe("record: event 7 of the same trial was changed (patch-id)");
    expect(told([{ ...other, seq: null }, finding()])[1]).toBe("record: another part of the same trial was changed (patch-id)");
    // What is found of the trial later in the list tells as much.
    expect(told([finding(), other])[0]).toMatch(/^record: event 7/);
  });

  it("is the program where record and policy are whole, by its version and with what doubt is left", () => {
    const whole = "harness code: record and policy are whole, and nothing else of its kind comes out as recorded: ";
    expect(told([finding()])).toEqual([`${whole}made by 1.0.0, replayed by 1.1.0`]);
    expect(told([finding()], { versions: { recorded: "1.0.0", now: "1.0.0" } })).toEqual([
      `${whole}both call themselves 1.0.0, so the code was changed without its version`,
    ]);
    expect(told([finding()], { signature: { state: "self-signed", key: "k", detail: "" } })[0]).toMatch(
      /; nobody trusted signed this capsule, so a record that was rewritten throughout can't be ruled out$/,
    );
    expect(told([finding({ check: ROUTER_CHECK })])[0]).toContain("no other decision in the same situation is recorded as it is made now");
  });

  it("is found by rules that are asked in this order, each in a sentence", () => {
    expect(ATTRIBUTION_RULES.map(({ name }) => name)).toEqual([
      "the-check-knows",
      "the-file-is-damaged",
      "same-situation-decided-both-ways",
      "its-like-come-out",
      "the-same-trial-was-changed",
      "code-decides-otherwise",
    ]);
    expect(ATTRIBUTION_RULES.filter(({ sentence }) => !/^[A-Z].*\.$/.test(sentence))).toEqual([]);
  });

  it("is the record where the same situation is decided elsewhere as it is decided now", () => {
    const decision = {
      type: "RoutingDecision",
      from: "a",
      to: "b",
      role: "Implementer",
      mode: "Reflex",
      stage: "Implement",
      attempt: 1,
      selection_reason: "reflex-first",
      outside_policy: false,
      gate_name: "g",
      outcome: "Pass",
      blocking: true,
      model: "m",
      is_fallback: false,
    };
    const trialOf = (id: string, changed: object = {}, before: object = { type: "StageTransition", from: null, to: "Plan" }) =>
      ({ id, events: [before, { ...decision, ...changed }].map((payload, seq) => ({ seq, step: seq, trial: id, payload })) }) as unknown as TrialRecord;
    const own = trialOf("t", { selection_reason: "changed" });
    const planOf = () => ({ task: { risk: "low", kind: "test" }, capability: false }) as never;
    const found = (redone: object | null, others: readonly TrialRecord[], more: Partial<Finding> = {}) =>
      told([finding({ level: "decisions", check: ROUTER_CHECK, seq: 1, redone: redone as never, ...more })], { trials: () => [own, ...others], planOf })[0];
    const changed = (count: string) =>
      `record: ${count} of this run in the same situation ${count.startsWith("1 ") ? "is" : "are"} recorded as decided now: this one was changed after it was made`;
    expect(found(decision, [trialOf("u")])).toBe(changed("1 other decision"));
    expect(found(decision, [trialOf("u"), trialOf("v"), trialOf("w", { mode: "Cloud" })])).toBe(changed("2 other decisions"));
    // Names and words differ from trial to trial; what was decided does not.
    expect(found({ ...decision, model: "another" }, [trialOf("u")])).toBe(changed("1 other decision"));
    for (const key of ["type", "from", "to", "role", "mode", "stage", "attempt", "selection_reason", "outside_policy", "gate_name", "outcome", "blocking"])
      expect([key, found({ ...decision, [key]: "otherwise" }, [trialOf("u")])?.slice(0, 12)]).toEqual([key, "harness code"]);
    // What diverges beside the decision is not decided both ways, and is told as what follows from it.
    const beside = finding({ level: "prompts", seq: 1, redone: decision });
    const first = finding({ level: "decisions", check: ROUTER_CHECK, seq: 1, redone: decision });
    expect(told([first, beside], { trials: () => [own, trialOf("u")], planOf })).toEqual([
      changed("1 other decision"),
      `record: event 1 of the same trial was changed (${ROUTER_CHECK})`,
    ]);
    // Another history is another situation, and so is another state of the run.
    expect(found(decision, [trialOf("u", { conditions: { breakers: ["gpt"] } })])).toMatch(/^harness code/);
    expect(found(decision, [trialOf("u", {}, { type: "StageTransition", from: null, to: "Unlock" })])).toMatch(/^harness code/);
    for (const redone of [null, [decision], "finished"]) expect(found(redone as never, [trialOf("u")])).toMatch(/^harness code/);
    expect(found(decision, [trialOf("u")], { seq: 0 })).toMatch(/^harness code/);
    expect(found(decision, [trialOf("u")], { trial: "nobody" })).toMatch(/^harness code/);
    expect(found(decision, [trialOf("u")], { level: "prompts", check: "c" })).toMatch(/^harness code/);
  });
});
