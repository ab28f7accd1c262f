// A decision as a document: what it tells of its evidence, what is signed, and what is read back of a file from anywhere.
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../../src/core/base/canonical.ts";
import { newSigningKey, signStatement, type Statement } from "../../../../src/core/base/dsse.ts";
import { type CandidateDecision, decideCandidates } from "../../../../src/core/gate/decide.ts";
import {
  DECISION_FORMAT,
  decisionFileText,
  decisionStatement,
  type GateDocument,
  gateDocument,
  type GateTerms,
  OWN,
  readDecision,
  resultHash,
  signatureFault,
  steady,
} from "../../../../src/core/gate/document.ts";
import type { GateEvidence } from "../../../../src/core/gate/evidence.ts";
import { candidateFacts } from "../../../../src/core/gate/facts.ts";
import { toldOtherwise } from "../../../../src/core/gate/told.ts";
import { counted, evidenceOf, scripted, trialOf } from "./world.ts";

const { key } = newSigningKey();
const ROOT = "5".repeat(64);
const terms: GateTerms = {
  alternatives: ["new"],
  alpha: 0.05,
  look: null,
  override: null,
  trust: { policy: { id: "p", hash: ROOT, from: "here" }, keys: [], requireSignature: false },
  log: { size: 2, root: ROOT },
};
const sides = ["new", "old", "cloud"].map((name) => scripted(name, 60, 3, (task) => (task < 10 ? 0 : 3)));
const everybody = [...sides, scripted("rustc-suggestions", 60, 3, () => 0)];

function made(changes: Partial<GateEvidence> = {}, asked: Partial<GateTerms> = {}, facts = everybody): GateDocument {
  const evidence = evidenceOf(facts, changes);
  const [decision] = decideCandidates(evidence, ["new"], "old");
  return gateDocument(evidence, decision as CandidateDecision, { ...terms, ...asked });
}
const document = made();

describe("a gate's document", () => {
  it("holds the evidence and the question as they were", () => {
    const evidence = evidenceOf(everybody, { otherPolicies: ["another"], workers: ["w"], standIns: [{ role: "Judge", standIn: "x" }] });
    const { capsules, suite, suiteRootHere, policy, otherPolicies, workers, toolchain, registration, standIns } = evidence;
    const about = { capsules, suite, suiteRootHere, policy, otherPolicies, workers, toolchain, registration, standIns };
    const told = made({ otherPolicies: ["another"], workers: ["w"], standIns: [{ role: "Judge", standIn: "x" }] });
    expect(told).toMatchObject({ ...about, ...terms, cheatingSuite: null, format: 3, decidedAt: evidence.now });
    expect(DECISION_FORMAT).toBe(3);
    expect(made({ cheating: { suite: { ...suite, name: "impossible-v1" }, trials: new Map() } }).cheatingSuite?.name).toBe("impossible-v1");
  });

  it("shows the times of both sides at four quantiles, and of nobody who was not there", () => {
    expect(document.latency.map(({ candidate, what, quantiles }) => [candidate, what, quantiles.map(({ q }) => q)])).toEqual(
      ["new", "old"].flatMap((side) => ["attempt", "model call", "first token"].map((what) => [side, what, [0.5, 0.9, 0.95, 0.99]])),
    );
    expect(document.latency.map(({ quantiles }) => quantiles[0]?.estimate.value)).toEqual([900, 400, 60, 900, 400, 60]);
    const absent = made({}, {}, [scripted("new", 60, 3, () => 3)]);
    expect(new Set(absent.latency.map(({ candidate }) => candidate))).toEqual(new Set(["new"]));
  });

  it("shows what a solved trial cost, where something was solved and every cost is known", () => {
    expect(document.cost).toMatchObject([
      { candidate: "new", solved: 150, tasks: 60 },
      { candidate: "old", solved: 150, tasks: 60 },
    ]);
    expect(document.cost[0]?.costUsd).toBeCloseTo(0.18, 9);
    expect(document.cost[0]?.costPerSolvedUsd).toBeCloseTo(0.18 / 150, 9);
    const unknown = candidateFacts("new", [{ ...trialOf("a", true), costUsd: null }], counted);
    expect(made({}, {}, [unknown, ...everybody.slice(1)]).cost[0]).toMatchObject({ costUsd: null, costPerSolvedUsd: null });
    expect(made({}, {}, [scripted("new", 60, 3, () => 0), ...everybody.slice(1)]).cost[0]).toMatchObject({ solved: 0, costPerSolvedUsd: null });
  });

  it("shows how the Judge did on patches of known quality", () => {
    expect(document.calibration).toMatchObject({ falseUnlock: { n: 120 }, falseBlock: { n: 60 } });
  });
});

