// Signatures of policies, the last good policy, and what may run when a policy can't be loaded.
import { describe, expect, it } from "vitest";
import { newSigningKey, signStatement } from "../../../../src/core/base/dsse.ts";
import { BakeoffError, WrittenFileError } from "../../../../src/core/base/errors.ts";
import { judgePolicySignature, policyEnvelope } from "../../../../src/core/policy/signature.ts";
import type { PolicySnapshot } from "../../../../src/core/policy/snapshot.ts";
import { allowedTasks, fallBack, isHighRiskTask, lastGoodText, readLastGood } from "../../../../src/core/policy/fallback.ts";
import { policyWith } from "../../run/fakes.ts";

const { key } = newSigningKey();
const stranger = newSigningKey().key;
const trusting = policyWith((policy) => void (policy.signing = { require_signature: true, trusted_keys: [key.publicKey] }));
const textOf = (snapshot: PolicySnapshot, by = key): string => JSON.stringify(policyEnvelope(snapshot, by));

describe("a policy's signature", () => {
  it("counts for the very policy that it was made for", () =>
    expect(judgePolicySignature(textOf(trusting), trusting)).toEqual({ status: "valid", publicKey: key.publicKey }));
  it("is the same each time", () => expect(textOf(trusting)).toBe(textOf(trusting)));
  it("may be absent", () => expect(judgePolicySignature(null, trusting)).toEqual({ status: "absent" }));

  const WRONG: readonly [string, string][] = [
    ["of another policy", textOf(policyWith((policy) => void (policy.reflex.max_attempts = 1)))],
    ["by a stranger", textOf(trusting, stranger)],
    ["that is no JSON", "{"],
    ["that is no envelope", "{}"],
    ["that was changed", textOf(trusting).replace(/"sig":"./, '"sig":"!')],
    [
      "of something else by the same key",
      JSON.stringify(
        signStatement(
          { _type: "https://in-toto.io/Statement/v1", subject: [{ name: "x", digest: { sha256: trusting.hash } }], predicateType: "urn:other", predicate: {} },
          key,
        ),
      ),
    ],
  ];
  for (const [name, text] of WRONG) it(`does not count where it is one ${name}`, () => expect(judgePolicySignature(text, trusting).status).toBe("wrong"));
  it("states the policy and its hash, in a form that other programs know", () => {
    const payload = JSON.parse(Buffer.from(policyEnvelope(trusting, key).payload, "base64").toString("utf8")) as unknown;
    expect(payload).toEqual({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "PolicySnapshot.json", digest: { sha256: trusting.hash } }],
      predicateType: "urn:bakeoff:policy-signature:v1",
      predicate: { format: 1, policy_id: trusting.policy_id },
    });
  });

  const stating = (changes: object): string => {
    const own = { name: "PolicySnapshot.json", digest: { sha256: trusting.hash } };
    const statement = { _type: "https://in-toto.io/Statement/v1" as const, subject: [own], predicateType: "urn:bakeoff:policy-signature:v1" };
    return JSON.stringify(signStatement({ ...statement, predicate: { format: 1, policy_id: trusting.policy_id }, ...changes }, key));
  };
  const FAULTS: readonly [string, object, string][] = [
    ["that states something else", { predicateType: `urn:${"x".repeat(200)}` }, `it states urn:${"x".repeat(76)}, not a policy`],
    ["of a format of later", { predicate: { format: 2, policy_id: trusting.policy_id } }, "its format is not known"],
    [
      "of the same content by another name",
      { predicate: { format: 1, policy_id: "p".repeat(200) } },
      `it is of another policy (${"p".repeat(80)}, ${trusting.hash.slice(0, 12)})`,
    ],
    ["of another content", { subject: [{ name: "x", digest: { sha256: "0".repeat(64) } }] }, `it is of another policy (${trusting.policy_id}, 000000000000)`],
    [
      "of two things at once",
      { subject: [trusting.hash, "0".repeat(64)].map((sha256) => ({ name: "x", digest: { sha256 } })) },
      `it is of another policy (${trusting.policy_id}, ${trusting.hash.slice(0, 12)})`,
    ],
    ["of nothing", { subject: [] }, "what is signed is no in-toto statement"],
  ];
  for (const [name, changes, fault] of FAULTS)
    it(`does not count where it is one ${name}, and says why`, () =>
      expect(judgePolicySignature(stating(changes), trusting)).toEqual({ status: "wrong", fault }));
  it("counts where it states just that", () => expect(judgePolicySignature(stating({}), trusting).status).toBe("valid"));

  it("does not count where the policy trusts nobody", () => expect(judgePolicySignature(textOf(policyWith()), policyWith()).status).toBe("wrong"));
});

