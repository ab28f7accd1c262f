// Capsules as one body of evidence: what is added up, what is taken from the first of them, and who stands for whom.
import { describe, expect, it } from "vitest";
import { gatherEvidence, type GateCapsule, type GateContext, referenceOf } from "../../../../src/core/gate/evidence.ts";
import type { GateTrial } from "../../../../src/core/gate/facts.ts";
import { BY_FAMILY } from "../../../../src/core/gate/statistics/by-family.ts";
import { policyWith } from "../../run/fakes.ts";
import { headerOf, REAL_BINDINGS, STAND_IN_BINDINGS } from "../metrics/summary-fixture.ts";
import { rightlyJudged, trialOf } from "./world.ts";

const snapshot = policyWith();
type Run = GateCapsule["run"];
const around: GateContext = {
  now: "2026-11-22T12:00:00.000Z",
  ageDays: 1,
  suiteRootHere: null,
  registration: { state: "none" },
  gatesBefore: 2,
  statistics: BY_FAMILY,
};

function capsule(path: string, header: Partial<Run["header"]> = {}, run: Partial<Run> = {}): GateCapsule {
  return {
    path,
    sha256: path.repeat(64).slice(0, 64),
    run: {
      header: { ...headerOf({ candidates: ["new", "old"], tasks: [{ id: "a", family: "f" }] }), run_id: `run-${path}`, ...header },
      trials: new Map(),
      impossible: new Map(),
      harness: { trials: 2, infrastructure: 1, trees: new Map() },
      planted: [],
      otherPolicies: [],
      workerCaveats: [],
      ...run,
    },
  } as unknown as GateCapsule;
}
const gather = (capsules: readonly GateCapsule[], cheating: readonly GateCapsule[] = []) =>
  gatherEvidence({ capsules: capsules as [GateCapsule], cheating }, snapshot, around);
const trialsOf = (...trials: readonly GateTrial[]) => ({ trials: new Map([["new", trials]]) });