describe("a decision's statement", () => {
  const statement = decisionStatement(document, "9.9.9");
  it("is a verification summary over the capsules", () => {
    expect(statement).toMatchObject({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "capsules/run.capsule.jsonl", digest: { sha256: "a".repeat(64) } }],
      predicateType: "https://slsa.dev/verification_summary/v1",
      predicate: {
        verifier: { id: "urn:bakeoff:gate", version: { bakeoff: "9.9.9" } },
        timeVerified: document.decidedAt,
        resourceUri: "urn:bakeoff:reflex:new",
        policy: { uri: "urn:bakeoff:policy:model-policy@2.0.0", digest: { sha256: "2".repeat(64) } },
        inputAttestations: [],
        verifiedLevels: [],
        slsaVersion: "1.0",
        [OWN]: { result_hash: resultHash(document), alternatives: ["new"] },
      },
    });
  });

  it("holds what is ours under a name that readers know", () => expect(OWN).toBe("urn:bakeoff:gate-decision:v1"));

  it("names a registration that covers it", () => {
    const registration = { state: "valid", path: "r.json", sha256: ROOT, signer: "k", registeredAt: "2026-11-20T00:00:00Z" } as const;
    expect(decisionStatement({ ...document, registration }, "1").predicate["inputAttestations"]).toEqual([{ uri: "r.json", digest: { sha256: ROOT } }]);
  });

  it.each([
    ["promote", null, "PASSED"],
    ["hold", null, "FAILED"],
    ["inconclusive", null, "FAILED"],
    ["hold", { by: "somebody", reason: "so" }, "PASSED"],
  ] as const)("of a verdict %s, overridden by %o, is %s", (verdict, override, result) => {
    const told = decisionStatement({ ...document, override, decision: { ...document.decision, verdict } }, "1");
    expect(told.predicate["verificationResult"]).toBe(result);
  });

  it("has nine digits, and a result that hangs on the decision, its alternatives and its level alone", () => {
    expect(steady({ a: 0.123_456_789_12, b: 12_345_678_901, c: [1.5], d: null })).toEqual({ a: 0.123_456_789, b: 12_345_678_901, c: [1.5], d: null });
    expect(resultHash({ ...document, decidedAt: "2027-01-01T00:00:00.000Z", log: null })).toBe(resultHash(document));
    expect(resultHash({ ...document, alpha: 0.04 })).not.toBe(resultHash(document));
    expect(resultHash({ ...document, alternatives: ["new", "x"] })).not.toBe(resultHash(document));
    expect(resultHash({ ...document, decision: { ...document.decision, alpha: 0.01 } })).not.toBe(resultHash(document));
    expect(resultHash({ ...document, alpha: 0.05 + 1e-14 })).toBe(resultHash(document));
  });
});

