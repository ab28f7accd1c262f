// Live progress on stderr: a line that redraws on a terminal, a line a trial elsewhere.
import type { PlannedTrial } from "../../core/capsule/record.ts";
import type { TrialState } from "../../core/trial/fold.ts";
import type { Ink } from "../text/ink.ts";

export interface Progress {
  note(text: string): void;
  trial(trial: PlannedTrial, state: TrialState, done: number, total: number): void;
  /** Clears the redrawn line. */
  end(): void;
}

export interface ProgressOptions {
  readonly write: (text: string) => unknown;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** It is a terminal, and nobody asked for plain lines. */
  readonly redraw: boolean;
  readonly ink: Ink;
}

const CLEAR = "\r\u001b[2K";

export function openProgress({ write, now, redraw, ink }: ProgressOptions): Progress {
  const start = now();
  let counts: Counts = { passed: 0, escalated: 0, failed: 0 };
  const clear = () => (redraw ? write(CLEAR) : undefined);
  return {
    note: (text) => {
      clear();
      write(`${text}\n`);
    },
    trial: (trial, state, done, total) => {
      counts = tallied(counts, state);
      const leftMs = ((now() - start) / done) * (total - done);
      write(redraw ? `${CLEAR}${barLine(counts, { done, total, leftMs }, ink)}` : `${trialLine(trial, state, done, total)}\n`);
    },
    end: () => void clear(),
  };
}

interface Counts {
  readonly passed: number;
  readonly escalated: number;
  readonly failed: number;
}

function tallied(counts: Counts, state: TrialState): Counts {
  const last = state.attempts.at(-1);
  if (last?.result.verdict.status !== "passed") return { ...counts, failed: counts.failed + 1 };
  return last.mode === "Reflex" ? { ...counts, passed: counts.passed + 1 } : { ...counts, escalated: counts.escalated + 1 };
}

const BAR_CHARS = 24;

function barLine(counts: Counts, { done, total, leftMs }: { readonly done: number; readonly total: number; readonly leftMs: number }, ink: Ink): string {
  const filled = Math.round((done / total) * BAR_CHARS);
  const bar = `${"█".repeat(filled)}${"░".repeat(BAR_CHARS - filled)}`;
  const tally = `${ink.green(`${counts.passed} in slot`)}  ${ink.yellow(`${counts.escalated} after escalation`)}  ${ink.red(`${counts.failed} unsolved`)}`;
  return `${bar} ${done}/${total}  ${tally}  ${ink.dim(`about ${roughly(leftMs)} left`)}`;
}

const trialLine = (trial: PlannedTrial, state: TrialState, done: number, total: number): string => `[${done}/${total}] ${trial.id}: ${outcomeText(state)}`;

function outcomeText(state: TrialState): string {
  const last = state.attempts.at(-1);
  if (!last) return "no attempt";
  const { verdict } = last.result;
  const who = last.call.stand_in ? `${last.call.stand_in} as Implementer` : last.call.model;
  const how = verdict.status === "passed" ? "passed" : `${verdict.status} (${verdict.detail.slice(0, 80)})`;
  return `${how} at attempt ${state.attempts.length} by ${who}, ${state.unlocked?.outcome === "Pass" ? "unlocked" : "locked"}`;
}

const roughly = (ms: number): string => (ms >= 90_000 ? `${Math.round(ms / 60_000)} min` : `${Math.max(1, Math.round(ms / 1000))} s`);
