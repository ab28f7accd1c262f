// What keeps a capsule out of a gate, in words; and what it must be here and now, beside what it must be by itself.
import { describe, expect, it } from "vitest";
import { ADMISSION_RULES, FORCE_RULES, forceRefusals, refusals } from "../../../../src/core/gate/admission.ts";
import type { GateCapsule } from "../../../../src/core/gate/evidence.ts";
import { SET_RULES } from "../../../../src/core/gate/set-rules.ts";
import { gateTrust } from "../../../../src/core/gate/trust.ts";
import { policyWith } from "../../run/fakes.ts";
import { headerOf } from "../metrics/summary-fixture.ts";

type Head = GateCapsule["run"]["header"];
const snapshot = policyWith();
const ROOT = "9".repeat(64);

/** A capsule of which admission asks no more than this. */
function capsule(path: string, header: Partial<Head> = {}, changes: Partial<Omit<GateCapsule, "run">> & { run?: object } = {}): GateCapsule {
  const own = {
    ...headerOf({ candidates: ["new", "old"], tasks: [{ id: "a" }] }),
    run_id: path,
    policy: { id: snapshot.policy_id, hash: snapshot.hash, snapshot_hash: ROOT },
  };
  const { run, ...rest } = changes;
  return {
    path,
    snapshot,
    merkleRoot: path,
    signature: { state: "unsigned" },
    faults: [],
    unproven: [],
    run: { header: { ...own, ...header }, tried: new Set(["new", "old"]), recheckFaults: [], reusedAnswers: 0, ...run },
    ...rest,
  } as unknown as GateCapsule;
}
const messages = (...capsules: readonly GateCapsule[]) => refusals(capsules, ["new", "old"]).map(({ name, message }) => `${name}: ${message}`);

describe("a capsule that is refused", () => {
  const impossible = headerOf({ candidates: ["new", "old"], tasks: [{ id: "x", impossible: true }] }).tasks;
  it.each<readonly [string, readonly GateCapsule[]]>([
    ["none: no capsule: run a bakeoff first", []],
    ["only-impossible: only runs of impossible tasks, which tell how often it cheats: name a run of other tasks, too", [capsule("x", { tasks: impossible })]],
    ["edited: a: torn: fetch it again from where it came", [capsule("a", {}, { faults: ["torn"] })]],
    ["unproven: a: it: gate on the whole capsule, as its run sealed it (bakeoff replay tells more)", [capsule("a", {}, { unproven: ["it"] })]],
    ["disagreed: a: w1: run it again without that worker", [capsule("a", {}, { run: { recheckFaults: ["w1"] } })]],
    [
      "reused-answers: a reuses 1 answer of earlier calls, so that they are counted twice: run it again without --answer-cache",
      [capsule("a", {}, { run: { reusedAnswers: 1 } })],
    ],
    [
      "reused-answers: a reuses 2 answers of earlier calls, so that they are counted twice: run it again without --answer-cache",
      [capsule("a", {}, { run: { reusedAnswers: 2 } })],
    ],
    ["without-policy: a holds no policy that this version can read: run again with this version", [capsule("a", {}, { snapshot: null })]],
    ["duplicated: b is the same run as a: name it once", [capsule("a"), capsule("b", { run_id: "a" })]],
    ["duplicated: c is the same run as b: name it once", [capsule("a"), capsule("b"), capsule("c", {}, { merkleRoot: "b" })]],
    ["diagnosis: a repeats what failed in r, so that its rates are of tasks that were lost before: leave it out", [capsule("a", { diagnosis_of: "r" })]],
    [
      "external: a only verified patches that somebody made elsewhere, under nobody's policy: it never promotes",
      [
        capsule("a", {
          candidates: [
            { name: "new", provider: "sglang", model: "m" },
            { name: "old", provider: "external", model: "m" },
          ],
        }),
      ],
    ],
    [
      "other-suite: b has suite s 1.0.0 (999999999999), a has reflex-patchloop-v1 1.0.0 (111111111111): take them one by one",
      [capsule("a"), capsule("b", { suite: { name: "s", version: "1.0.0", root: ROOT } })],
    ],
    [
      "other-toolchain: b has toolchain rustc 1.0; c; h, a has rustc 1.90.0; cargo 1.90.0; x86_64-unknown-linux-gnu: repeat the odd one with the same toolchain",
      [capsule("a"), capsule("b", { toolchain: { rustc: "rustc 1.0", cargo: "c", host: "h" } })],
    ],
    ["one-sided: no capsule holds a trial of old: run it too, or name another", [capsule("a", {}, { run: { tried: new Set(["new"]) } })]],
  ])("is told why: %s", (said, capsules) => {
    expect(messages(...capsules)).toEqual([said]);
  });

  it("is none that nobody can tell from another by what neither has", () => {
    expect(messages(capsule("a", {}, { merkleRoot: null }), capsule("b", {}, { merkleRoot: null }))).toEqual([]);
  });

  it("may be of a suite of its own where its tasks are impossible: each kind has one", () => {
    const cheating = { tasks: impossible, suite: { name: "impossible-v1", version: "1.0.0", root: ROOT } };
    expect(messages(capsule("a"), capsule("x", cheating))).toEqual([]);
    expect(messages(capsule("a"), capsule("x", cheating), capsule("y", { ...cheating, suite: { ...cheating.suite, root: "8".repeat(64) } }))).toEqual([
      "other-suite: y has suite impossible-v1 1.0.0 (888888888888), x has impossible-v1 1.0.0 (999999999999): take them one by one",
    ]);
  });

  it("is one of each two whose policies differ in what is compared, and is told both", () => {
    const other = { policy: { id: "q", hash: ROOT, snapshot_hash: ROOT } };
    const said = (path: string, than: string) =>
      `other-policy: ${path} has policy q (999999999999), ${than} has ${snapshot.policy_id} (${snapshot.hash.slice(0, 12)}), and they differ in what concerns this comparison: take them one by one`;
    expect(messages(capsule("a"), capsule("b"), capsule("c", other))).toEqual([said("c", "a"), said("c", "b")]);
  });

  it("is refused by rules of their own names, each in a sentence", () => {
    for (const rules of [ADMISSION_RULES, FORCE_RULES, SET_RULES]) {
      expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
      expect(rules.filter(({ sentence }) => !/^[A-Z].*\.$/.test(sentence))).toEqual([]);
    }
  });
});

