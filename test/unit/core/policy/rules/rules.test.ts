// What a policy must satisfy beyond its form: each rule's faults at their places.
import { describe, expect, it } from "vitest";
import type { Severity } from "../../../../../src/core/policy/rules/rule.ts";
import { EMBEDDED, POLICY_RULES, policyFaults } from "../../../../../src/core/policy/rules/rules.ts";
import type { WrittenCandidates } from "../../../../../src/core/policy/schema.ts";
import { CASES, type Change, NOTHING, QWEN, snapshot, WARNINGS } from "../rule-cases.ts";

const TODAY = "2026-11-22";

const found = (change: Change, severity: Severity) => {
  const policy = { ...structuredClone(snapshot.policy), tier2: { ...snapshot.policy.tier2, enabled: true } };
  const candidates: WrittenCandidates = { format: 1, candidate: structuredClone(snapshot.candidates) };
  change(policy, candidates);
  return policyFaults({ ...policy, candidates: candidates.candidate }, { raw: policy, today: TODAY }, severity);
};
const faultsOf = (change: Change, severity: Severity = "error"): string[] =>
  found(change, severity).map(({ rule, file, key }) => `${rule}: ${file} ${key.map(String).join(".")}`);

describe("policy rules", () => {
  for (const [name, change] of NOTHING) it(`find nothing wrong with ${name}`, () => expect(faultsOf(change)).toEqual([]));
  for (const [name, change, faults] of CASES) it(`find ${name}`, () => expect(faultsOf(change)).toEqual(faults));
  for (const [name, change, faults] of WARNINGS) it(`warn of ${name}`, () => expect([faultsOf(change, "warning"), faultsOf(change)]).toEqual([faults, []]));

  it("find a critic that is not there", () =>
    expect(policyFaults({}, { raw: { roles: {} }, today: TODAY }, "error").map(({ rule, key }) => `${rule}: ${key.join(".")}`)).toEqual([
      "critic-always-on: roles.sidecar_critic",
    ]));

  it("are each broken by a case of this table, so that none can go without a test failing", () => {
    const broken = new Set([...CASES, ...WARNINGS].flatMap(([, , faults]) => faults.map((fault) => fault.split(":")[0])));
    expect(POLICY_RULES.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
  });

  it("find nothing where the written roles are no table", () => {
    const faults = [null, 1, [], { roles: 1 }, { roles: { sidecar_critic: 1 } }].map((raw) => policyFaults({}, { raw, today: TODAY }, "error"));
    expect(faults.map((own) => own.map(({ rule }) => rule))).toEqual([...Array.from({ length: 4 }, () => ["critic-always-on"]), []]);
  });

  it("find everything at once", () => {
    const all = faultsOf((policy, candidates) => {
      policy.roles.architect.model = "none";
      policy.reflex.candidate = "none";
      (candidates.candidate[1] ?? { name: "", provider: "" }).name = "oracle";
      (candidates.candidate[2] ?? { name: "", provider: "" }).provider = "none";
    });
    expect(all.map((fault) => fault.split(" ").slice(1).join(" "))).toEqual([
      "policy roles.architect.model",
      "policy reflex.candidate",
      "candidates candidate.1.name",
      "candidates candidate.2.provider",
    ]);
  });

  it("say nothing where a section that they read could not be read", () => {
    const raw = { roles: { sidecar_critic: {} } };
    expect(policyFaults({}, { raw, today: TODAY }, "error")).toEqual([]);
    expect(policyFaults({ escalation: { on_attempts_exhausted: false, on_model_failure: true } }, { raw, today: TODAY }, "error")).toHaveLength(1);
  });

  it("find nothing in a sound policy, whichever section could not be read", () => {
    const whole = { ...snapshot.policy, candidates: snapshot.candidates };
    for (const gone of Object.keys(whole)) {
      const rest = Object.fromEntries(Object.entries(whole).filter(([section]) => section !== gone));
      expect(policyFaults(rest, { raw: snapshot.policy, today: TODAY }, "error"), gone).toEqual([]);
      expect(() => policyFaults(rest, { raw: snapshot.policy, today: TODAY }, "warning"), gone).not.toThrow();
    }
  });

  it("are not made on sections that are not there, whatever is wrong in the others", () => {
    const policy = structuredClone(snapshot.policy);
    Object.assign(policy.reflex, { candidate: QWEN, fallbacks: ["qwen2.5-coder-32b-awq"] });
    policy.promotion = [{ candidate: "gpt-9", decision_sha256: "0".repeat(64), promoted: "2026-11-20", by: "me" }];
    const whole = { ...policy, candidates: snapshot.candidates };
    const rules = (written: object) => policyFaults(written, { raw: policy, today: TODAY }, "error").map(({ rule }) => rule);
    const all = ["default-reflex-stays", "fallbacks-promoted", "promotions-stand"];
    expect(rules(whole)).toEqual(all);
    for (const [gone, left] of [
      ["reflex", ["promotions-stand"]],
      ["promotion", []],
      ["candidates", []],
      ["gates", ["promotions-stand"]],
      ["providers", all],
    ] as const)
      expect(rules(Object.fromEntries(Object.entries(whole).filter(([section]) => section !== gone))), gone).toEqual(left);
  });

  it("say their limits", () => {
    const sentences = POLICY_RULES.map(({ sentence }) => sentence);
    expect(sentences).toContain("The notebook's deadline is at most 5 minutes.");
    expect(sentences).toContain("The price list is at most 180 days old.");
    expect(sentences).toContain("The reflex candidate is gpt-oss-20b, or an alternative that a promotion names.");
  });

  it("have names and sentences of their own", () => {
    expect(new Set(POLICY_RULES.map(({ name }) => name)).size).toBe(POLICY_RULES.length);
    for (const { sentence } of POLICY_RULES) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });

  it("say what to do", () => {
    for (const [name, change] of CASES) for (const { message } of found(change, "error")) expect(message, name).toMatch(/^[^A-Z].*: \S|\. Run /);
  });

  it("tell what a canary of none, or of all, is in fact", () => {
    const said = (percent: number) => found((policy) => void (policy.reflex.rollout = { stage: "canary", percent }), "error")[0]?.message;
    expect(said(0)).toBe("a canary of 0 % is the stage off: use that stage, or choose between 1 and 99");
    expect(said(100)).toBe("a canary of 100 % is the stage on: use that stage, or choose between 1 and 99");
  });

  it("tell what to do with a fallback that nobody promoted", () =>
    expect(found((policy) => void (policy.reflex.fallbacks = [QWEN]), "error")[0]?.message).toMatch(/; or remove it from the fallbacks$/));

  it("tell how an alternative comes to be the reflex model", () =>
    expect(found((policy) => void (policy.reflex.candidate = QWEN), "error")[0]?.message).toBe(
      `${QWEN} has not been promoted: no [[promotion]] names it. Run the bakeoff (npm run bakeoff -- --candidates gpt-oss-20b,${QWEN} --epochs 6), ` +
        `then the gate (npm run gate -- --candidate ${QWEN}), then apply its decision (bakeoff promote --candidate ${QWEN} --decision FILE); ` +
        'or restore candidate = "gpt-oss-20b"',
    ));

  for (const name of EMBEDDED)
    it(`keep the name ${name} for the embedded candidate`, () =>
      expect(faultsOf((_, candidates) => void ((candidates.candidate[1] ?? { name: "", provider: "" }).name = name))).toContain(
        "candidate-names-unique: candidates candidate.1.name",
      ));
});
