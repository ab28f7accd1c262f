// What a gate may count of a run: decisions and verdicts that come out again, and in words what does not.
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src/core/base/canonical.ts";
import { foldRun } from "../../../../src/core/capsule/record.ts";
import { VERDICT_MISSING } from "../../../../src/core/replay/levels/integrity.ts";
import { type Finding, type Gap, Ledger } from "../../../../src/core/replay/levels/level.ts";
import { openRunProof } from "../../../../src/core/replay/run-proof.ts";
import { answered, editFor, goodScript, planting, policyWith, type Script, taskNamed, unlock } from "../../run/fakes.ts";
import { edited, inputOf, type Recorded, readerOf, recorded, replayOf } from "./recorded.ts";

const run = await recorded({ tasks: [taskNamed("a"), taskNamed("c")], candidates: ["small"], epochs: 3, snapshot: policyWith(planting(4)) });

function proven(of: Recorded) {
  const reader = readerOf(foldRun(of.header, of.events));
  const proof = openRunProof(inputOf(of));
  for (const trial of reader.trials()) proof.trial(trial);
  for (const trial of reader.calibrationTrials()) proof.calibration(trial);
  return proof.end();
}
/** Without the texts of so many verdicts. */
function without(count: number): Recorded {
  const verdicts = [...new Set(run.events.flatMap(({ payload }) => (payload.type === "ToolResult" ? [payload.output_hash] : [])))].slice(0, count);
  return { ...run, blobs: new Map([...run.blobs].filter(([hash]) => !verdicts.includes(hash))) };
}
const isResult = (payload: { readonly type: string }): boolean => payload.type === "ToolResult";

describe("the proof of a run", () => {
  it("is whole where every decision and every verdict comes out again", () => {
    expect(proven(run)).toEqual({ contradicted: [], untold: [] });
  });

  it("names a decision that the router makes otherwise, and a verdict that is not the stored one, with its place", () => {
    const routed = edited(
      run,
      ({ type }) => type === "RoutingDecision",
      (event) => void (event["selection_reason"] = "escalated-after-reflex-attempts"),
    );
    expect(proven(routed).contradicted.join("\n")).toMatch(/small\/fix-\w\/1, event \d+: decision-is-made-again: /);
    const judged = edited(run, isResult, (event) => void (event["success"] = !event["success"]));
    expect(proven(judged).contradicted[0]).toMatch(
      /^small\/fix-\w\/1, event \d+: verdict-fits-evidence: does not hold: A verdict is the summary of the one stored in full\.$/,
    );
  });

  it("names a judgement that was put behind the Judge's own, which the unlock then goes by", async () => {
    const script: Script = (request, provider) => (request.purpose === "judge" ? answered(unlock("BLOCK")) : goodScript(request, provider));
    const blocked = await recorded({ tasks: [taskNamed("a")], candidates: ["small"], script });
    const gateAt = (name: string) => blocked.events.findIndex(({ payload }) => payload.type === "GateDecision" && payload.gate_name === name);
    const [judged, unlocked] = [blocked.events[gateAt("judge")], blocked.events[gateAt("unlock")]];
    if (judged?.payload.type !== "GateDecision" || unlocked?.payload.type !== "GateDecision") throw new Error("a judged trial");
    expect([judged.payload.outcome, unlocked.payload.outcome]).toEqual(["Fail", "Fail"]);
    const passed = { outcome: "Pass", reason: "it is fine" } as const;
    const events = blocked.events
      .with(gateAt("unlock"), { ...unlocked, payload: { ...unlocked.payload, ...passed } })
      .toSpliced(gateAt("judge") + 1, 0, { ...judged, seq: judged.seq + 0.5, payload: { ...judged.payload, ...passed } });
    expect(proven({ ...blocked, events }).contradicted).toEqual([
      `small/fix-a/1, event ${judged.seq + 0.5}: result-fits-call: a signal or a judgement that nobody was asked for`,
    ]);
  });

  it("tells five contradictions one by one, and counts the others", () => {
    const all = {
      ...run,
      events: run.events.map((line) =>
        isResult(line.payload) ? { ...line, payload: { ...line.payload, success: !("success" in line.payload && line.payload.success) } } : line,
      ),
    } as Recorded;
    const { contradicted } = proven(all);
    const { findingCount } = replayOf(all, { levels: ["integrity", "decisions"] });
    expect(findingCount).toBeGreaterThan(5);
    expect(contradicted).toHaveLength(6);
    expect(contradicted[5]).toBe(`${findingCount - 5} more of this kind`);
  });

  it("tells verdicts without their full text, and where the first of them is", () => {
    const told = (count: number) => proven(without(count)).untold;
    expect(told(0)).toEqual([]);
    expect(told(1)).toEqual([expect.stringMatching(/^\d+ verdicts? without the full text: \S+, event \d+ first$/)]);
    const { gaps } = replayOf(without(1), { levels: ["integrity", "decisions"] });
    const one = gaps.find(({ reason }) => reason === VERDICT_MISSING);
    expect(told(1)[0]).toContain(
      `${one?.count} verdict${one?.count === 1 ? "" : "s"} without the full text: ${one?.places[0]?.trial}, event ${one?.places[0]?.seq} first`,
    );
    const [, results = "0"] = /^(\d+)/.exec(told(99)[0] ?? "") ?? [];
    expect(Number(results)).toBe(run.events.filter(({ payload }) => isResult(payload)).length);
  });

  it("asks nothing of prompts and patches, which a gate does not count", () => {
    const prompted = edited(
      run,
      ({ type }) => type === "ModelCallEnvelope",
      (event) => void (event["prompt_hash"] = sha256("x")),
      [[sha256("x"), "x"]],
    );
    expect(proven(prompted)).toEqual({ contradicted: [], untold: [] });
  });
});

