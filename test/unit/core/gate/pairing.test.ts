// Candidates as they are counted and compared: what a trial adds to whom, and what is unknown of a task.
import { describe, expect, it } from "vitest";
import { candidateFacts, type GateTrial, noFacts, unbegun } from "../../../../src/core/gate/facts.ts";
import { discordance, filledIn, pairedTable, pairUp } from "../../../../src/core/gate/pairing.ts";
import { gatePlayers } from "../../../../src/core/gate/players.ts";
import { alternativesOf } from "../../../../src/core/gate/alternatives.ts";
import type { GateCapsule } from "../../../../src/core/gate/evidence.ts";
import { byKind, isOfImpossible } from "../../../../src/core/gate/kinds.ts";
import { distrust, gateTrust, keysOf } from "../../../../src/core/gate/trust.ts";
import { BY_FAMILY } from "../../../../src/core/gate/statistics/by-family.ts";
import { policyWith } from "../../run/fakes.ts";
import { headerOf, REAL_BINDINGS, STAND_IN_BINDINGS } from "../metrics/summary-fixture.ts";
import { counted, trialOf } from "./world.ts";

const of = (task: string, passed: boolean, more: Partial<GateTrial> = {}): GateTrial => ({ ...trialOf(task, passed), family: `f-${task}`, ...more });
const facts = (name: string, ...trials: readonly GateTrial[]) => candidateFacts(name, trials, counted);

describe("the facts of a candidate", () => {
  it("are its trials by task, of those that count", () => {
    const own = facts(
      "new",
      of("a", true),
      of("a", false, { uri: "two" }),
      of("a", true, { standing: "infrastructure", uri: "lost" }),
      of("b", false, { uri: null }),
    );
    expect(own.tasks.get("a")).toEqual({ passes: 1, trials: 2, uris: [trialOf("a", true).uri, "two"], family: "f-a", planned: 3 });
    expect(own.tasks.get("b")).toEqual({ passes: 0, trials: 1, uris: [], family: "f-b", planned: 1 });
    expect(own.trials).toEqual({ planned: 4, infrastructure: 1, unfinished: 0, unasked: 0 });
    expect(own.attempts.map(({ task, family }) => `${task} ${family}`)).toEqual(["a f-a", "a f-a", "b f-b"]);
    expect(own.lostTasks.size).toBe(0);
  });

  it("count each loss as what it was, and a task of which all was lost as unknown", () => {
    const lost = (standing: GateTrial["standing"]) => of("c", false, { standing });
    const own = facts("new", lost("infrastructure"), lost("unfinished"), lost("unasked"), lost("unasked"));
    expect(own.trials).toEqual({ planned: 4, infrastructure: 1, unfinished: 1, unasked: 2 });
    expect([...own.lostTasks]).toEqual([["c", { family: "f-c" }]]);
    expect(own.tasks.size).toBe(0);
    expect(own.attempts).toEqual([]);
  });

  it("leave a trial out in which the slot was not to try, but for what it cost", () => {
    const own = facts("new", of("a", true, { standing: "without-slot" }), of("b", true));
    expect([...own.tasks.keys(), ...own.lostTasks.keys()]).toEqual(["b"]);
    expect(own.trials.planned).toBe(1);
    expect(own.costUsd).toBeCloseTo(0.002, 12);
    expect(facts("new", of("a", true, { costUsd: null }), of("b", true)).costUsd).toBeNull();
    expect(facts("new", of("b", true), of("a", true, { costUsd: null })).costUsd).toBeNull();
  });

  it("are none of a candidate that nobody tried", () => {
    expect(noFacts("x")).toMatchObject({ name: "x", costUsd: 0, attempts: [], trials: { planned: 0 } });
    expect(unbegun("a", "f")).toEqual({
      task: "a",
      family: "f",
      standing: "unfinished",
      passed: false,
      serverFailed: false,
      attempts: [],
      costUsd: 0,
      uri: null,
    });
  });
});

