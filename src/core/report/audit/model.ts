// The content of an audit report as data: a pure function of the capsule, its suite and what replay found.
import type { EventLine, Seal } from "../../capsule/line.ts";
import type { CalibrationTrial, RunReader, TrialRecord } from "../../capsule/record.ts";
import { plantedIn } from "../../metrics/calibration.ts";
import type { TrialFacts } from "../../metrics/summary/trial.ts";
import { calibrationRecord } from "../../replay/planted.ts";
import type { Comparison } from "../../replay/counterfactual/comparison.ts";
import type { Counterfactual } from "../../replay/counterfactual/counterfactual.ts";
import type { AttributedFinding, LevelResult, SignatureStatus } from "../../replay/levels/level.ts";
import type { Replay } from "../../replay/replay.ts";
import { MOST_KEPT } from "../../replay/levels/tally.ts";
import { type AuditCall, auditCalls } from "./call.ts";
import type { AuditFigures, GateCount } from "./figures.ts";
import { anchorOf, type AuditEvent, auditEvent, isOverride } from "./timeline.ts";
import { reportHead, type ReportModel, type RoleBinding, type RunIdentity } from "../model.ts";
import { type TrialRow, trialRow } from "../trial-row.ts";

const AUDIT_FORMAT = 1;

/** `proven`: everything that was asked for. `partly`: what could be checked; the rest is a gap. */
export type Outcome = "proven" | "partly" | "diverged" | "not-intact";

export interface AuditTrial extends TrialRow {
  readonly id: string;
  readonly anchor: string;
  readonly timeline: readonly AuditEvent[];
}

/** A patch of known quality that the run planted, and what the Judge and the critic said about it. */
export interface AuditPlant {
  readonly id: string;
  readonly anchor: string;
  readonly plant: string;
  readonly right: "unlock" | "block" | null;
  /** Null: no judgement, no signal. */
  readonly judge: "unlock" | "block" | null;
  readonly critic: "advisory" | "block" | null;
  readonly timeline: readonly AuditEvent[];
}

export interface PlacedFinding extends AttributedFinding {
  /** Of the event; null if there is none. */
  readonly anchor: string | null;
}

export interface AuditModel {
  readonly format: typeof AUDIT_FORMAT;
  readonly title: string;
  readonly outcome: Outcome;
  readonly run: { readonly id: string; readonly createdAt: string; readonly sealedAt: string | null };
  readonly capsule: { readonly sealHash: string | null; readonly merkleRoot: string | null; readonly events: number; readonly format: number };
  readonly replayedBy: string;
  readonly signature: SignatureStatus;
  readonly identity: RunIdentity;
  readonly standIns: readonly RoleBinding[];
  readonly warnings: readonly string[];
  readonly leftOut: ReportModel["leftOut"];
  readonly levels: readonly LevelResult[];
  readonly findingCount: number;
  /** The first one is where replay and record diverged. */
  readonly findings: readonly PlacedFinding[];
  readonly gaps: {
    /** Steps that can't be reconstructed in full. */
    readonly steps: number;
    readonly reasons: readonly { readonly level: string; readonly reason: string; readonly count: number; readonly anchors: readonly string[] }[];
  };
  readonly overrides: readonly (AuditEvent & { readonly trial: string | null })[];
  readonly gates: readonly GateCount[];
  readonly routing: ReportModel["routing"];
  readonly summary: ReportModel["summary"];
  readonly counterfactual: Counterfactual | null;
  readonly comparison: Comparison | null;
  readonly runEvents: readonly AuditEvent[];
  readonly trialCount: number;
  readonly plantCount: number;
}

/** What is written trial by trial: a run may have more than fits into memory. Each call iterates over the run again. */
export interface AuditParts {
  /** In plan order, with the calls of each. */
  trials(): Iterable<{ readonly trial: AuditTrial; readonly calls: readonly AuditCall[] }>;
  plants(): Iterable<{ readonly plant: AuditPlant; readonly calls: readonly AuditCall[] }>;
}

export interface Audit {
  readonly model: AuditModel;
  readonly parts: AuditParts;
}

export interface AuditInput {
  readonly run: RunReader;
  readonly figures: AuditFigures;
  readonly replay: Replay;
  readonly seal: Seal | null;
  readonly signature: SignatureStatus;
  readonly version: string;
  readonly holds: (hash: string) => boolean;
  readonly counterfactual: Counterfactual | null;
  readonly comparison: Comparison | null;
}

