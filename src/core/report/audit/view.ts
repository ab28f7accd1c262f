// An audit as finished texts, which the Markdown and the HTML template lay out.
import { BEYOND_PROOF, beyondProofText } from "../../capsule/proof/beyond-proof.ts";
import type { Comparison } from "../../replay/counterfactual/comparison.ts";
import { REFUSALS } from "../../replay/counterfactual/prediction.ts";
import type { Counterfactual, Figures } from "../../replay/counterfactual/counterfactual.ts";
import type { LevelResult, LevelStatus } from "../../replay/levels/level.ts";
import type { AuditEvent } from "./timeline.ts";
import type { AuditModel, AuditPlant, AuditTrial, Outcome, PlacedFinding } from "./model.ts";
import { counted, millisecondsText, NOTHING, rateText } from "../format.ts";
import { usdText } from "../../text/figures.ts";
import { standInText } from "../model.ts";

const OUTCOMES: Readonly<Record<Outcome, readonly [word: string, sentence: string]>> = {
  proven: ["PROVEN", "Everything that was checked is proven from the record."],
  partly: ["PARTLY PROVEN", "What the record holds is proven. What it lacks can't be reconstructed and is listed below."],
  diverged: ["DIVERGED", "The replay differs from the record. The first divergence is shown below."],
  "not-intact": ["NOT INTACT", "The capsule was changed after it was sealed, or contradicts its own evidence."],
};

const STATUSES: Readonly<Record<LevelStatus, string>> = {
  proven: "proven",
  partly: "partly proven",
  diverged: "diverged",
  "not-checked": "not requested",
  "not-reconstructable": "not reconstructable",
};

/** Texts only, and booleans for the templates to branch on. Nothing is escaped yet. */
export function auditView(model: AuditModel, mostEndings = Number.POSITIVE_INFINITY) {
  const [word, sentence] = OUTCOMES[model.outcome];
  return {
    title: model.title,
    outcome: { word, sentence, tone: model.outcome },
    notices: [...model.standIns.map(standInText), ...model.warnings, ...model.leftOut.map(({ name, reason }) => `left out: ${name}: ${reason}`)],
    overrides: model.overrides.map(({ trial, text, anchor, stage }) => ({ trial: trial ?? "the run", stage: stage ?? "", text, anchor })),
    first: model.findings[0] ? findingView(model.findings[0]) : null,
    otherFindings: model.findings.slice(1).map(findingView),
    findingCount: counted(model.findingCount, "divergence"),
    hiddenFindings: model.findingCount > model.findings.length ? String(model.findingCount - model.findings.length) : "",
    identity: identityRows(model).map(([what, value]) => ({ what, value })),
    levels: model.levels.map(levelView),
    gapSentence: model.gaps.steps === 0 ? "" : `These ${counted(model.gaps.steps, "step")} cannot be fully reconstructed:`,
    gaps: model.gaps.reasons.map(({ level, reason, count, anchors }) => ({
      level,
      reason,
      count: String(count),
      links: anchors.map((anchor, index) => ({ anchor, number: String(index + 1) })),
      more: count > anchors.length ? `and ${count - anchors.length} more` : "",
    })),
    gates: model.gates.map(({ gate, outcome, count }) => ({
      gate,
      outcome,
      count: String(count),
      tone: outcome === "Fail" ? "bad" : outcome === "Pass" ? "good" : "plain",
    })),
    routing: model.routing.map(({ role, mode, servedBy, reason, count }) => ({ role, mode, servedBy, reason, count: String(count) })),
    rates: model.summary.candidates.map(({ name, slot, final }) => ({
      name,
      passAt1: rateText(slot.passAt1),
      slot: rateText(slot.pass),
      final: rateText(final.rate),
    })),
    counterfactual: model.counterfactual && counterfactualView(model.counterfactual, mostEndings),
    comparison: model.comparison && comparisonView(model.comparison),
    runEvents: model.runEvents,
    trialCount: counted(model.trialCount, "trial"),
  };
}

function findingView({ level, kind, cause, what, why, trial, seq, anchor, recorded, redone }: PlacedFinding) {
  const place = trial === null ? "the capsule as a whole" : `${trial}${seq === null ? "" : `, event ${seq}`}`;
  return {
    level,
    kind,
    cause,
    what,
    why,
    place,
    anchor: anchor ?? "",
    recorded: json(recorded),
    redone: json(redone),
    hasSides: recorded !== null || redone !== null,
  };
}

const json = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length <= 1200 ? text : `${text.slice(0, 1200).toWellFormed()}…`;
};

function identityRows({ run, capsule, identity, replayedBy, signature }: AuditModel): readonly (readonly [string, string])[] {
  const { suite, policy, toolchain, concurrency } = identity;
  return [
    ["run", `${run.id}, begun ${run.createdAt}${run.sealedAt === null ? ", not sealed" : `, sealed ${run.sealedAt}`}`],
    ["capsule", `format ${capsule.format}, ${counted(capsule.events, "event")}, seal ${capsule.sealHash ?? NOTHING}`],
    ["Merkle root", capsule.merkleRoot ?? NOTHING],
    ["signature", signature.detail],
    ["policy", `${policy.id}, ${policy.hash}`],
    ["suite", `${suite.name} ${suite.version}, root ${suite.root}`],
    ["decision register", identity.decisionRegisterHash ?? "not kept"],
    ["made by", `bakeoff ${identity.bakeoffVersion}`],
    ["replayed by", `bakeoff ${replayedBy}`],
    ["toolchain", `${toolchain.rustc}; ${toolchain.cargo}; ${toolchain.host}`],
    ["sandbox", identity.sandbox],
    [
      "settings",
      `${counted(identity.epochs, "epoch")}, seed ${identity.seed}, ${concurrency.cargo} cargo jobs and ${concurrency.model} model calls at a time${identity.capability ? ", capability run" : ""}`,
    ],
    ...identity.roles.map(
      ({ role, model, provider, standIn }) => [role, standIn === null ? `${model} (${provider})` : `stand-in ${standIn} for ${model}`] as const,
    ),
    ["beyond proof", beyondProofText(BEYOND_PROOF)],
  ];
}

