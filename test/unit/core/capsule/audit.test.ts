// The audit of a capsule: what a check without ground says, and what becomes of one that can't be made.
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src/core/base/canonical.ts";
import type { StoredText } from "../../../../src/core/capsule/checks/check.ts";
import { lineText } from "../../../../src/core/capsule/line.ts";
import { CAPSULE_CHECKS, capsuleFaults, openAudit, type SealedCapsule } from "../../../../src/core/capsule/verify.ts";
import { checksOf, sealedAgain, sealedRun } from "./sealed.ts";

const whole = await sealedRun();
const audited = ({ header, events, seal, blobs, withheld = [] }: SealedCapsule) => {
  const audit = openAudit(header, lineText(header));
  for (const text of blobs) audit.text(text);
  for (const text of withheld) audit.withheld(text);
  for (const line of events) audit.event(line, lineText(line));
  if (seal) audit.seal(seal);
  return audit;
};
const whyOf = (capsule: SealedCapsule) =>
  Object.fromEntries(
    audited(capsule)
      .unchecked()
      .map(({ check, why }) => [check, why]),
  );

describe("checks", () => {
  it("are known by names of their own, and each is told in a sentence", () => {
    expect(CAPSULE_CHECKS.map(({ name }) => name)).toEqual([
      "sealed",
      "seal-whole",
      "merkle-root",
      "header-hash",
      "counts",
      "stand-ins-named",
      "register-resolves",
      "patches-were-given",
      "times-run-forward",
      "texts-belong",
      "texts-sealed",
      "withheld-by-rule",
      "policy-resolves",
      "capture-kept",
      "plan-order",
      "sequence",
      "envelopes",
      "mandatory-events",
      "unknowns-noted",
      "reused-answers",
      "trials-finished",
      "verdicts-fit",
      "plants-complete",
    ]);
    expect(CAPSULE_CHECKS.every(({ sentence }) => /^[A-Z].*\.$/.test(sentence))).toBe(true);
  });

  it("hold of a run as it was sealed; those that had nothing to go by say so", () => {
    expect(capsuleFaults(whole)).toEqual([]);
    expect(whyOf(whole)).toEqual({
      "register-resolves": "the run had no decision register",
      "texts-sealed": `the text ${whole.blobs[0]?.sha256.slice(0, 12) ?? ""} was never written`,
    });
  });
});

describe("what a check needs", () => {
  it("is told where it is missing: a seal, events, texts", () => {
    const empty = whyOf({ ...whole, events: [], seal: null, blobs: [] });
    const asked = (ground: string) => CAPSULE_CHECKS.filter(({ needs = [] }) => needs.some((need) => need === ground)).map(({ name }) => name);
    expect(asked("seal")).toEqual(["seal-whole", "merkle-root", "header-hash", "counts", "texts-sealed", "plan-order", "plants-complete"]);
    expect(asked("events")).toEqual(["times-run-forward", "plan-order", "sequence", "envelopes", "mandatory-events", "unknowns-noted", "reused-answers"]);
    expect(asked("texts")).toEqual(["texts-belong", "capture-kept"]);
    for (const name of asked("seal")) expect(empty[name]).toBe("there is no seal");
    for (const name of ["times-run-forward", "sequence", "envelopes", "mandatory-events", "unknowns-noted", "reused-answers"])
      expect(empty[name]).toBe("there is no event");
    for (const name of asked("texts")) expect(empty[name]).toBe("there is no text");
  });

  it("is not missed where it is there, however little", () => {
    const one = whyOf({ ...whole, events: whole.events.slice(0, 1), blobs: whole.blobs.slice(0, 1) });
    expect(Object.values(one).filter((why) => why.startsWith("there is no "))).toEqual(["there is no verdict"]);
  });

  it("is not asked for by a check that has failed", () => {
    const torn = audited({ ...whole, seal: null });
    expect(torn.faults().map(({ check }) => check)).toContain("sealed");
    expect(torn.unchecked().map(({ check }) => check)).not.toContain("sealed");
  });
});

