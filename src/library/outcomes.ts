// From the models that reports are made from to what a program is given.
import type { SessionResult } from "../app/run/session.ts";
import type { GateDocument } from "../core/gate/document.ts";
import type { Estimate } from "../core/metrics/statistics/interval.ts";
import type { AuditModel } from "../core/report/audit/model.ts";
import type { BakeoffRate, GateOutcome, ReplayOutcome, RunOutcome } from "./api.ts";

const rate = ({ value, low, high, n }: Estimate): BakeoffRate => ({ value, low, high, n });

export const runOutcome = ({ model, capsule, signature, report }: SessionResult): RunOutcome => ({
  runId: model.run.id,
  capsule,
  signature,
  report,
  standIns: model.standIns.map(({ role, standIn }) => `${role}: ${standIn ?? ""}`),
  warnings: model.warnings,
  candidates: model.summary.candidates.map(({ name, slot, final }) => ({
    name,
    passAt1: rate(slot.passAt1),
    passInSlot: rate(slot.pass),
    afterEscalation: rate(final.rate),
  })),
  trials: model.trials.map(({ candidate, task, epoch, standing, slotPass, why }) => ({ candidate, task, epoch, standing, passInSlot: slotPass, why })),
});

/** An override counts as a promotion, as it does for the exit code. */
export const gateOutcome = ({ decision, override }: GateDocument, path: string): GateOutcome => ({
  verdict: override === null ? decision.verdict : "promote",
  candidate: decision.candidate,
  incumbent: decision.incumbent,
  findings: decision.findings.map(({ criterion, outcome, says }) => ({ criterion, outcome, says })),
  moreTasks: decision.moreTasks,
  decision: path,
});

export const replayOutcome = ({ outcome, run, levels, findings }: AuditModel): ReplayOutcome => ({
  outcome,
  runId: run.id,
  levels: levels.map(({ level, name, status }) => ({ level, name, status })),
  findings: findings.map(({ level, what, cause, why }) => ({ level, what, cause, why })),
});
