// What `bakeoff show` prints of a run: its trials, those worth looking at first, and the way on.
import type { Places } from "../../app/places.ts";
import { counted } from "../../core/report/format.ts";
import { type Paint, wrapped } from "../../core/report/trial/block.ts";
import { showCommand, type ListedTrial, type TrialList } from "../../core/report/trial/list.ts";
import { TRIAL_MARKS } from "../../core/report/trial/marks.ts";
import { shellWord } from "../../core/text/shell-word.ts";

/** Trials that are listed at the most; `--json` has all. */
const MOST_LISTED = 30;

interface ListStyle {
  readonly width: number;
  readonly paint: Paint;
}

/** Newline-terminated. */
export function trialListText(list: TrialList, style: ListStyle, { calledAs }: Pick<Places, "calledAs">): string {
  const worth = list.trials.filter(({ marks }) => marks.length > 0);
  const shown = worth.slice(0, MOST_LISTED);
  const [first] = worth;
  const lines = [
    ...wrapped(`run ${list.run}: ${list.suite}, ${counted(list.trials.length, "trial")} of ${list.candidates.join(", ")}`, "", style.width).map(
      style.paint.bold,
    ),
    ...list.marks.flatMap(({ mark, trials }) => wrapped(`${mark}: ${counted(trials, "trial")}: ${TRIAL_MARKS[mark]}`, "  ", style.width)),
    "",
    ...(first ? [`WORTH LOOKING AT FIRST (${shown.length} of ${worth.length})`] : ["Nothing stands out: every slot that was tried passed."]),
    ...shown.flatMap((trial) => trialLines(trial, style)),
    "",
    ...(first ? wrapped(`Look at one: ${first.command}`, "", style.width) : []),
    ...(worth.length > shown.length ? wrapped(`All of them: ${calledAs} show ${shellWord(list.run)} --json`, "", style.width) : []),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function trialLines({ id, marks, why, outcome }: ListedTrial, { width, paint }: ListStyle): readonly string[] {
  return [...wrapped(id, "  ", width).map(paint.bold), ...wrapped(`${marks.join(", ")}: ${why ?? outcome}`, "    ", width)];
}

export const damageLine = (faults: number, run: string, { calledAs }: Pick<Places, "calledAs">): string =>
  `this capsule does not verify (${counted(faults, "check")} of it): ${calledAs} capsule verify ${shellWord(run)}`;

/** The way on to the next trial worth a look. */
export const nextLine = (next: string | null, run: string, { calledAs }: Pick<Places, "calledAs">): string =>
  next === null ? "" : `Next failure: ${showCommand(run, next, calledAs)}\n`;