describe("what running cargo again found", () => {
  const found = (trial: string | null, seq: number | null): Finding => ({
    level: "re-execution",
    check: "cargo-comes-to-the-same",
    kind: "trees",
    what: "another verdict",
    recorded: "passed",
    redone: "failed",
    cause: "toolchain",
    trial,
    seq,
  });
  const gap = (trial: string | null): Gap => ({ level: "re-execution", trial, seq: null, reason: "no cargo" });

  it("is told with the trial that it is of, once, what is of the whole run before that", () => {
    const ledger = new Ledger();
    ledger.agree("re-execution", "trees");
    const [first, last] = ["small/fix-a/1", "small/fix-c/3"];
    const reexecution = { ledger, findings: [found(last, 4), found(null, null), found(first, 2)], gaps: [gap(first), gap(null)], notes: ["by rustc 1.90.0"] };
    const { findings, findingCount, gaps, levels } = replayOf(run, { reexecution });
    expect(findings.map(({ trial, seq, cause }) => [trial, seq, cause])).toEqual([
      [null, null, "toolchain"],
      [first, 2, "toolchain"],
      [last, 4, "toolchain"],
    ]);
    expect(findingCount).toBe(3);
    expect(gaps).toMatchObject([{ level: "re-execution", reason: "no cargo", count: 2 }]);
    expect(levels.find(({ name }) => name === "re-execution")).toMatchObject({
      status: "proven",
      counts: [{ what: "trees", agreed: 1 }],
      notes: ["by rustc 1.90.0"],
    });
  });
});

describe("the file of a run that is replayed", () => {
  const countOf = (faults: readonly { check: string; fault: string }[]) => {
    const { levels, findings } = replayOf(run, { faults });
    return [levels[0]?.counts.find(({ what }) => what === "seal, hashes and order"), findings.map(({ check, cause, what }) => `${check} ${cause} ${what}`)];
  };
  it("agrees where verification found nothing, and diverges by each fault; a policy's is the policy's doing", () => {
    expect(countOf([])).toEqual([{ what: "seal, hashes and order", checked: 1, agreed: 1, gaps: 0 }, []]);
    expect(
      countOf([
        { check: "merkle-root", fault: "torn" },
        { check: "policy-hash", fault: "another" },
      ]),
    ).toEqual([{ what: "seal, hashes and order", checked: 2, agreed: 0, gaps: 0 }, ["merkle-root record torn", "policy-hash policy another"]]);
  });

  it("can't be gone into without its policy, and each trial is a gap of every level that needs it", () => {
    const lost = { ...run, blobs: new Map([...run.blobs].filter(([hash]) => hash !== run.header.policy.snapshot_hash)) };
    const { gaps, levels } = replayOf(lost);
    expect(gaps.map(({ level, reason }) => `${level}: ${reason}`)).toEqual(
      ["decisions", "prompts", "patches", "model calls"].map((level) => `${level}: the PolicySnapshot is not in the capsule`),
    );
    expect(levels.map(({ status }) => status)).toEqual([
      "proven",
      "not-reconstructable",
      "not-reconstructable",
      "not-reconstructable",
      "not-checked",
      "not-reconstructable",
    ]);
  });
});

describe("an attempt that was rejected", () => {
  it("has the reason that its answer leads to, also where it is no JSON at all", async () => {
    const rejected = await recorded({
      tasks: [taskNamed("a")],
      candidates: ["small"],
      script: (request) => (request.purpose === "patch" ? answered("no JSON at all") : answered(editFor(request.material.task, "passed"))),
    });
    expect(replayOf(rejected).levels.find(({ name }) => name === "model calls")?.status).toBe("proven");
    const otherwise = edited(rejected, isResult, (event) => void (event["output_hash"] = sha256("{}")), [[sha256("{}"), "{}"]]);
    expect(replayOf(otherwise).findings.map(({ level }) => level)).toContain("model calls");
  });
});