describe("the last good policy", () => {
  const plain = policyWith();
  it("comes back as it was kept", () => {
    expect(readLastGood(lastGoodText(plain, null))).toMatchObject({ snapshot: plain, signature: { status: "absent" }, signatureText: null });
    expect(readLastGood(lastGoodText(trusting, textOf(trusting)))).toMatchObject({ snapshot: trusting, signature: { status: "valid" } });
  });

  it("is none where it can't be proven whole", () => {
    const kept = lastGoodText(plain, null);
    for (const text of ["", "{}", kept.slice(0, -9), kept.replace("50000000", "90000000"), kept.replace('"format":1', '"format":2')])
      expect(readLastGood(text)).toBeNull();
    expect(readLastGood(lastGoodText(trusting, null))).toBeNull();
    expect(readLastGood(lastGoodText(trusting, textOf(trusting, stranger)))).toBeNull();
  });

  const wrong = new WrittenFileError([{ path: "p", line: 1, column: 1, message: "m" }]);
  it("serves where a file is wrong or gone", () => {
    const issue = { path: "p", line: 1, column: 1, message: "m" };
    const reasons = [
      [wrong, "p:1:1: m"],
      [new WrittenFileError([issue, issue, issue]), "p:1:1: m and 2 more"],
      [new BakeoffError("usage", "p can't be read"), "p can't be read"],
    ] as const;
    for (const [failure, reason] of reasons) expect(fallBack(failure, plain)).toEqual({ snapshot: plain, standing: { loaded: "last-good", reason, failure } });
  });
  it("does not serve where there may be an attack, or a bug", () => {
    for (const failure of [new BakeoffError("integrity", "a wrong signature"), new BakeoffError("environment", "no disk"), new TypeError("a bug")])
      expect(() => fallBack(failure, plain)).toThrow(failure);
  });
  it("does not serve where there is none", () => expect(() => fallBack(wrong, null)).toThrow(wrong));

  const tasks = [
    { id: "low", risk: "low", editable: ["src/a.rs"], tags: [] },
    { id: "high", risk: "high", editable: ["src/a.rs"], tags: [] },
    { id: "path", risk: "low", editable: ["src/a.rs", "src/auth/key.rs"], tags: [] },
    { id: "tag", risk: "low", editable: ["src/a.rs"], tags: ["unsafe"] },
  ] as const;
  const { policy } = policyWith((each) => void (each.high_risk.paths = ["src/auth/**"]));

  it("lets low-risk tasks run and refuses the others by name", () => {
    const { standing } = fallBack(wrong, plain);
    const { allowed, refused } = allowedTasks(tasks, standing, policy);
    expect([allowed.map(({ id }) => id), refused]).toEqual([["low"], ["high", "path", "tag"]]);
    // Even where the last good policy would not have called it so.
    expect(allowedTasks(tasks, standing, { ...policy, high_risk: { risks: [], paths: [], tags: [], skip_reflex: true } }).refused).toEqual(["high"]);
  });
  it("is not needed where the policy was loaded", () => expect(allowedTasks(tasks, { loaded: "files" }, policy)).toEqual({ allowed: tasks, refused: [] }));
  it("knows high risk by the task, by a path and by a tag", () =>
    expect(tasks.map((task) => isHighRiskTask(policy.high_risk, task))).toEqual([false, true, true, true]));
});