function levelView({ level, name, sentence, status, counts, notes }: LevelResult) {
  const sum = (key: "checked" | "agreed" | "gaps"): number => counts.reduce((total, count) => total + count[key], 0);
  return {
    level: String(level),
    name,
    sentence,
    tone: status,
    status: STATUSES[status],
    figures: status === "not-checked" ? NOTHING : `${sum("agreed")} of ${sum("checked")}${sum("gaps") > 0 ? `, ${sum("gaps")} not checkable` : ""}`,
    counts: counts.map(({ what, agreed, checked, gaps }) => ({ what, text: `${agreed} of ${checked}${gaps > 0 ? `, ${gaps} not checkable` : ""}` })),
    notes: notes.filter((note) => note !== ""),
  };
}

function figuresView({ pass, latencyP50, latencyP95, costUsd }: Figures) {
  return { pass: rateText(pass), p50: millisecondsText(latencyP50), p95: millisecondsText(latencyP95), cost: usdText(costUsd) };
}

function counterfactualView({ otherPolicy, recordedPolicy, changes, candidates, unknowns, endings }: Counterfactual, mostEndings: number) {
  const told = endings.filter(({ change, unknown }) => change !== null || unknown !== "");
  return {
    policies: `recorded: ${recordedPolicy.id} (${recordedPolicy.hash}); other: ${otherPolicy.id} (${otherPolicy.hash})`,
    changes: changes.map(({ change, trials }) => ({ change, trials: counted(trials, "trial") })),
    candidates: candidates.map(({ candidate, trials, changed, samePrompts, otherPrompts, unknown, recorded, other, later }) => ({
      candidate,
      known: `${trials - unknown} of ${trials} known (${samePrompts} from the same prompts, ${otherPrompts} from the model's attempts under another prompt), ${unknown} unknown`,
      changed: String(changed),
      recorded: figuresView(recorded),
      other: figuresView(other),
      later: later.refusal === null ? rateText(later.pass) : `not predicted: ${REFUSALS[later.refusal]}`,
    })),
    unknowns: unknowns.map(({ what, trials }) => ({ what, trials: counted(trials, "trial") })),
    hiddenEndings: told.length > mostEndings ? String(told.length - mostEndings) : "",
    endings: told.slice(0, mostEndings).map(({ trial, recorded, other, unknown }) => ({ trial, recorded: endText(recorded), other: endText(other), unknown })),
  };
}

const endText = ({ passed, unlocked }: { readonly passed: boolean | null; readonly unlocked: boolean | null }): string =>
  `${passed === null ? "unknown" : passed ? "passes" : "does not pass"}, ${unlocked === null ? "unlock unknown" : unlocked ? "unlocked" : "locked"}`;

function comparisonView({ runs, differences, sharedTasks, changedTasks, pairs }: Comparison) {
  return {
    runs: `A: ${runs.a}, B: ${runs.b}; ${counted(sharedTasks, "task")} in both`,
    differences,
    changedTasks: changedTasks.join(", "),
    pairs: pairs.map(({ a, b, tasks, aBetter, bBetter, aShare }) => ({
      names: a.candidate === b.candidate ? a.candidate : `${a.candidate} and ${b.candidate}`,
      tasks: String(tasks),
      a: rateText(a.slotPass),
      b: rateText(b.slotPass),
      aP50: millisecondsText(a.attemptP50),
      bP50: millisecondsText(b.attemptP50),
      aBetter: aBetter.join(", ") || NOTHING,
      bBetter: bBetter.join(", ") || NOTHING,
      share: rateText(aShare),
    })),
  };
}

/** One trial as a section. */
export function trialView({ id, anchor, risk, kind, standing, finalPass, passedBy, unlock, lastVerdict, outsidePolicy, timeline }: AuditTrial) {
  const end = standing === "counted" ? (finalPass ? `passed by ${passedBy ?? "?"}` : `not passed: ${lastVerdict ?? "no attempt"}`) : standing;
  return {
    id,
    anchor,
    tone: standing !== "counted" ? "plain" : finalPass ? "good" : "bad",
    summary: `${end}; unlock ${unlock ?? "open"}; ${risk} risk, ${kind}${outsidePolicy ? ", outside the policy" : ""}`,
    timeline: timelineView(timeline),
  };
}

/** One planted patch as a section. */
export function plantView({ id, anchor, plant, right, judge, critic, timeline }: AuditPlant) {
  const unlocks = judge === "unlock" && critic !== "block";
  const said = judge === null ? "no judgement" : `the Judge would ${judge} it`;
  return {
    id,
    anchor,
    tone: judge === null || right === null ? "plain" : unlocks === (right === "unlock") ? "good" : "bad",
    summary: `${plant}: a right Judge would ${right ?? "?"} it; ${said}; the critic: ${critic ?? "no signal"}`,
    timeline: timelineView(timeline),
  };
}

const timelineView = (timeline: readonly AuditEvent[]) =>
  timeline.map((event) => ({ ...event, seq: String(event.seq), stage: event.stage ?? "", time: event.timestamp }));
