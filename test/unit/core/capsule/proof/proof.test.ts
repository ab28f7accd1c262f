// A proof that an event is in a sealed capsule: it holds as it was made, and each of its parts is held to.
import { describe, expect, it } from "vitest";
import { newSigningKey, signStatement } from "../../../../../src/core/base/dsse.ts";
import { merkleRoot } from "../../../../../src/core/base/canonical.ts";
import { LeafHashes } from "../../../../../src/core/base/merkle-proof.ts";
import { closeSeal, lineText, type Seal } from "../../../../../src/core/capsule/line.ts";
import { makeProof, type Proof, PROOF_CHECKS, proofFaults, proofSchema } from "../../../../../src/core/capsule/proof/proof.ts";
import { capsuleStatement } from "../../../../../src/core/capsule/proof/statement.ts";
import { headerOf, taskNamed } from "../../../run/fakes.ts";
import { plainLine } from "../sealed.ts";

const header = headerOf({ tasks: [taskNamed("a")], candidates: ["small"] });
const texts = [0, 1, 2, 3, 4].map((seq) => lineText(plainLine("small/fix-a/1", seq)));
const leaves = new LeafHashes();
for (const text of texts) leaves.add(text);
const seal: Seal = closeSeal({
  kind: "seal",
  format: 1,
  run_id: header.run_id,
  sealed_at: "t",
  merkle_root: merkleRoot(texts),
  header_hash: "2".repeat(64),
  events: texts.length,
  blobs: 0,
  suite_root: header.suite.root,
  policy_hash: header.policy.hash,
});
const { key } = newSigningKey();
const statement = capsuleStatement(header, seal, { fileHash: "f".repeat(64), publicKey: key.publicKey });
const signature = signStatement(statement, key);
const proof = (index = 2, envelope: Proof["signature"] = signature): Proof => makeProof({ index, text: texts[index] ?? "" }, leaves, seal, envelope);
const faults = (change: Partial<Proof>, trusted: readonly string[] = [key.publicKey]) => proofFaults({ ...proof(), ...change }, trusted);
const checksOf = (change: Partial<Proof>, trusted?: readonly string[]) => faults(change, trusted).map(({ check }) => check);

describe("a proof", () => {
  it("holds for every event, signed by a trusted key", () => {
    for (const index of texts.keys()) {
      expect(proofSchema.parse(proof(index))).toEqual(proof(index));
      expect(proofFaults(proof(index), [key.publicKey])).toEqual([]);
    }
  });

  it("asks for no signature where no key is trusted, and for one where one is", () => {
    expect(checksOf({ signature: null }, [])).toEqual([]);
    expect(faults({ signature: null })).toEqual([{ check: "signature", fault: "the proof carries no signature" }]);
    expect(checksOf({}, [newSigningKey().key.publicKey])).toEqual(["signature"]);
  });

  it("does not hold for another event, another place or another path", () => {
    expect(checksOf({ event: texts[1] ?? "" })).toEqual(["path"]);
    expect(checksOf({ index: 1 })).toEqual(["path"]);
    expect(checksOf({ path: proof().path.slice(1) })).toEqual(["path"]);
  });

  it("is of an event of its own run, written as a capsule has it", () => {
    expect(faults({ event: "{" })).toContainEqual({ check: "event-line", fault: "the line is not JSON" });
    expect(checksOf({ event: lineText(seal) })).toContain("event-line");
    expect(checksOf({ event: lineText({ ...plainLine("small/fix-a/1", 2), run_id: "run-2" }) })).toContain("event-line");
  });

  it("is of a seal that nobody changed, of the same run", () => {
    expect(checksOf({ seal: { ...seal, sealed_at: "later" } })).toEqual(["seal-whole"]);
    const { seal_hash: _, ...facts } = seal;
    expect(checksOf({ seal: closeSeal({ ...facts, run_id: "run-2" }) })).toEqual(["seal-whole", "signature"]);
  });

  it("is not helped by a signature over another seal, or over something else", () => {
    const over = (change: object) => checksOf({ signature: signStatement({ ...statement, ...change }, key) });
    expect(over({})).toEqual([]);
    expect(over({ predicateType: "urn:other" })).toEqual(["signature"]);
    // The seal's hash must stand under the seal's name.
    expect(over({ subject: [{ name: "events", digest: { sha256: seal.seal_hash } }] })).toEqual(["signature"]);
    expect(over({ subject: [{ name: "seal", digest: { sha256: "9".repeat(64) } }] })).toEqual(["signature"]);
  });

  it("is read in the form of its version only", () => {
    const reads = (change: object) => proofSchema.safeParse({ ...proof(), ...change });
    expect(reads({ format: 2 }).error?.issues[0]?.message).toContain("upgrade bakeoff");
    for (const change of [{ kind: "proof" }, { index: -1 }, { index: 0.5 }, { more: 1 }, { path: ["0"] }, { path: Array(65).fill("0".repeat(64)) }])
      expect(reads(change).success).toBe(false);
    expect(reads({ index: 0, path: Array(64).fill("0".repeat(64)), run_id: "r".repeat(80), signature: null }).success).toBe(true);
    expect(reads({ run_id: "r".repeat(81) }).success).toBe(false);
  });

  it("is checked by names that are each told in a sentence", () => {
    expect(PROOF_CHECKS.map(({ name }) => name)).toEqual(["event-line", "seal-whole", "path", "signature"]);
    expect(PROOF_CHECKS.every(({ sentence }) => sentence.endsWith("."))).toBe(true);
  });
});