describe("a check that can't be made", () => {
  const { snapshot_hash: own } = whole.header.policy;
  const brokenFrom = (start: string): StoredText => ({
    sha256: own,
    get text(): string {
      throw new Error("it can't be inflated");
    },
    start,
  });
  const broken = brokenFrom("{");

  it("fails with what stopped it, and is asked no more", () => {
    const faults = capsuleFaults({ ...whole, blobs: [...whole.blobs.filter(({ sha256: hash }) => hash !== own), broken] });
    for (const check of ["capture-kept", "plants-complete", "verdicts-fit"]) expect(faults).toContainEqual({ check, fault: "it can't be inflated" });
  });

  it("keeps its first reason, whatever it would find at the end", () => {
    const faults = capsuleFaults({ ...whole, blobs: [brokenFrom('{"candidates":[')] });
    expect(faults).toContainEqual({ check: "policy-resolves", fault: "it can't be inflated" });
  });

  it("has no second voice: its reason stands, and it is not unchecked too", () => {
    const audit = audited({ ...whole, blobs: [broken] });
    expect(audit.unchecked().map(({ check }) => check)).not.toContain("plants-complete");
    expect(audit.faults().filter(({ check }) => check === "plants-complete")).toHaveLength(1);
    // Without a seal it would have no ground, had it not failed.
    const torn = audited({ ...whole, blobs: [broken], seal: null });
    expect(torn.unchecked().map(({ check }) => check)).not.toContain("plants-complete");
    expect(audited({ ...whole, seal: null }).unchecked()).toContainEqual({ check: "plants-complete", why: "there is no seal" });
  });
});

describe("texts that an export left out", () => {
  const { snapshot_hash: own } = whole.header.policy;
  const [policy] = whole.blobs.filter(({ sha256: hash }) => hash === own);
  const others = whole.blobs.filter(({ sha256: hash }) => hash !== own);
  if (!policy) throw new Error("no policy");
  const withheld = others.map(({ sha256: hash }) => ({ sha256: hash }));

  it("count as texts, and need be known to nobody but those who refer to them", () => {
    expect(checksOf({ ...whole, blobs: [policy], withheld })).toEqual([]);
    expect(checksOf({ ...whole, blobs: [policy], withheld: withheld.slice(1) })).toEqual(["counts"]);
    const stray = { sha256: sha256("stray") };
    expect(checksOf({ ...sealedAgain(whole, whole.events, [policy, ...others, policy]), blobs: [policy], withheld: [...withheld, stray] })).toEqual([
      "texts-belong",
    ]);
  });

  it("are all that no rule keeps, or none", () => {
    const faults = capsuleFaults({ ...whole, blobs: [policy, ...others.slice(0, 2)], withheld: withheld.slice(2) });
    expect(faults).toEqual([
      { check: "withheld-by-rule", fault: expect.stringMatching(/^\d+ texts were removed after sealing: .* and 2 are still there$/) as string },
    ]);
    const one = capsuleFaults({ ...whole, blobs: [policy, ...others.slice(1)], withheld: withheld.slice(0, 1) });
    expect(one[0]?.fault).toMatch(/^1 text was removed after sealing/);
  });

  it("are never the policy or the decision register", () => {
    const gone = capsuleFaults({ ...whole, blobs: [], withheld: [...withheld, { sha256: own }] });
    expect(gone).toContainEqual({ check: "withheld-by-rule", fault: `the text ${own.slice(0, 12)} was removed, which no export leaves out` });
    const register = withheld[0]?.sha256 ?? "";
    const header = { ...whole.header, decision_register_hash: register };
    const faults = capsuleFaults({ ...whole, header, blobs: [policy], withheld });
    expect(faults).toContainEqual({ check: "withheld-by-rule", fault: `the text ${register.slice(0, 12)} was removed, which no export leaves out` });
    expect(faults).toContainEqual({ check: "register-resolves", fault: "the decision register that the header names is not there" });
  });

  it("leave no verdict to compare, which is said", () => {
    const why = whyOf({ ...whole, blobs: [policy], withheld });
    expect(why["verdicts-fit"]).toMatch(/^no verdict is stored in full: \d+ are missing$/);
  });
});
