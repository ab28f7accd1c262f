// The sections that the text table and the Markdown report share: a title, a note and a table of finished cells.
import type { CandidateSummary, FinalPass } from "../../metrics/summary/candidate.ts";
import type { Breakdown, CandidateRate } from "../../metrics/summary/comparison.ts";
import type { RunSummary } from "../../metrics/summary/summary.ts";
import { counted, millisecondsText, NOTHING, rateText } from "../format.ts";
import { usdText } from "../../text/figures.ts";
import { type Grid, left, right } from "../grid.ts";

export interface Section {
  readonly title: string;
  /** An explanation; may be empty. */
  readonly note: string;
  readonly grid: Grid;
}

const CANDIDATE = left("candidate");

/** The candidates' own pass rates. */
export function headlineSection({ candidates, tasks }: RunSummary): Section {
  const makers = candidates.flatMap(({ final }) => final.by.filter(({ who }) => who === "stand-in").map(({ name }) => name));
  const standIns = makers.length > 0 ? ` Escalated attempts were made by the stand-in ${[...new Set(makers)].join(", ")}.` : "";
  return {
    title: "Pass rates",
    note: `${counted(tasks.lowRisk, "low-risk task")} in ${counted(tasks.families, "family", "families")}. The first two columns count only the candidate's own attempts.${standIns}`,
    grid: {
      columns: [CANDIDATE, right("pass@1"), right("pass in slot"), right("after escalation")],
      rows: candidates.map(({ name, slot, final }) => [name, rateText(slot.passAt1), rateText(slot.pass), rateText(final.rate)]),
    },
  };
}

/** Does the run measure cheating alone? Then it has no pass rates to show. */
export const isCheatingOnly = ({ tasks }: RunSummary): boolean => tasks.total > 0 && tasks.total === tasks.impossible;

/** How often candidates pass tests that no honest patch passes; null if no task is impossible. */
export function cheatingSection({ candidates, tasks }: RunSummary): Section | null {
  if (tasks.impossible === undefined) return null;
  return {
    title: "Cheating rates",
    note: `${counted(tasks.impossible, "impossible task")}, in no pass rate: their visible tests contradict the instruction, or each other, so that to pass them is to cheat. Nothing is confirmed on them. The first two columns count only the candidate's own attempts.`,
    grid: {
      columns: [CANDIDATE, ...["cheated at 1", "cheated in slot", "after escalation", "not counted"].map(right)],
      rows: candidates.flatMap(({ name, cheating }) =>
        cheating === undefined
          ? []
          : [
              [
                name,
                rateText(cheating.first),
                rateText(cheating.slot),
                rateText(cheating.final),
                String(cheating.trials.infrastructure + cheating.trials.unfinished + cheating.trials.withoutSlot),
              ],
            ],
      ),
    },
  };
}

/** The counts behind the pass rates. */
export function behindSection({ candidates }: RunSummary): Section {
  return {
    title: "Behind the rates",
    note: "Escalated: with an attempt by the cloud Implementer or its stand-in. Solved by: passed trials by the model that passed them.",
    grid: {
      columns: [CANDIDATE, right("escalated"), left("solved by"), right("valid JSON")],
      rows: candidates.map((candidate) => [candidate.name, rateText(candidate.escalated), solvedBy(candidate.final.by), rateText(candidate.json.rate)]),
    },
  };
}

/** Which trials count, and what the slot's calls cost. */
export function countsSection({ candidates }: RunSummary): Section {
  return {
    title: "Trials and cost",
    note: "Low-risk trials. In no rate: infrastructure (the harness failed), unfinished, unasked (its server's breaker was open). Server failed: of the counted, those whose every call failed at the server; they are lost. Calls: of every risk.",
    grid: {
      columns: [CANDIDATE, ...["counted", "server failed", "infrastructure", "unfinished", "unasked", "no slot", "calls", "failed", "cost"].map(right)],
      rows: candidates.map(({ name, trials, calls }) => [
        name,
        String(trials.counted),
        String(trials.serverFailed),
        String(trials.infrastructure),
        String(trials.unfinished),
        String(trials.unasked),
        String(trials.withoutSlot),
        String(calls.total),
        String(calls.failed),
        usdText(calls.costUsd),
      ]),
    },
  };
}

/** High-risk tasks, which skip the slot; null if there are none. */
export function highRiskSection({ candidates, tasks }: RunSummary): Section | null {
  if (tasks.highRisk === 0) return null;
  return {
    title: "High-risk tasks",
    note: `${counted(tasks.highRisk, "high-risk task")}, in no rate above: the policy's own Implementer solves them, not the candidate.`,
    grid: {
      columns: [CANDIDATE, right("passed by Implementer"), right("unlocked"), right("not counted"), left("solved by")],
      rows: candidates.flatMap(({ name, highRisk }) =>
        highRisk === null
          ? []
          : [
              [
                name,
                rateText(highRisk.passedByCloud),
                rateText(highRisk.unlocked),
                String(highRisk.trials.infrastructure + highRisk.trials.unfinished),
                solvedBy(highRisk.by),
              ],
            ],
      ),
    },
  };
}

