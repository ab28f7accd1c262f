// What of a policy concerns a comparison: a change of that makes another policy of it, a change of anything else none.
import { describe, expect, it } from "vitest";
import { agreeOn, concernOf } from "../../../../src/core/policy/concern.ts";
import type { PolicySnapshot } from "../../../../src/core/policy/snapshot.ts";
import { policyWith } from "../../run/fakes.ts";

const AWQ = "qwen3-coder-30b-a3b-awq";
const GPTQ = "qwen3-coder-30b-a3b-gptq";
const NAMES = [AWQ];
const OTHER_MODEL = { provider: "vllm", model: "elsewhere", max_output_tokens: 9 };
const PROMOTION = { decision_sha256: "0".repeat(64), promoted: "2026-11-22", by: "somebody", replaces: "gpt-oss-20b" };

const plain = policyWith();
/** Entries of the candidates whose names are given, changed. */
const withEntry = (name: string, change: object): PolicySnapshot =>
  policyWith(undefined, ({ candidate = [] }) => candidate.filter((each) => each.name === name).forEach((each) => Object.assign(each, change)));
const without = (name: string): PolicySnapshot =>
  policyWith(undefined, (written) => (written.candidate = (written.candidate ?? []).filter((each) => each.name !== name)));

describe("what concerns a comparison", () => {
  it.each<[string, PolicySnapshot]>([
    ["the compared candidate's entry", withEntry(AWQ, { temperature: 0.7 })],
    ["the reflex candidate's entry", withEntry("gpt-oss-20b", { temperature: 0.7 })],
    ["who the fallbacks are", policyWith((policy) => (policy.reflex.fallbacks = [GPTQ]))],
    ["the server of a candidate", policyWith((policy) => Object.assign(policy.providers["sglang"] ?? {}, { endpoint: "http://gpu:1/v1" }))],
    ["the server of a role", policyWith((policy) => Object.assign(policy.providers["openai"] ?? {}, { endpoint: "https://there/v1" }))],
    ["a role's model", policyWith((policy) => Object.assign(policy.models["gpt-5.2-mini"] ?? {}, { max_output_tokens: 1 }))],
    ["a role's price", policyWith((policy) => Object.assign(policy.prices.models["gpt-5.2"] ?? {}, { input: 9 }))],
    ["a promotion of the compared", policyWith((policy) => (policy.promotion = [{ candidate: AWQ, ...PROMOTION }]))],
    ["a threshold", policyWith((policy) => (policy.gates.reflex_promotion.min_epochs += 1))],
    ["its id", policyWith((policy) => (policy.meta.id = "another"))],
  ])("is %s", (_, changed) => {
    expect(concernOf(changed, NAMES)).not.toBe(concernOf(plain, NAMES));
    expect(agreeOn(plain, changed, NAMES)).toBe(false);
  });

  it.each<[string, PolicySnapshot]>([
    ["its version", policyWith((policy) => (policy.meta.version = "9.0.0"))],
    ["an entry of somebody else", withEntry(GPTQ, { temperature: 0.7 })],
    ["the server of somebody else", policyWith((policy) => Object.assign(policy.providers["vllm"] ?? {}, { endpoint: "http://gpu:1/v1" }))],
    ["a model that no role has", policyWith((policy) => (policy.models["unused"] = OTHER_MODEL))],
    ["a price of a model that nobody is", policyWith((policy) => (policy.prices.models["elsewhere"] = { input: 1, output: 1 }))],
    ["a promotion of somebody else", policyWith((policy) => (policy.promotion = [{ candidate: GPTQ, ...PROMOTION }]))],
  ])("is not %s", (_, changed) => {
    expect(concernOf(changed, NAMES)).toBe(concernOf(plain, NAMES));
    expect(agreeOn(plain, changed, NAMES)).toBe(true);
  });
});

it("is a fallback's entry, too, though nobody compares it", () => {
  const falling = (change: object): PolicySnapshot =>
    policyWith(
      (policy) => (policy.reflex.fallbacks = [GPTQ]),
      ({ candidate = [] }) => candidate.filter(({ name }) => name === GPTQ).forEach((each) => Object.assign(each, change)),
    );
  expect(agreeOn(falling({}), falling({ temperature: 0.7 }), NAMES)).toBe(false);
});

describe("an entry that only one of two policies has", () => {
  it("was tried under that one alone, and keeps nobody else from being compared", () => {
    expect(concernOf(without(AWQ), NAMES)).not.toBe(concernOf(plain, NAMES));
    for (const pair of [
      [plain, without(AWQ)],
      [without(AWQ), plain],
    ] as const)
      expect(agreeOn(...pair, [AWQ, "gpt-oss-20b"])).toBe(true);
    const changedToo = policyWith(undefined, (written) => {
      written.candidate = (written.candidate ?? []).filter(({ name }) => name !== AWQ);
      for (const each of written.candidate) if (each.name === GPTQ) Object.assign(each, { temperature: 0.7 });
    });
    expect(agreeOn(plain, changedToo, [AWQ, GPTQ])).toBe(false);
  });
});
