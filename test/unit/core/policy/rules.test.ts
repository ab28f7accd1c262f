// What a policy must satisfy beyond its form: each rule's faults at their places; and the schema's limits.
import { describe, expect, it } from "vitest";
import { EMBEDDED, POLICY_RULES, policyFaults } from "../../../../src/core/policy/rules.ts";
import { candidatesSchema, policySchema, type WrittenCandidates, type WrittenPolicy } from "../../../../src/core/policy/schema.ts";
import { policyWith } from "../../run/fakes.ts";

const snapshot = policyWith();
type Change = (policy: WrittenPolicy, candidates: WrittenCandidates) => void;

function faultsOf(change: Change): string[] {
  const policy = structuredClone(snapshot.policy);
  const candidates: WrittenCandidates = { format: 1, candidate: structuredClone(snapshot.candidates) };
  change(policy, candidates);
  return policyFaults(policy, candidates).map(({ file, key }) => `${file} ${key.map(String).join(".")}`);
}

const candidate = (candidates: WrittenCandidates, index: number) => candidates.candidate[index] as WrittenCandidates["candidate"][number];

const CASES: readonly [string, Change, readonly string[]][] = [
  ["nothing wrong", () => undefined, []],
  ["a role whose model is not defined", (policy) => void (policy.roles.architect.model = "none"), ["policy roles.architect.model"]],
  ["a role whose model is a word of the language", (policy) => void (policy.roles.judge.model = "constructor"), ["policy roles.judge.model"]],
  [
    "every role's model not defined",
    (policy) => void (policy.models = {}),
    ["policy roles.architect.model", "policy roles.implementer.model", "policy roles.judge.model", "policy roles.sidecar_critic.model"],
  ],
  [
    "a model whose provider is not defined",
    (policy) => void ((policy.models["gpt-5.2-mini"] ?? { provider: "" }).provider = "none"),
    ["policy models.gpt-5.2-mini.provider"],
  ],
  [
    "a judge that is served locally",
    (policy) => void (policy.models["gpt-5.2-xhigh"] = { provider: "sglang", model: "m", max_output_tokens: 100 }),
    ["policy roles.judge.model"],
  ],
  ["an unknown reflex candidate", (policy) => void (policy.reflex.candidate = "gpt-9"), ["policy reflex.candidate"]],
  ["an embedded reflex candidate, which is in no file", (policy) => void (policy.reflex.candidate = "oracle"), ["policy reflex.candidate"]],
  ["a candidate that takes an embedded one's name", (_, candidates) => void (candidate(candidates, 1).name = "nop"), ["candidates candidate.1.name"]],
  ["a candidate that is there twice", (_, candidates) => void (candidate(candidates, 2).name = candidate(candidates, 0).name), ["candidates candidate.2.name"]],
  ["a candidate whose provider is not defined", (_, candidates) => void (candidate(candidates, 0).provider = "none"), ["candidates candidate.0.provider"]],
  [
    "a candidate whose provider is a word of the language",
    (_, candidates) => void (candidate(candidates, 0).provider = "tostring"),
    ["candidates candidate.0.provider"],
  ],
  ["no candidates at all", (_, candidates) => void (candidates.candidate = []), ["policy reflex.candidate"]],
];

describe("policy rules", () => {
  for (const [name, change, faults] of CASES) it(`find ${name}`, () => expect(faultsOf(change)).toEqual(faults));

  it("find everything at once", () => {
    const all = faultsOf((policy, candidates) => {
      policy.roles.architect.model = "none";
      policy.reflex.candidate = "none";
      candidate(candidates, 1).name = "oracle";
      candidate(candidates, 2).provider = "none";
    });
    expect(all).toEqual(["policy roles.architect.model", "policy reflex.candidate", "candidates candidate.1.name", "candidates candidate.2.provider"]);
  });

  it("have names and sentences of their own", () => {
    expect(new Set(POLICY_RULES.map(({ name }) => name)).size).toBe(POLICY_RULES.length);
    for (const { sentence } of POLICY_RULES) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });

  for (const name of EMBEDDED)
    it(`keep the name ${name} for the embedded candidate`, () =>
      expect(faultsOf((_, candidates) => void (candidate(candidates, 0).name = name))).toContain("candidates candidate.0.name"));
});