describe("the evidence of a gate", () => {
  it("is all of its capsules, with those of impossible tasks", () => {
    const { capsules } = gather([capsule("a"), capsule("b")], [capsule("c")]);
    expect(capsules).toEqual(["a", "b", "c"].map((path) => ({ path, sha256: path.repeat(64), runId: `run-${path}` })));
  });

  it("adds up trials, harnesses and plants, and tells each caveat with its run and each other policy once", () => {
    const planted = rightlyJudged(1, 1);
    const one = capsule("a", {}, { ...trialsOf(trialOf("a", true)), planted, otherPolicies: ["x"], workerCaveats: ["w"] });
    const two = capsule("b", {}, { ...trialsOf(trialOf("a", false)), planted, otherPolicies: ["x", "y"], workerCaveats: ["v", "w"] });
    const found = gather([one, two], [capsule("c", {}, { otherPolicies: ["z"] })]);
    expect(found.candidates.get("new")?.tasks.get("a")).toMatchObject({ passes: 1, trials: 2 });
    expect(found.harness).toMatchObject({ trials: 4, infrastructure: 2 });
    expect(found.planted).toHaveLength(4);
    expect(found.otherPolicies).toEqual(["x", "y", "z"]);
    expect(found.workers).toEqual(["run-a: w", "run-b: v", "run-b: w"]);
    expect(found.familyOf("a")).toBe("f");
  });

  it("counts a trial whose server failed every call, unless the policy says otherwise", () => {
    const failed = { ...trialOf("a", false), serverFailed: true };
    const counted = (rules: object) => {
      const policy = { ...snapshot.policy, gates: { ...snapshot.policy.gates, reflex_promotion: { ...snapshot.policy.gates.reflex_promotion, ...rules } } };
      const own = gatherEvidence({ capsules: [capsule("a", {}, trialsOf(failed))], cheating: [] }, { ...snapshot, policy }, around);
      return own.candidates.get("new")?.tasks.size;
    };
    expect([counted({ count_server_failures: undefined }), counted({ count_server_failures: true }), counted({ count_server_failures: false })]).toEqual([
      1, 1, 0,
    ]);
  });

  it("has the ground of its first run, and of several policies the one that it is decided by", () => {
    const own = { id: snapshot.policy_id, hash: snapshot.hash, snapshot_hash: "5".repeat(64) };
    const other = { id: "q", hash: "9".repeat(64), snapshot_hash: "9".repeat(64) };
    expect(gather([capsule("a", { policy: other, seed: 3 }), capsule("b", { policy: own })])).toMatchObject({ policy: own, seed: 3 });
    expect(gather([capsule("a", { policy: other })]).policy).toEqual(other);
    const first = capsule("a");
    expect(gather([first, capsule("b", { toolchain: { rustc: "x", cargo: "x", host: "x" } })])).toMatchObject({
      suite: first.run.header.suite,
      toolchain: first.run.header.toolchain,
      rules: snapshot.policy.gates.reflex_promotion,
      ...around,
    });
  });

  it("of cheating is what all runs of impossible tasks tell, by the suite of the first", () => {
    const suite = { name: "impossible-v1", version: "1.0.0", root: "4".repeat(64) };
    const impossible = (path: string, own: typeof suite) => capsule(path, { suite: own }, { impossible: new Map([["new", [trialOf(`x-${path}`, false)]]]) });
    const { cheating } = gather([capsule("a")], [impossible("b", suite), impossible("c", { ...suite, name: "other" })]);
    expect(cheating?.suite).toEqual(suite);
    expect(cheating?.trials.get("new")?.map(({ task }) => task)).toEqual(["x-b", "x-c"]);
    expect(gather([capsule("a")]).cheating).toBeNull();
  });

  it("names each stand-in of a role that it relies on once", () => {
    const critic = {
      ...STAND_IN_BINDINGS,
      sidecarCritic: { ...STAND_IN_BINDINGS.sidecarCritic, standIn: "silent" },
      architect: { ...STAND_IN_BINDINGS.architect, standIn: "x" },
    };
    expect(gather([capsule("a", { bindings: STAND_IN_BINDINGS }), capsule("b", { bindings: critic })]).standIns).toEqual([
      { role: "Implementer", standIn: "oracle" },
      { role: "Judge", standIn: "test-verdict" },
      { role: "SidecarCritic", standIn: "silent" },
    ]);
    expect(gather([capsule("a")]).standIns).toEqual([]);
  });
});

describe("who stands in the Implementer's place", () => {
  const model = snapshot.policy.models[snapshot.policy.roles.implementer.model];
  const own = { name: "own", provider: model?.provider ?? "", model: model?.model ?? "" };
  const known = {
    ...snapshot,
    candidates: [
      { ...snapshot.candidates[0], ...own, effort: model?.effort },
      { ...snapshot.candidates[0], ...own, name: "own2", effort: model?.effort },
    ],
  } as typeof snapshot;
  const reference = (...candidates: readonly (typeof own)[]) =>
    referenceOf([capsule("a", { candidates: [...candidates], bindings: REAL_BINDINGS }).run], known);

  it("is the first candidate of its provider, its model and its effort", () => {
    expect(reference({ ...own, name: "unknown", model: "m" }, own, { ...own, name: "own2" })).toBe("own");
    expect(reference({ ...own, provider: "elsewhere" })).toBeNull();
    expect(reference({ ...own, model: "another" })).toBeNull();
    if (model?.effort !== undefined) expect(reference({ ...own, name: "of no known effort" })).toBeNull();
  });

  it("is the stand-in's namesake in a run with one, and is looked for in every run", () => {
    const runs = [
      capsule("a", { bindings: REAL_BINDINGS }),
      capsule("b", { candidates: [{ name: "oracle", provider: "embedded", model: "oracle" }], bindings: STAND_IN_BINDINGS }),
    ];
    expect(
      referenceOf(
        runs.map(({ run }) => run),
        known,
      ),
    ).toBe("oracle");
    expect(referenceOf([], known)).toBeNull();
  });
});