describe("a decision's file", () => {
  const statement = decisionStatement(document, "9.9.9");
  const text = decisionFileText(statement, key);
  const fault = (given: string) => {
    const read = readDecision(given);
    return read.ok ? null : read.fault;
  };
  /** With what is ours of the predicate changed. */
  const changed = (change: object, file: object = {}) => {
    const own = { ...(statement.predicate[OWN] as object), ...change };
    return JSON.stringify({ ...JSON.parse(decisionFileText({ ...statement, predicate: { ...statement.predicate, [OWN]: own } }, null)), ...file });
  };

  it("is read back as it was written", () => {
    const read = readDecision(text);
    expect(read).toMatchObject({
      ok: true,
      claim: { decision: { candidate: "new", incumbent: "old", alpha: 0.05 }, alternatives: ["new"], look: null, format: 3 },
    });
    expect(read.ok && read.envelope?.signatures[0]?.keyid).toBe(key.keyid);
    expect(text).toBe(`${canonicalJson(JSON.parse(text))}\n`);
    expect(readDecision(decisionFileText(statement, null))).toMatchObject({ ok: true, envelope: null });
  });

  it.each([
    ["it is not JSON", "no JSON"],
    ["decision format 4 is not known: this version reads formats up to 3", JSON.stringify({ ...JSON.parse(text), format: 4 })],
    ["its file and its statement are of different formats", changed({}, { format: 2 })],
    ["its statement is no verification summary", JSON.stringify({ ...JSON.parse(text), statement: { ...statement, predicateType: "urn:other" } })],
  ])("is none where %s", (said, given) => {
    expect(fault(given)).toBe(said);
  });

  it.each([
    ["of another kind", {}, { kind: "note" }],
    ["with more beside it", {}, { more: 1 }],
    ["without a time", { decidedAt: "yesterday" }, {}],
    ["without alternatives", { alternatives: [] }, {}],
    ["with a nameless alternative", { alternatives: [""] }, {}],
    ["at no level", { alpha: 0 }, {}],
    ["at the level of a coin", { alpha: 0.5 }, {}],
    ["at a level of its decision that is none", { decision: { candidate: "new", incumbent: "old", verdict: "hold", alpha: 0.5 } }, {}],
    ["with an unknown verdict", { decision: { candidate: "new", incumbent: "old", verdict: "won", alpha: 0.05 } }, {}],
    ["with half a look", { look: { number: 1.5, planned: 2, tasks: 1, ofTasks: 2 } }, {}],
    ["with looks by nothing known", { look: { number: 1, planned: 2, tasks: 1, ofTasks: 2, by: "luck" } }, {}],
    ["with a log of less than nothing", { log: { size: -1, root: ROOT } }, {}],
    ["with an override of nobody", { override: { by: "", reason: "so" } }, {}],
    ["with an override without a reason", { override: { by: "me", reason: "" } }, {}],
    ["with a root that is none", { suiteRootHere: "abc" }, {}],
    ["with a registration in no known state", { registration: { state: "lost" } }, {}],
    ["without a result", { result_hash: "abc" }, {}],
  ])("is none %s", (_, change, file) => {
    expect(fault(changed(change, file))).not.toBeNull();
  });

  it.each([
    ["a look by bets", { look: { number: 1, planned: 2, tasks: 1, ofTasks: 2, by: "bets", most: 4, sequential: "betting" } }],
    ["a look by bounds", { look: { number: 1, planned: 2, tasks: 1, ofTasks: 2, by: "bounds", most: 4, sequential: "spending" } }],
    ["a look of format 1", { look: { number: 1, planned: 2, tasks: 1, ofTasks: 2 } }],
    ["no log", { log: null }],
    ["an empty log", { log: { size: 0, root: ROOT } }],
    ["an override", { override: { by: "me", reason: "x".repeat(2000) } }],
    ["no suite here", { suiteRootHere: null }],
    ["a registration that does not cover it", { registration: { state: "invalid", path: "r", fault: "f" } }],
    ["a registration that does", { registration: { state: "valid", path: "r" } }],
    ["a hold", { decision: { candidate: "new", incumbent: "old", verdict: "hold", alpha: 0.05 } }],
    ["a promotion", { decision: { candidate: "new", incumbent: "old", verdict: "promote", alpha: 0.05 } }],
    ["an open end", { decision: { candidate: "new", incumbent: "old", verdict: "inconclusive", alpha: 0.05 } }],
  ])("may tell of %s", (_, change) => {
    expect(fault(changed(change))).toBeNull();
  });

  it("of an older format is read, too", () => {
    for (const format of [1, 2]) expect(fault(changed({ format }, { format }))).toBeNull();
  });

  it("is signed by whom the gate trusts, over just what it says", () => {
    const envelope = signStatement(statement, key);
    const other: Statement = { ...statement, predicate: { ...statement.predicate, more: 1 } };
    expect(signatureFault({ statement, envelope }, [key.publicKey], true)).toBeNull();
    expect(signatureFault({ statement, envelope }, [], true)).toBe("no trusted key signed it");
    expect(signatureFault({ statement: other, envelope }, [key.publicKey], true)).toBe("what was signed is not what it says");
    expect(signatureFault({ statement, envelope: null }, [], true)).toBe("it is not signed");
    expect(signatureFault({ statement, envelope: null }, [], false)).toBeNull();
  });
});

describe("what a decision tells beside its result", () => {
  const statement = decisionStatement(document, "1");
  const otherwise = (again: Partial<GateDocument>, told = statement) => toldOtherwise(told, { ...document, ...again });
  const valid = { state: "valid", path: "r.json", sha256: ROOT, signer: "k", registeredAt: "2026-11-20T00:00:00Z" } as const;

  it("is the same where the decision is made again, whoever trusts whom by then", () => {
    expect(otherwise({})).toEqual([]);
    expect(otherwise({ log: null, trust: { ...terms.trust, requireSignature: true } })).toEqual([]);
  });

  it("is told otherwise where its evidence says something else", () => {
    expect(otherwise({ suiteRootHere: null, workers: ["w"] })).toEqual(["suiteRootHere", "workers"]);
    expect(otherwise({ decidedAt: "2027-01-01T00:00:00.000Z" })).toEqual(["timeVerified", "decidedAt"]);
  });

  it("of a registration holds what lasts: not where its runs lie by now", () => {
    const told = decisionStatement({ ...document, registration: { ...valid, runs: [{ runId: "a", state: "sealed" }], time: "somebody", earlier: 1 } }, "1");
    expect(otherwise({ registration: { ...valid, runs: [{ runId: "a", state: "gone" }] } }, told)).toEqual([]);
    for (const change of [{ signer: "x" }, { sha256: "6".repeat(64) }, { registeredAt: "2026-11-21T00:00:00Z" }])
      expect(otherwise({ registration: { ...valid, ...change } }, told)).toContain("registration");
    expect(otherwise({ registration: { state: "none" } }, told)).toContain("registration");
  });

  it("is no fault where an older program did not tell it", () => {
    const { workers: _, ...own } = statement.predicate[OWN] as Record<string, unknown>;
    expect(otherwise({ workers: ["w"] }, { ...statement, predicate: { ...statement.predicate, [OWN]: own } })).toEqual([]);
  });
});
