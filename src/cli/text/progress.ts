// Live progress on stderr: a line that redraws on a terminal, a line a trial elsewhere.
import type { PlannedTrial } from "../../core/capsule/record.ts";
import type { TrialState } from "../../core/trial/fold.ts";
import { errInk } from "./ink.ts";

export interface Progress {
  note(text: string): void;
  trial(trial: PlannedTrial, state: TrialState, done: number, total: number): void;
  /** Clears the redrawn line. */
  end(): void;
}

/** `redraw`: stderr is a terminal and nobody asked for plain lines. */
export function openProgress(stderr: NodeJS.WriteStream, now: () => number, redraw: boolean): Progress {
  const start = now();
  let counts = { passed: 0, escalated: 0, failed: 0 };
  const clear = () => (redraw ? stderr.write("\r\u001b[2K") : undefined);
  return {
    note: (text) => {
      clear();
      stderr.write(`${text}\n`);
    },
    trial: (trial, state, done, total) => {
      counts = tallied(counts, state);
      if (!redraw) {
        stderr.write(`[${done}/${total}] ${trial.id}: ${outcomeText(state)}\n`);
        return;
      }
      const left = ((now() - start) / done) * (total - done);
      const width = 24;
      const filled = Math.round((done / total) * width);
      const bar = `${"█".repeat(filled)}${"░".repeat(width - filled)}`;
      const tally = `${errInk.green(`${counts.passed} in slot`)}  ${errInk.yellow(`${counts.escalated} after escalation`)}  ${errInk.red(`${counts.failed} unsolved`)}`;
      stderr.write(`\r\u001b[2K${bar} ${done}/${total}  ${tally}  ${errInk.dim(`about ${seconds(left)} left`)}`);
    },
    end: () => void clear(),
  };
}

function tallied(counts: { passed: number; escalated: number; failed: number }, state: TrialState) {
  const last = state.attempts.at(-1);
  if (last?.result.verdict.status !== "passed") return { ...counts, failed: counts.failed + 1 };
  return last.mode === "Reflex" ? { ...counts, passed: counts.passed + 1 } : { ...counts, escalated: counts.escalated + 1 };
}

function outcomeText(state: TrialState): string {
  const last = state.attempts.at(-1);
  if (!last) return "no attempt";
  const { verdict } = last.result;
  const who = last.call.stand_in ? `${last.call.stand_in} as Implementer` : last.call.model;
  const how = verdict.status === "passed" ? "passed" : `${verdict.status} (${verdict.detail.slice(0, 80)})`;
  return `${how} at attempt ${state.attempts.length} by ${who}, ${state.unlocked?.outcome === "Pass" ? "unlocked" : "locked"}`;
}

const seconds = (ms: number): string => (ms >= 90_000 ? `${Math.round(ms / 60_000)} min` : `${Math.max(1, Math.round(ms / 1000))} s`);
