// What a capsule's signature covers, and what is said of one that does not hold.
import { describe, expect, it } from "vitest";
import { newSigningKey, signStatement, type SigningKey, type Statement } from "../../../../../src/core/base/dsse.ts";
import { closeSeal, type Header, type Seal } from "../../../../../src/core/capsule/line.ts";
import { CAPSULE_PREDICATE, capsuleStatement, judgeSignature, type SignedFacts, signatureText } from "../../../../../src/core/capsule/proof/statement.ts";
import { headerOf, taskNamed } from "../../../run/fakes.ts";

const header = headerOf({ tasks: [taskNamed("a"), taskNamed("c")], candidates: ["small", "other", "third"], epochs: 2 });
const hash = (digit: string): string => digit.repeat(64);
const seal: Seal = closeSeal({
  kind: "seal",
  format: 1,
  run_id: header.run_id,
  sealed_at: "2026-11-22T01:00:00.000Z",
  merkle_root: hash("1"),
  header_hash: hash("2"),
  events: 7,
  blobs: 3,
  suite_root: header.suite.root,
  policy_hash: header.policy.hash,
});
const facts: SignedFacts = { header, seal, fileHash: hash("f"), isSafeExport: false };
const { key } = newSigningKey();
const { key: other } = newSigningKey();

const statementOf = (of: { header?: Header; seal?: Seal; fileHash?: string } = {}): Statement =>
  capsuleStatement(of.header ?? header, of.seal ?? seal, { fileHash: of.fileHash ?? hash("f"), publicKey: key.publicKey });
const signed = (statement: Statement = statementOf(), by: SigningKey = key) => signStatement(statement, by);
const judged = (envelope: unknown, trusted: readonly string[] = [key.publicKey], of: Partial<SignedFacts> = {}) =>
  judgeSignature(envelope, { ...facts, ...of }, trusted);

describe("what is signed", () => {
  it("is an in-toto statement over the file, the seal and the events", () => {
    expect(statementOf()).toEqual({
      _type: "https://in-toto.io/Statement/v1",
      subject: [
        { name: `${header.run_id}.capsule.jsonl`, digest: { sha256: hash("f") } },
        { name: "seal", digest: { sha256: seal.seal_hash } },
        { name: "events", digest: { sha256: hash("1") } },
      ],
      predicateType: "urn:bakeoff:capsule:1",
      predicate: {
        capsule_format: 1,
        run_id: header.run_id,
        bakeoff_version: header.bakeoff_version,
        sealed_at: seal.sealed_at,
        counts: { events: 7, texts: 3, trials: 2 * 3 * 2 },
        suite: header.suite,
        policy: { id: header.policy.id, hash: header.policy.hash },
        toolchain: header.toolchain,
        public_key: key.publicKey,
      },
    });
  });
});

describe("a signature", () => {
  it("is trusted where a named key made it, and covers the file where the bytes are those that were signed", () => {
    const expected = { state: "trusted", publicKey: key.publicKey, keyid: key.keyid };
    expect(judged(signed())).toEqual({ ...expected, coversFile: true });
    expect(judged(signed(), [other.publicKey, key.publicKey])).toEqual({ ...expected, coversFile: true });
    expect(judged(signed(), undefined, { isSafeExport: true, fileHash: hash("e") })).toEqual({ ...expected, coversFile: false });
  });

  it("is no more than the signer's own word where no key is named", () => {
    expect(judged(signed(), [])).toEqual({ state: "self-signed", publicKey: key.publicKey, keyid: key.keyid, coversFile: true });
  });

  it("that is not there is no fault", () => expect(judged(null)).toEqual({ state: "unsigned" }));

  it("is bad by another key, whichever key it names itself", () => {
    expect(judged(signed(statementOf(), other))).toMatchObject({ state: "bad" });
    expect(judged(signed(statementOf(), other), [])).toMatchObject({ state: "bad" });
    expect(judged(signed(), [other.publicKey])).toMatchObject({ state: "bad" });
  });

  it.each([
    ["no envelope", { payload: 1 }],
    ["what is no JSON", { ...signed(), payload: Buffer.from("{").toString("base64") }],
    ["null", { ...signed(), payload: Buffer.from("null").toString("base64") }],
    ["a key that is no text", { ...signed(), payload: Buffer.from('{"predicate":{"public_key":7}}').toString("base64") }],
  ])("over %s is bad, and throws nothing", (_, envelope) => {
    for (const trusted of [[], [key.publicKey]]) expect(judged(envelope, trusted)).toMatchObject({ state: "bad" });
  });

  const predicate = statementOf().predicate as Readonly<Record<string, unknown>>;
  const subject = statementOf().subject;
  const changed = (change: object): Statement => ({ ...statementOf(), ...change });
  const BAD: readonly [string, Statement, Partial<SignedFacts>?][] = [
    ["it signs urn:other, not a capsule that this version knows", changed({ predicateType: "urn:other" })],
    ["its statement about the capsule can't be read", changed({ predicate: { ...predicate, more: 1 } })],
    ["its statement about the capsule can't be read", changed({ predicate: { ...predicate, policy: { id: "p", hash: `${hash("a")}0` } } })],
    ["it signs another run", changed({ predicate: { ...predicate, run_id: "run-2" } })],
    ["it signs another seal", changed({ subject: subject.map((one) => (one.name === "seal" ? { ...one, digest: { sha256: hash("9") } } : one)) })],
    ["it signs another seal", changed({ subject: subject.map((one) => (one.name === "events" ? { ...one, digest: { sha256: hash("9") } } : one)) })],
    ["it signs another seal", changed({ subject: subject.filter(({ name }) => name !== "seal") })],
    ["its statement about the capsule does not match the capsule", changed({ predicate: { ...predicate, bakeoff_version: "9.9.9" } })],
    ["the file is not byte for byte the one that was signed", statementOf({ fileHash: hash("e") })],
    ["the file is not byte for byte the one that was signed", changed({ subject: subject.slice(1) })],
  ];
  it.each(BAD)("is bad: %s", (fault, statement) => expect(judged(signed(statement))).toEqual({ state: "bad", fault }));

  it("of another kind of statement is named in no more than eighty characters", () => {
    const found = judged(signed(changed({ predicateType: `urn:${"x".repeat(200)}` })));
    expect(found).toMatchObject({ fault: `it signs urn:${"x".repeat(76)}, not a capsule that this version knows` });
  });

  it("is over the predicate that this format has", () => expect(CAPSULE_PREDICATE).toBe("urn:bakeoff:capsule:1"));
});

describe("a signature in words", () => {
  const who = { publicKey: "KEY", keyid: "id" };
  it("says who signed, whether they are trusted, and what their signature does not cover", () => {
    expect(signatureText({ state: "unsigned" })).toBe("unsigned");
    expect(signatureText({ state: "trusted", ...who, coversFile: true })).toBe("signed by the trusted key KEY");
    expect(signatureText({ state: "trusted", ...who, coversFile: false })).toContain("the bytes are those of a safe export");
    expect(signatureText({ state: "self-signed", ...who, coversFile: true })).toMatch(/^signed by KEY, .* \(--trust\)$/);
    expect(signatureText({ state: "self-signed", ...who, coversFile: false })).toContain("the bytes are those of a safe export");
    expect(signatureText({ state: "bad", fault: "no key" })).toBe("the signature does not hold: no key");
  });
});