describe("a trial that counts", () => {
  it("is one that was not lost, and whose server answered, where the policy leaves the others out", () => {
    const counts = (standing: GateTrial["standing"], serverFailed: boolean, all: boolean) => BY_FAMILY.counts({ standing, serverFailed }, all);
    expect([counts("counted", false, false), counts("counted", true, false), counts("counted", true, true), counts("counted", false, true)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    for (const lost of ["infrastructure", "unfinished", "unasked", "without-slot"] as const) expect(counts(lost, false, true)).toBe(false);
  });
});

describe("two candidates", () => {
  const lost = { standing: "infrastructure" } as const;
  const own = facts("new", of("c", true), of("a", true), of("b", false), of("l", false, lost), of("o", true), of("m", true));
  const other = facts("old", of("c", false), of("b", true), of("a", true), of("l", true), of("m", false, { ...lost, family: "elsewhere" }));

  it("are paired on the tasks that count for both, by name", () => {
    const { pairs } = pairUp(own, other);
    expect(pairs.map(({ task, family }) => `${task} ${family}`)).toEqual(["a f-a", "b f-b", "c f-c"]);
    expect(pairs[1]).toMatchObject({ candidate: { passes: 0 }, reference: { passes: 1 } });
  });

  it("leave open what one side lost wholly, and not what it was never to try", () => {
    const { unknown } = pairUp(own, other);
    expect(unknown).toEqual([
      { task: "l", family: "f-l", candidate: null, reference: expect.objectContaining({ passes: 1 }) },
      { task: "m", family: "f-m", candidate: expect.objectContaining({ passes: 1 }), reference: null },
    ]);
    expect(pairUp(facts("new", of("m", false, { ...lost, family: "mine" })), other).unknown).toMatchObject([
      { family: "mine", candidate: null, reference: null },
    ]);
  });

  it("are filled in as it would be worst for the candidate, or best", () => {
    const filled = (as: "worst" | "best") =>
      filledIn(pairUp(own, other), as).map(({ task, candidate, reference }) => [task, candidate.passes, candidate.trials, reference.passes, reference.trials]);
    expect(filled("worst").slice(3)).toEqual([
      ["l", 0, 1, 1, 1],
      ["m", 1, 1, 1, 1],
    ]);
    expect(filled("best").slice(3)).toEqual([
      ["l", 1, 1, 1, 1],
      ["m", 1, 1, 0, 1],
    ]);
  });

  it("differ on tasks that are named with the last event of each side", () => {
    const table = pairedTable(
      facts("new", of("a", false, { uri: "first" }), of("a", true, { uri: "last" }), of("b", false, { uri: null })),
      facts("old", of("a", false), of("b", true)),
    );
    expect(table).toMatchObject({
      tasks: 2,
      candidateBetter: [{ task: "a", candidate: { passes: 1, trials: 2, uri: "last" }, incumbent: { passes: 0, trials: 1 } }],
      incumbentBetter: [{ task: "b", candidate: { passes: 0, trials: 1, uri: null }, incumbent: { passes: 1 } }],
    });
  });

  it("lie apart by the mean over tasks", () => {
    expect(discordance(pairUp(own, other).pairs)).toBeCloseTo(2 / 3, 12);
    expect(discordance([])).toBe(0);
  });
});

const possible = { tasks: headerOf({ candidates: ["x"], tasks: [{ id: "a" }, { id: "b", impossible: true }] }).tasks };
const impossible = { tasks: headerOf({ candidates: ["x"], tasks: [{ id: "b", impossible: true }] }).tasks };

describe("runs of a gate", () => {
  it("tell what a candidate can do, or how often it cheats where they hold nothing else", () => {
    expect([possible, impossible, { tasks: [] }].map(isOfImpossible)).toEqual([false, true, false]);
    const runs = [possible, impossible].map((header) => ({ run: { header } }));
    expect(byKind(runs)).toEqual({ capsules: [runs[0]], cheating: [runs[1]] });
  });
});

describe("who plays in a gate", () => {
  const snapshot = policyWith();
  const names = snapshot.candidates.map(({ name }) => name);
  it("is both sides, the compiler, and the cloud Implementer's model, or its stand-in where that can't be reached", () => {
    const [one = "", two = ""] = names;
    expect(gatePlayers(snapshot, [one, two], () => false).toSorted()).toEqual([one, two, "oracle", "rustc-suggestions"].toSorted());
    const model = snapshot.policy.models[snapshot.policy.roles.implementer.model];
    const own = {
      ...snapshot.candidates[0],
      name: "own",
      provider: model?.provider,
      model: model?.model,
      effort: model?.effort,
    } as (typeof snapshot.candidates)[number];
    const played = (...more: readonly (typeof own)[]) => gatePlayers({ ...snapshot, candidates: [...snapshot.candidates, ...more] }, [one], () => true);
    expect(played(own).toSorted()).toEqual([one, "own", "rustc-suggestions"].toSorted());
    for (const other of [{ provider: "elsewhere" }, { model: "another" }, { effort: "xlow" }])
      expect(played({ ...own, ...other } as typeof own).toSorted()).toEqual([one, "rustc-suggestions"].toSorted());
    const asked: string[] = [];
    gatePlayers(snapshot, [one], (alias) => asked.push(alias) > 0);
    expect(asked).toEqual([snapshot.policy.roles.implementer.model]);
  });
  it("is told once each, in the policy's order, those that it does not know last", () => {
    const [one = "", two = ""] = names;
    const played = gatePlayers(snapshot, ["stranger", two, one, one], () => false);
    expect(played).toHaveLength(new Set(played).size);
    expect(played.at(-1)).toBe("stranger");
    expect(played.filter((name) => name === one || name === two)).toEqual([one, two]);
  });
});

describe("the alternatives of a gate", () => {
  const snapshot = policyWith();
  const capsule = (candidates: readonly { name: string; provider: string; model: string }[], bindings = REAL_BINDINGS) =>
    ({ run: { header: { ...headerOf({ candidates: ["x"], tasks: [{ id: "a" }] }), candidates, bindings } } }) as unknown as GateCapsule;
  const tried = (name: string, provider = "sglang") => ({ name, provider, model: name });
  it("are those asked about first, then all others that were tried", () => {
    const runs = [
      capsule([tried("old"), tried("a"), tried("b"), tried("rustc-suggestions", "embedded"), tried("policy", "policy")]),
      capsule([tried("b"), tried("c")]),
    ];
    const found = alternativesOf(runs, snapshot, ["b"], "old");
    expect(found.slice(0, 3)).toEqual(["b", "a", "c"]);
    expect(found).not.toContain("old");
    expect(found).not.toContain("rustc-suggestions");
  });
  it("are not whom it is measured against in the Implementer's place", () => {
    const runs = [capsule([tried("old"), tried("a"), tried("oracle")], STAND_IN_BINDINGS)];
    expect(alternativesOf(runs, snapshot, ["a"], "old")).toEqual(["a"]);
    expect(alternativesOf(runs, snapshot, ["oracle"], "old")).toEqual(["oracle", "a"]);
  });
});

describe("the trust of a gate", () => {
  const [mine, yours] = [`${"A".repeat(43)}=`, `${"B".repeat(43)}=`];
  const snapshot = policyWith((policy) => void Object.assign(policy.signing, { trusted_keys: [mine], require_signature: true }));
  const trust = gateTrust(snapshot, "policy.toml", [yours, mine, yours]);
  it("is the policy's, and whom somebody named beside it, once each", () => {
    expect(trust).toEqual({
      policy: { id: snapshot.policy_id, hash: snapshot.hash, from: "policy.toml" },
      keys: [
        { key: mine, by: "policy" },
        { key: yours, by: "--trust" },
      ],
      requireSignature: true,
    });
    expect(keysOf(trust)).toEqual([mine, yours]);
  });
  it("has a signature count by its key alone", () => {
    expect(distrust({ state: "unsigned" }, trust)).toBe("it is not signed");
    expect(distrust({ state: "bad", fault: "torn" } as Parameters<typeof distrust>[0], trust)).toBe("torn");
    for (const state of ["trusted", "self-signed"] as const) {
      expect(distrust({ state, publicKey: yours } as Parameters<typeof distrust>[0], trust)).toBeNull();
      expect(distrust({ state, publicKey: "C" } as Parameters<typeof distrust>[0], trust)).toBe("it is signed by C, a key that nobody has named as trusted");
    }
  });
});
