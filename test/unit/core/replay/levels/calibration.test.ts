// Calibration trials replayed: proven as they are; whatever is changed in one is found, its draw and its answer with it.
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../../src/core/base/canonical.ts";
import { BEYOND_PROOF } from "../../../../../src/core/capsule/proof/beyond-proof.ts";
import type { EventLine } from "../../../../../src/core/capsule/line.ts";
import { isCalibrationId } from "../../../../../src/core/capsule/record.ts";
import type { TrialEvent } from "../../../../../src/core/trial/event.ts";
import type { KeptTree, KeptVerification } from "../../../../../src/ports/workbench.ts";
import { answered, goodScript, planting, policyWith, type Script, taskNamed, unlock, VERDICTS } from "../../../run/fakes.ts";
import { bench as benchOfTrueTrees, edited, type Edit, recorded, replayOf, statusesOf } from "../recorded.ts";

const rightJudge: Script = (request, provider) =>
  request.purpose === "judge" ? answered(unlock(request.material.verdict?.status === "passed" ? "UNLOCK" : "BLOCK")) : goodScript(request, provider);
const SIX_PLANTS = policyWith(planting(6));
const run = await recorded({ tasks: [taskNamed("a"), taskNamed("c")], candidates: ["small"], epochs: 2, script: rightJudge, snapshot: SIX_PLANTS });

/** Answers as the reference solution would: a candidate that comes to the tree of a plant. */
const solvesAsTheReference: Script = (request, provider) =>
  request.purpose === "patch" ? answered(JSON.stringify({ edits: request.material.task.solution })) : rightJudge(request, provider);

const otherVerdict = (kept: KeptVerification | null): KeptVerification | null =>
  kept && { ...kept, verdict: VERDICTS[kept.verdict.status === "passed" ? "failed" : "passed"] as KeptVerification["verdict"] };

const planted = run.events.filter(({ trial }) => isCalibrationId(trial));
const counts = new Map(replayOf(run).levels.flatMap((level) => level.counts.map((count) => [`${level.name}: ${count.what}`, count] as const)));

it("is proven at every level that needs no cargo, each kind of thing counted apart", () => {
  const replay = replayOf(run);
  expect(replay.findings).toEqual([]);
  expect(statusesOf(replay)).toMatchObject({ integrity: "proven", decisions: "proven", prompts: "proven", patches: "proven", "model calls": "proven" });
  const count = (type: string) => planted.filter(({ payload }) => payload.type === type).length;
  const judged = planted.filter(({ payload }) => payload.type === "ModelCallEnvelope" && payload.role === "Judge").length;
  const plants = count("CalibrationPlant");
  expect(judged).toBeGreaterThanOrEqual(4);
  for (const [what, times] of [
    ["decisions: planted patches", plants],
    ["decisions: routing decisions", count("RoutingDecision")],
    ["decisions: plants left out", plants],
    ["prompts: Judge prompts", judged],
    ["patches: planted answers", plants],
    ["patches: patched trees", count("ToolCall")],
    ["model calls: Judge answers", judged],
    ["integrity: verdicts", count("ToolResult")],
  ] as const)
    expect(counts.get(`${what} (calibration)`), what).toMatchObject({ agreed: times, checked: times });
});

interface Change {
  readonly what: string;
  readonly where: (event: TrialEvent) => boolean;
  readonly edit: Edit;
  readonly level: string;
}

const isCall = (role: string) => (event: TrialEvent) => event.type === "ModelCallEnvelope" && event.role === role;
const CHANGES: readonly Change[] = [
  { what: "its kind", where: (event) => event.type === "CalibrationPlant", edit: (event) => void (event["plant"] = "tampered"), level: "decisions" },
  {
    what: "what is right",
    where: (event) => event.type === "CalibrationPlant",
    edit: (event) => void (event["right"] = event["right"] === "block" ? "unlock" : "block"),
    level: "decisions",
  },
  {
    what: "who was asked",
    where: (event) => event.type === "RoutingDecision" && event.role === "Judge",
    edit: (event) => void (event["model"] = "other"),
    level: "decisions",
  },
  { what: "the planted answer", where: isCall("Implementer"), edit: (event) => void (event["response_hash"] = sha256('{"edits":[]}')), level: "patches" },
  { what: "the Judge's prompt", where: isCall("Judge"), edit: (event) => void (event["prompt_hash"] = sha256("x")), level: "prompts" },
  { what: "the tree", where: (event) => event.type === "ToolCall", edit: (event) => void (event["tree_hash"] = sha256("x")), level: "patches" },
  {
    what: "what the Judge said",
    where: (event) => event.type === "GateDecision",
    edit: (event) => void (event["outcome"] = event["outcome"] === "Pass" ? "Fail" : "Pass"),
    level: "model calls",
  },
  { what: "its verdict", where: (event) => event.type === "ToolResult", edit: (event) => void (event["success"] = !event["success"]), level: "integrity" },
];

