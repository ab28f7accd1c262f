// Live progress on stderr: a line that redraws on a terminal, a line a trial elsewhere.
import type { PlannedTrial } from "../../core/capsule/record.ts";
import { oneLine } from "../../core/report/format.ts";
import type { TrialState } from "../../core/trial/fold.ts";
import type { Ink } from "../text/ink.ts";

export interface Progress {
  note(text: string): void;
  /** So many trials of a run that goes on were done before. */
  before(done: number, total: number): void;
  trial(trial: PlannedTrial, state: TrialState, done: number, total: number): void;
  /** Patches of known quality, judged beside the trials: a run is not at its end before they are. */
  calibrated(done: number, total: number): void;
  /** Clears the redrawn line. */
  end(): void;
}

export interface ProgressOptions {
  readonly write: (text: string) => unknown;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** It is a terminal, and nobody asked for plain lines. */
  readonly redraw: boolean;
  /** Of the terminal, as it is now; undefined where there is none. */
  readonly columns?: () => number | undefined;
  readonly ink: Ink;
}

const CLEAR = "\r\u001b[2K";
const USUAL_COLUMNS = 100;

export function openProgress({ write, now, redraw, columns = () => undefined, ink }: ProgressOptions): Progress {
  const start = now();
  let seen: Seen = { passed: 0, escalated: 0, failed: 0, retries: 0, before: 0, done: 0, total: 0, calibrated: 0, plants: 0 };
  const clear = () => (redraw ? write(CLEAR) : undefined);
  const draw = (): void => {
    const steps = seen.done + seen.calibrated;
    const own = steps - seen.before;
    const leftMs = own === 0 ? null : ((now() - start) / own) * (seen.total + seen.plants - steps);
    write(`${CLEAR}${barLine(seen, leftMs, columns() ?? USUAL_COLUMNS, ink)}`);
  };
  return {
    note: (text) => {
      clear();
      write(`${text}\n`);
    },
    before: (done, total) => {
      seen = { ...seen, before: done, done, total };
      if (redraw) draw();
      else write(`[${done}/${total}] done before\n`);
    },
    trial: (trial, state, done, total) => {
      seen = { ...tallied(seen, state), done, total };
      if (redraw) draw();
      else write(`${trialLine(trial, state, done, total)}\n`);
    },
    calibrated: (done, total) => {
      seen = { ...seen, calibrated: done, plants: total };
      if (redraw && seen.total > 0) draw();
    },
    end: () => void clear(),
  };
}

interface Seen {
  readonly passed: number;
  readonly escalated: number;
  readonly failed: number;
  /** Calls that were made once more. */
  readonly retries: number;
  /** Of those that are done: by whoever began the run. */
  readonly before: number;
  readonly done: number;
  readonly total: number;
  readonly calibrated: number;
  readonly plants: number;
}

function tallied(seen: Seen, state: TrialState): Seen {
  const last = state.attempts.at(-1);
  const retries = seen.retries + state.attempts.reduce((sum, { earlier }) => sum + earlier.length, 0);
  if (last?.result.verdict.status !== "passed") return { ...seen, retries, failed: seen.failed + 1 };
  return last.mode === "Reflex" ? { ...seen, retries, passed: seen.passed + 1 } : { ...seen, retries, escalated: seen.escalated + 1 };
}

const BAR_CHARS = 24;

interface Piece {
  readonly text: string;
  readonly paint: (text: string) => string;
}

const same = (text: string): string => text;

/** As much as fits into the terminal's line, the most telling first: a line that wraps can't be redrawn. */
function barLine(seen: Seen, leftMs: number | null, columns: number, ink: Ink): string {
  const [done, total] = [seen.done + seen.calibrated, seen.total + seen.plants];
  const filled = total === 0 ? 0 : Math.floor((done / total) * BAR_CHARS);
  const bar = { text: `${"█".repeat(filled)}${"░".repeat(BAR_CHARS - filled)}`, paint: same };
  const counts: readonly Piece[] = [
    { text: `${done}/${total}`, paint: same },
    { text: `${seen.passed} in slot`, paint: ink.green },
    { text: `${seen.escalated} after escalation`, paint: ink.yellow },
    { text: `${seen.failed} unsolved`, paint: ink.red },
    ...(leftMs === null ? [] : [{ text: `about ${roughly(leftMs)} left`, paint: ink.dim }]),
    ...(seen.retries > 0 ? [{ text: `${seen.retries} tried again`, paint: ink.dim }] : []),
    ...(seen.plants > 0 ? [{ text: `${seen.calibrated}/${seen.plants} calibrated`, paint: ink.dim }] : []),
  ];
  const room = columns - 1;
  const shown = [bar, ...counts];
  // The bar goes first, then what stands last.
  if (widthOf(shown) > room) shown.shift();
  while (shown.length > 1 && widthOf(shown) > room) shown.pop();
  return shown.map(({ text, paint }) => paint(text)).join("  ");
}

const widthOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { text }) => sum + text.length + 2, -2);

const trialLine = (trial: PlannedTrial, state: TrialState, done: number, total: number): string =>
  `[${done}/${total}] ${oneLine(trial.id)}: ${oneLine(outcomeText(state))}`;

function outcomeText(state: TrialState): string {
  const last = state.attempts.at(-1);
  if (!last) return "no attempt";
  const { verdict } = last.result;
  const who = last.call.stand_in ? `${last.call.stand_in} as Implementer` : last.call.model;
  const how = verdict.status === "passed" ? "passed" : `${verdict.status} (${verdict.detail.slice(0, 80)})`;
  return `${how} at attempt ${state.attempts.length} by ${who}, ${state.unlocked?.outcome === "Pass" ? "unlocked" : "locked"}`;
}

const roughly = (ms: number): string => (ms >= 90_000 ? `${Math.round(ms / 60_000)} min` : `${Math.max(1, Math.round(ms / 1000))} s`);