export function audit(input: AuditInput): Audit {
  return { model: auditModel(input), parts: auditParts(input) };
}

function auditModel({ run, figures, replay, seal, signature, version, counterfactual, comparison }: AuditInput): AuditModel {
  const { levels, findings } = replay;
  const report = reportHead(run, figures.facts);
  const anchor = anchors(run, figures);
  return {
    format: AUDIT_FORMAT,
    title: `Audit of run ${report.run.id}`,
    outcome: outcomeOf(levels),
    run: { ...report.run, sealedAt: seal?.sealed_at ?? null },
    capsule: {
      sealHash: seal?.seal_hash ?? null,
      merkleRoot: seal?.merkle_root ?? null,
      events: figures.events + run.runEvents.length,
      format: run.header.format,
    },
    replayedBy: version,
    signature,
    identity: report.identity,
    standIns: report.standIns,
    warnings: report.warnings,
    leftOut: report.leftOut,
    levels,
    findingCount: replay.findingCount,
    findings: findings.slice(0, MOST_KEPT).map((finding) => ({ ...finding, anchor: anchor(finding.trial, finding.seq) })),
    gaps: {
      steps: replay.gapSteps,
      reasons: replay.gaps.map(({ level, reason, count, places }) => ({
        level,
        reason,
        count,
        anchors: places.flatMap(({ trial, seq }) => anchor(trial, seq) ?? []),
      })),
    },
    overrides: overridesOf(run.runEvents, figures).map((line) => ({
      ...auditEvent(line, null),
      trial: line.trial,
      anchor: anchor(line.trial, line.seq) ?? "",
    })),
    gates: figures.gates,
    routing: figures.routing,
    summary: report.summary,
    counterfactual,
    comparison,
    runEvents: run.runEvents.map((line) => auditEvent(line, null)),
    trialCount: figures.trials,
    plantCount: figures.planted,
  };
}

function outcomeOf(levels: readonly LevelResult[]): Outcome {
  if (levels.some(({ name, status }) => name === "integrity" && status === "diverged")) return "not-intact";
  if (levels.some(({ status }) => status === "diverged")) return "diverged";
  return levels.every(({ status }) => status === "proven" || status === "not-checked") ? "proven" : "partly";
}

const overridesOf = (runEvents: readonly EventLine[], { overrides }: AuditFigures): readonly EventLine[] => [
  ...runEvents.filter(({ payload }) => isOverride(payload)),
  ...overrides,
];

/** An event's position in the report: trials are numbered in plan order, planted ones after them. */
function anchors(run: RunReader, { facts }: AuditFigures): (trial: string | null, seq: number | null) => string | null {
  const places = new Map(facts.map(({ id }, index) => [id, index + 1]));
  for (const { id } of run.calibrationTrials()) places.set(id, places.size + 1);
  return (trial, seq) => (seq === null ? null : anchorOf(trial === null ? null : (places.get(trial) ?? null), seq));
}

function auditParts({ run, figures, holds }: AuditInput): AuditParts {
  return {
    *trials() {
      let place = 0;
      for (const trial of run.trials()) {
        place += 1;
        yield { trial: auditTrial(trial, figures.factsOf(trial), place), calls: auditCalls(trial, holds) };
      }
    },
    *plants() {
      let place = figures.trials;
      for (const trial of run.calibrationTrials()) {
        place += 1;
        const record = calibrationRecord(run.header, trial);
        yield { plant: auditPlant(trial, place), calls: record ? auditCalls(record, holds) : [] };
      }
    },
  };
}

function auditTrial(trial: TrialRecord, facts: TrialFacts, place: number): AuditTrial {
  return { id: trial.id, anchor: `t${place}`, ...trialRow(facts), timeline: trial.events.map((line) => auditEvent(line, place)) };
}

function auditPlant({ id, events }: CalibrationTrial, place: number): AuditPlant {
  const [planted] = plantedIn({ calibration: events });
  return {
    id,
    anchor: `t${place}`,
    plant: planted?.plant ?? "unknown",
    right: planted?.right ?? null,
    judge: planted?.judge ?? null,
    critic: planted?.critic ?? null,
    timeline: events.map((line) => auditEvent(line, place)),
  };
}
