// Everything that an audit report says, as data: a pure function of the capsule, its suite and what replay found.
import type { EventLine, Seal } from "../capsule/line.ts";
import type { RunRecord, TrialRecord } from "../capsule/record.ts";
import type { Comparison } from "../replay/comparison.ts";
import type { Counterfactual } from "../replay/counterfactual.ts";
import type { AttributedFinding, LevelResult, SignatureStatus } from "../replay/level.ts";
import type { Replay } from "../replay/replay.ts";
import { tally } from "../metrics/summary-rate.ts";
import { trialFacts } from "../metrics/summary-trial.ts";
import { type AuditCall, auditCalls } from "./audit-call.ts";
import { anchorOf, type AuditEvent, auditEvent, isOverride } from "./audit-timeline.ts";
import { reportModel, type ReportModel, type RoleBinding, type RunIdentity } from "./model.ts";
import { type TrialRow, trialRow } from "./trial-row.ts";

const AUDIT_FORMAT = 1;
/** Findings and gaps that are written out; all are counted. */
const MAX_SHOWN = 200;

/** `proven`: all that was asked for. `partly`: what could be checked; the rest is a gap. */
export type Outcome = "proven" | "partly" | "diverged" | "not-intact";

export interface AuditTrial extends TrialRow {
  readonly id: string;
  readonly anchor: string;
  readonly timeline: readonly AuditEvent[];
}

export interface PlacedFinding extends AttributedFinding {
  /** Of the event; null where there is none. */
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
  /** The first one is where replay and record went apart. */
  readonly findings: readonly PlacedFinding[];
  readonly gaps: {
    /** Steps that can't be reconstructed in full. */
    readonly steps: number;
    readonly reasons: readonly { readonly level: string; readonly reason: string; readonly count: number; readonly anchors: readonly string[] }[];
  };
  readonly overrides: readonly (AuditEvent & { readonly trial: string | null })[];
  readonly gates: readonly { readonly gate: string; readonly outcome: string; readonly count: number }[];
  readonly routing: ReportModel["routing"];
  readonly summary: ReportModel["summary"];
  readonly counterfactual: Counterfactual | null;
  readonly comparison: Comparison | null;
  readonly runEvents: readonly AuditEvent[];
  /** In plan order. */
  readonly trials: readonly AuditTrial[];
  readonly calls: readonly AuditCall[];
}

export interface AuditParts {
  readonly replay: Replay;
  readonly seal: Seal | null;
  readonly signature: SignatureStatus;
  readonly version: string;
  readonly holds: (hash: string) => boolean;
  readonly counterfactual: Counterfactual | null;
  readonly comparison: Comparison | null;
}

export function auditModel({ replay, seal, signature, version, holds, counterfactual, comparison }: AuditParts): AuditModel {
  const { record, levels, findings } = replay;
  const report = reportModel(record);
  const places = new Map(record.trials.map(({ id }, index) => [id, index + 1]));
  const anchor = (trial: string | null, seq: number | null): string | null =>
    seq === null ? null : anchorOf(trial === null ? null : (places.get(trial) ?? null), seq);
  const trials = record.trials.map((trial, index) => auditTrial(trial, index + 1));
  const runEvents = record.runEvents.map((line) => auditEvent(line, null));
  return {
    format: AUDIT_FORMAT,
    title: `Audit of run ${report.run.id}`,
    outcome: outcomeOf(levels),
    run: { ...report.run, sealedAt: seal?.sealed_at ?? null },
    capsule: { sealHash: seal?.seal_hash ?? null, merkleRoot: seal?.merkle_root ?? null, events: eventCount(record), format: record.header.format },
    replayedBy: version,
    signature,
    identity: report.identity,
    standIns: report.standIns,
    warnings: report.warnings,
    leftOut: report.leftOut,
    levels,
    findingCount: findings.length,
    findings: findings.slice(0, MAX_SHOWN).map((finding) => ({ ...finding, anchor: anchor(finding.trial, finding.seq) })),
    gaps: { steps: replay.gapSteps, reasons: gapReasons(replay, anchor) },
    overrides: overridesOf(record, anchor),
    gates: gatesOf(record),
    routing: report.routing,
    summary: report.summary,
    counterfactual,
    comparison,
    runEvents,
    trials,
    calls: auditCalls(record, holds),
  };
}

function outcomeOf(levels: readonly LevelResult[]): Outcome {
  if (levels.some(({ name, status }) => name === "integrity" && status === "diverged")) return "not-intact";
  if (levels.some(({ status }) => status === "diverged")) return "diverged";
  return levels.every(({ status }) => status === "proven" || status === "not-checked") ? "proven" : "partly";
}

const eventCount = ({ trials, runEvents }: RunRecord): number => trials.reduce((sum, { events }) => sum + events.length, runEvents.length);

function auditTrial(trial: TrialRecord, place: number): AuditTrial {
  return { id: trial.id, anchor: `t${place}`, ...trialRow(trialFacts(trial)), timeline: trial.events.map((line) => auditEvent(line, place)) };
}

type Anchor = (trial: string | null, seq: number | null) => string | null;

function gapReasons({ gaps }: Replay, anchor: Anchor): AuditModel["gaps"]["reasons"] {
  const groups = new Map<string, { level: string; reason: string; count: number; anchors: string[] }>();
  for (const { level, reason, trial, seq } of gaps) {
    const key = `${level}\u0000${reason}`;
    const group = groups.get(key) ?? { level, reason, count: 0, anchors: [] };
    groups.set(key, group);
    group.count += 1;
    const place = anchor(trial, seq);
    if (place !== null && group.anchors.length < MAX_SHOWN) group.anchors.push(place);
  }
  return [...groups.values()];
}

function overridesOf({ trials, runEvents }: RunRecord, anchor: Anchor): AuditModel["overrides"] {
  const lines: readonly EventLine[] = [...runEvents, ...trials.flatMap(({ events }) => events)];
  return lines
    .filter(({ payload }) => isOverride(payload))
    .map((line) => ({ ...auditEvent(line, null), trial: line.trial, anchor: anchor(line.trial, line.seq) ?? "" }));
}

function gatesOf({ trials }: RunRecord): AuditModel["gates"] {
  const decisions = trials.flatMap(({ events }) =>
    events.flatMap(({ payload }) => (payload.type === "GateDecision" ? [`${payload.gate_name} ${payload.outcome}`] : [])),
  );
  return tally(decisions).map(({ key, count }) => {
    const [gate = "", outcome = ""] = key.split(" ");
    return { gate, outcome, count };
  });
}
