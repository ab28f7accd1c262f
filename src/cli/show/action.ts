// `bakeoff show`: a trial as a person reads it, or the run's trials.
import { newestRun } from "../../app/capsule/list.ts";
import { composeCapsule } from "../../app/compose/capsule.ts";
import { composeShow } from "../../app/compose/show.ts";
import { findPlaces } from "../../app/places.ts";
import { type Shown, showTrials } from "../../app/show/trial.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { trialText } from "../../core/report/trial/text.ts";
import { errInk, outInk } from "../text/ink.ts";
import { paintOf } from "../text/paint.ts";
import { outWidth } from "../text/width.ts";
import type { ShowTrialOptions } from "./flags.ts";
import { damageLine, nextLine, trialListText } from "./text.ts";
import { printDocument } from "../text/documents.ts";

export async function showTrial(named: string | undefined, trial: string | undefined, { attempt, nextFailure, json, home }: ShowTrialOptions): Promise<number> {
  const places = findPlaces({ home });
  const run = named ?? places.shown(await newestRun(composeCapsule(places)));
  const shown = await showTrials(composeShow(places), { run, trial: trial ?? null, next: nextFailure });
  checkAttempt(shown, attempt ?? null);
  if (json) {
    printDocument<"show">(shown.page ?? shown.list);
    return 0;
  }
  const style = { width: outWidth(), paint: paintOf(outInk) };
  if (shown.faults > 0) process.stderr.write(`${errInk.red(damageLine(shown.faults, run, places))}\n`);
  if (shown.page === null) process.stdout.write(trialListText(shown.list, style, places));
  else {
    process.stdout.write(trialText(shown.page, { ...style, attempt: attempt ?? null }));
    process.stderr.write(nextLine(shown.next, run, places));
  }
  return 0;
}

function checkAttempt({ page }: Shown, attempt: number | null): void {
  if (attempt === null) return;
  if (page === null) throw new BakeoffError("usage", "--attempt goes with a trial", "name one: bakeoff show RUN TRIAL --attempt 1");
  if (attempt <= page.attempts.length) return;
  const there = page.attempts.length === 0 ? "it has none" : `it has 1 to ${page.attempts.length}`;
  throw new BakeoffError("usage", `${page.id} has no attempt ${attempt}`, there);
}