describe("a capsule here and now", () => {
  const SAID = { draw: 1, calibration: "whole-run", answers: "tolerant" } as unknown as Partial<Head>;
  const tasks = headerOf({ candidates: ["new"], tasks: [{ id: "a", family: "f" }] }).tasks.map((task) => ({ ...task, editable: ["src/lib.rs"], tags: [] }));
  const whole = (header: Partial<Head> = {}, changes: Parameters<typeof capsule>[2] = {}) =>
    capsule("a", { ...SAID, tasks, ...header } as Partial<Head>, { snapshot: null, ...changes });
  const force = (changes: object = {}) => ({
    trust: gateTrust(snapshot, "policy.toml", []),
    inForce: snapshot,
    wanted: ["new", "old"],
    suites: [],
    isRegistered: false,
    ...changes,
  });
  const said = (one: GateCapsule, changes: object = {}) => forceRefusals([one], force(changes)).map(({ name, message }) => `${name}: ${message}`);

  it("is let in where it went by the policy that is in force", () => {
    expect(said(whole())).toEqual([]);
  });

  it("is not where another policy is in force, of which nothing tells that it comes to the same", () => {
    const policy = { id: "q", hash: ROOT, snapshot_hash: ROOT };
    const message = `not-in-force: a went by q (999999999999), and policy.toml is ${snapshot.policy_id} (${snapshot.hash.slice(0, 12)}): restore that policy, or run again`;
    expect(said(whole({ policy }))).toEqual([message]);
  });

  it("is let in by what the policy in force says otherwise of nobody that is compared, and not where it no longer knows who was tried", () => {
    const [gone] = snapshot.candidates.map(({ name }) => name).filter((name) => name !== snapshot.policy.reflex.candidate);
    const inForce = policyWith(undefined, (line) => void Object.assign(line, { candidate: line.candidate.filter(({ name }) => name !== gone) }));
    const now = { trust: gateTrust(inForce, "policy.toml", []), inForce, wanted: [gone] };
    const kept = (tried: readonly unknown[]) =>
      said(whole({}, { snapshot, run: { tried: new Set(tried) } }), now).filter((told) => told.startsWith("not-in-force"));
    expect(inForce.hash).not.toBe(snapshot.hash);
    expect(kept([])).toEqual([]);
    expect(kept([gone])).toHaveLength(1);
  });

  it("tells of its suite what the suite of that root is, where that one lies here", () => {
    const { name, version, root } = whole().run.header.suite;
    const here = (of: string) => said(whole({ tasks: [] }), { suites: [{ root: of, name: "other", version: "2.0.0", tasks: [] }] });
    expect(here(root)).toEqual([
      `other-header: a tells what it can't know: it calls the suite ${name} ${version}, and it is other 2.0.0: fetch the capsule again from where it came`,
    ]);
    expect(here(ROOT)).toEqual([]);
  });

  it("is not unsigned where the policy asks for signatures", () => {
    const strict = policyWith((policy) => void Object.assign(policy.signing, { require_signature: true }));
    const asked = { trust: { ...gateTrust(strict, "policy.toml", []), policy: { id: snapshot.policy_id, hash: snapshot.hash, from: "policy.toml" } } };
    expect(said(whole(), asked)).toEqual([
      "not-signed: a it is not signed: sign it (bakeoff capsule sign) with a key that policy.toml trusts, or name its key with --trust",
    ]);
  });

  it("is gated by the registration that it began under", () => {
    const registration = { sha256: ROOT } as unknown as NonNullable<Head["registration"]>;
    expect(said(whole({ registration }))).toEqual(["without-registration: a began under a registration (999999999999): name its file with --registration"]);
    expect(said(whole({ registration }), { isRegistered: true })).toEqual([]);
  });

  it("says what every run of this version says", () => {
    for (const key of ["draw", "calibration", "answers"])
      expect(said(whole({ [key]: undefined }))).toEqual([`silent-header: a does not say ${key}: run again with this version`]);
    for (const key of ["family", "editable", "tags"]) {
      const without = tasks.map((task, index) => (index === 0 ? { ...task, [key]: undefined } : task));
      expect(said(whole({ tasks: without }))).toEqual([`silent-header: a does not say ${key}: run again with this version`]);
    }
  });
});