describe("a planted patch that was edited, with every hash of the file made to fit", () => {
  it.each(CHANGES)("is found and put down to the record: $what", ({ where, edit, level }) => {
    const blobs = [[sha256('{"edits":[]}'), '{"edits":[]}']] as const;
    const changed = edited(run, (event, line) => isCalibrationId(line.trial) && where(event), edit, blobs);
    const { findings } = replayOf(changed);
    expect(findings.map((finding) => finding.level)).toContain(level);
    expect(findings[0]?.trial).toMatch(/^calibration\//);
    expect(new Set(findings.map(({ cause }) => cause))).toEqual(new Set(["record"]));
  });

  it("is found where the seed draws no such patch, or where the Judge was left out", () => {
    const trial = planted[0]?.trial;
    const renamed = (line: EventLine): EventLine => (line.trial === trial ? { ...line, trial: (trial ?? "").replace(/[a-z-]+-\d+$/, "tampered-9") } : line);
    expect(replayOf({ ...run, events: run.events.map(renamed) }).findings[0]).toMatchObject({ check: "plant-is-drawn-again", redone: null });
    const judged = planted.findIndex(({ trial: own, payload }) => own === trial && payload.type === "RoutingDecision" && payload.role === "Judge");
    const cut = new Set(planted.slice(judged).filter(({ trial: own }) => own === trial));
    expect(replayOf({ ...run, events: run.events.filter((line) => !cut.has(line)) }).findings[0]).toMatchObject({
      check: "plant-goes-its-way",
      recorded: 2,
      redone: 3,
    });
  });

  it("is found where a judgement was put before the Judge's own: rates go by the first", () => {
    const judgement = planted.find(({ payload }) => payload.type === "GateDecision");
    const at = run.events.findIndex(({ trial, payload }) => trial === judgement?.trial && payload.type === "CalibrationPlant");
    if (judgement?.payload.type !== "GateDecision" || at < 0) throw new Error("a judgement of a plant");
    const outcome = judgement.payload.outcome === "Pass" ? "Fail" : "Pass";
    const forged: EventLine = { ...judgement, seq: (run.events[at]?.seq ?? 0) + 0.5, payload: { ...judgement.payload, outcome } };
    expect(replayOf({ ...run, events: run.events.toSpliced(at + 1, 0, forged) }).findings).toMatchObject([
      { check: "result-fits-call", seq: forged.seq, what: "a signal or a judgement that nobody was asked for", cause: "record" },
    ]);
  });

  it("is a gap where the suite is not here, and where answers were not captured", async () => {
    const none = replayOf(run, { suite: "the suite is not here" });
    expect(statusesOf(none)).toMatchObject({ decisions: "proven", prompts: "not-reconstructable" });
    const snapshot = policyWith((policy) => {
      policy.capture.mode = "prompts_only";
      planting(2)(policy);
    });
    const sparse = replayOf(await recorded({ tasks: [taskNamed("a")], candidates: ["small"], script: rightJudge, snapshot }));
    expect(sparse.findings).toEqual([]);
    const gap = sparse.gaps.find(({ level }) => level === "model calls");
    expect(gap?.places.some(({ trial }) => isCalibrationId(trial))).toBe(true);
    expect(statusesOf(sparse)["patches"]).toBe("proven");
  });
});

describe("a planted patch whose verdict was kept from an earlier run", async () => {
  const bench = benchOfTrueTrees();
  const sketch = { tasks: [taskNamed("a"), taskNamed("c")], candidates: ["small"], script: rightJudge, snapshot: SIX_PLANTS };
  await recorded(sketch, { bench });
  const second = await recorded(sketch, { bench });
  const isKept = (event: TrialEvent): boolean => event.type === "ToolResult" && event.kept === true;

  it("is proven with the rest: its whole verdict lies in this capsule, and is counted as kept", () => {
    const replay = replayOf(second);
    expect(replay.findings).toEqual([]);
    expect(replay.gaps).toEqual([]);
    const kept = second.events.filter(({ payload }) => isKept(payload)).length;
    expect(kept).toBeGreaterThan(3);
    const integrity = replay.levels.find(({ name }) => name === "integrity");
    expect(integrity?.counts.find(({ what }) => what === "kept verdicts (calibration)")).toMatchObject({ agreed: kept, checked: kept });
  });

  it("is none of a candidate's: an attempt that says so is found", () => {
    const isOwn = (event: TrialEvent, line: EventLine): boolean => event.type === "ToolResult" && !isCalibrationId(line.trial);
    const forged = edited(second, isOwn, (event) => Object.assign(event, { kept: true, reused: true, duration_ms: 0 }));
    expect(replayOf(forged).findings.map(({ check }) => check)).toContain("kept-verdict-is-a-plants");
  });

  it("may as well be the run's own, with times of its own, and the other way round: nothing but a signature tells which it was", () => {
    const times = { queue_ms: 0, apply_ms: 1, check_ms: 2, test_ms: 3, overhead_ms: 4, duration_ms: 10 };
    const none = Object.fromEntries(Object.keys(times).map((name) => [name, 0]));
    const isResult = (event: TrialEvent, line: EventLine): boolean => event.type === "ToolResult" && isCalibrationId(line.trial);
    const own = edited(second, isResult, (event) => {
      delete event["kept"];
      Object.assign(event, { reused: false, ...times });
    });
    const kept = edited(run, isResult, (event) => Object.assign(event, { kept: true, reused: true, ...none }));
    for (const relabelled of [own, kept]) expect(replayOf(relabelled).findings).toEqual([]);
    expect(BEYOND_PROOF.planted).toEqual(["ToolResult.kept", "ToolResult.reused"]);
    expect(BEYOND_PROOF.payload).toEqual(expect.arrayContaining(Object.keys(times).map((name) => `ToolResult.${name}`)));
  });

  it("is none of a run that kept nothing: the header says by which rules it planted", () => {
    const before = { ...second, header: { ...second.header, calibration: "complete" as const } };
    expect(replayOf(before).findings.map(({ check }) => check)).toContain("kept-verdict-is-a-plants");
  });

  it("is a gap where the run itself came to another verdict on the same tree", async () => {
    const flaky = {
      ...bench,
      kept: { ...bench.kept, find: async (tree: KeptTree) => otherVerdict(await bench.kept.find(tree, new AbortController().signal)) },
    };
    const replay = replayOf(await recorded({ ...sketch, script: solvesAsTheReference }, { bench: flaky }));
    expect(replay.gaps.map(({ reason }) => reason)).toContain("the run itself came to another verdict on this tree");
  });
});