describe("the policy's form", () => {
  const refuses = (change: (policy: WrittenPolicy) => void): string[] => {
    const policy = structuredClone(snapshot.policy);
    change(policy);
    const parsed = policySchema.safeParse(policy);
    return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join("."));
  };
  const LIMITS: readonly [string, (policy: WrittenPolicy) => void, string][] = [
    ["another format", (policy) => void ((policy as { format: number }).format = 3), "format"],
    ["a version that is none", (policy) => void (policy.meta.version = "2.0"), "meta.version"],
    ["a day that is in no calendar", (policy) => void (policy.meta.updated = "2026-02-30"), "meta.updated"],
    ["a day that is no day", (policy) => void (policy.prices.dated = "yesterday"), "prices.dated"],
    ["no attempts", (policy) => void (policy.reflex.max_attempts = 0), "reflex.max_attempts"],
    ["too many attempts", (policy) => void (policy.roles.implementer.max_attempts = 11), "roles.implementer.max_attempts"],
    ["half an attempt", (policy) => void (policy.reflex.max_attempts = 1.5), "reflex.max_attempts"],
    ["an address that is none", (policy) => void (policy.tier2.endpoint = "localhost:3456"), "tier2.endpoint"],
    ["an address of another protocol", (policy) => void (policy.tier2.endpoint = "file:///etc/passwd"), "tier2.endpoint"],
    ["a risk there is none of", (policy) => void ((policy.high_risk.risks as string[])[0] = "medium"), "high_risk.risks.0"],
    ["a capture mode there is none of", (policy) => void ((policy.capture as { mode: string }).mode = "all"), "capture.mode"],
    ["a key's name in lower case", (policy) => void Object.assign(policy.providers["openai"] ?? {}, { key_env: "key" }), "providers.openai.key_env"],
    ["a negative price", (policy) => void (policy.prices.models["m"] = { input: -1, output: 1 }), "prices.models.m.input"],
    ["a deadline of nothing", (policy) => void (policy.tier2.deadline_ms = 0), "tier2.deadline_ms"],
    ["an answer limit of nothing", (policy) => void (policy.limits.max_answer_chars = 1), "limits.max_answer_chars"],
  ];
  for (const [name, change, path] of LIMITS) it(`refuses ${name}`, () => expect(refuses(change)).toEqual([path]));
  it("takes the policy of this repository", () => expect(refuses(() => undefined)).toEqual([]));
});

describe("the candidates' form", () => {
  const refuses = (change: Record<string, unknown>): string[] => {
    const parsed = candidatesSchema.safeParse({ format: 1, candidate: [{ ...snapshot.candidates[0], ...change }] });
    return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join("."));
  };
  const LIMITS: readonly [string, Record<string, unknown>, string][] = [
    ["a name with capitals", { name: "GPT" }, "candidate.0.name"],
    ["a name with a slash", { name: "a/b" }, "candidate.0.name"],
    ["a comma in a name", { name: "a,b" }, "candidate.0.name"],
    ["an empty name", { name: "" }, "candidate.0.name"],
    ["a model with a colon", { model: "a:b" }, "candidate.0.model"],
    ["a temperature too high", { temperature: 3 }, "candidate.0.temperature"],
    ["an answer format there is none of", { answer_format: "prose" }, "candidate.0.answer_format"],
    ["no way to start it", { start: "" }, "candidate.0.start"],
    ["an endpoint that is none", { endpoint: "here" }, "candidate.0.endpoint"],
    ["an unknown key", { colour: 1 }, "candidate.0"],
    ["too few output tokens", { max_output_tokens: 1 }, "candidate.0.max_output_tokens"],
  ];
  for (const [name, change, path] of LIMITS) it(`refuses ${name}`, () => expect(refuses(change)).toEqual([path]));
  it("answers in edits where nothing else is said", () =>
    expect(candidatesSchema.parse({ format: 1, candidate: [{ ...snapshot.candidates[0], answer_format: undefined }] }).candidate[0]?.answer_format).toBe(
      "edits",
    ));
  it("may be none", () => expect(candidatesSchema.parse({ format: 1 })).toEqual({ format: 1, candidate: [] }));
});