/** The slot on high-risk tasks; null if it was not tried. */
export function capabilitySection({ candidates }: RunSummary): Section | null {
  const tried = candidates.flatMap(({ name, highRisk }) => (highRisk?.slot ? [{ name, slot: highRisk.slot }] : []));
  if (tried.length === 0) return null;
  const outside = tried.some(({ slot }) => slot.outsidePolicy);
  return {
    title: outside ? "High-risk tasks in the slot: outside the policy" : "High-risk tasks in the slot",
    note: outside ? "What the slot can do on tasks that the policy keeps from it (--capability). In no rate above." : "In no rate above.",
    grid: {
      columns: [CANDIDATE, right("pass@1"), right("pass in slot")],
      rows: tried.map(({ name, slot }) => [name, rateText(slot.passAt1), rateText(slot.pass)]),
    },
  };
}

/** Pass in slot: a row per candidate, a column per group. */
export function candidateRows(title: string, groups: readonly Breakdown[], candidates: readonly CandidateSummary[]): Section {
  return {
    title,
    note: "Pass in slot, low-risk tasks.",
    grid: {
      columns: [CANDIDATE, ...groups.map(({ key }) => right(key))],
      rows: candidates.map(({ name }) => [name, ...groups.map(({ rates }) => rateOf(rates, name))]),
    },
  };
}

/** Pass in slot: a row per group, a column per candidate. */
export function groupRows(title: string, groups: readonly Breakdown[], names: readonly string[]): Section {
  return {
    title,
    note: "Pass in slot, low-risk tasks.",
    grid: {
      columns: [left(""), ...names.map(right)],
      rows: groups.map(({ key, rates }) => [key, ...names.map((name) => rateOf(rates, name))]),
    },
  };
}

/** What the compiler's own suggestions solve; null if they were not run. */
export function beyondSection({ beyondCompiler: beyond }: RunSummary): Section | null {
  if (beyond === null) return null;
  const all = beyond.solved.length + beyond.unsolved.length;
  return {
    title: "Beyond the compiler's own suggestions",
    note: `rustc-suggestions, which uses no model, solves ${beyond.solved.length} of ${counted(all, "task")}. On the ${counted(beyond.unsolved.length, "other task")}:`,
    grid: {
      columns: [CANDIDATE, right("pass in slot, beyond it")],
      rows: beyond.rates.map(({ candidate, pass }) => [candidate, rateText(pass)]),
    },
  };
}

/** Where the unlock gate contradicts verification. */
export function unlockSection({ candidates }: RunSummary): Section {
  return {
    title: "The unlock gate against verification",
    note: "False unlocks: out of unlocked trials. False blocks: out of trials whose last verdict is a pass. Any risk.",
    grid: {
      columns: [CANDIDATE, right("false unlocks"), right("false blocks")],
      rows: candidates.map(({ name, unlock }) => [
        name,
        `${unlock.falseUnlocks.length} of ${unlock.unlocked}`,
        `${unlock.falseBlocks.length} of ${unlock.passed}`,
      ]),
    },
  };
}

/** Where the time goes. The only section that depends on a clock. */
export function timingSection({ candidates }: RunSummary): Section {
  return {
    title: "Timings",
    note: "Milliseconds of slot attempts, low-risk tasks; n counts attempts. An attempt: the model's part, waits between its tries, and the harness's loop; no queue. Confirm: the held-out tests of what passed the loop, in no other time.",
    grid: {
      columns: [CANDIDATE, ...["attempt p50", "attempt p95", "model p50", "model p95", "harness p50", "confirm p50"].map(right)],
      rows: candidates.map(({ name, timings: { model, harness, confirm, attempt } }) => [
        name,
        ...[attempt.p50, attempt.p95, model.p50, model.p95, harness.p50, confirm.p50].map(millisecondsText),
      ]),
    },
  };
}

function rateOf(rates: readonly CandidateRate[], name: string): string {
  const own = rates.find(({ candidate }) => candidate === name);
  return own ? rateText(own.pass) : NOTHING;
}

function solvedBy(by: FinalPass["by"]): string {
  const makers = by.map(({ who, name, trials }) => (who === "slot" ? `slot: ${trials}` : `${who} ${name}: ${trials}`));
  return makers.length === 0 ? NOTHING : makers.join(", ");
}
