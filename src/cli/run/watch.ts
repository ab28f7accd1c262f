// What a run tells on stderr while it is under way, and what is kept of it for the way on after an error.
import type { Places } from "../../app/places.ts";
import type { SessionWatcher } from "../../app/run/session.ts";
import type { Header } from "../../core/capsule/line.ts";
import { serveLine } from "../serve/text.ts";
import { errInk } from "../text/ink.ts";
import { openProgress, type Progress } from "./progress.ts";
import {
  answerCacheLine,
  crewLine,
  finishedLine,
  forecastLines,
  openingLines,
  preparedLine,
  preparingLine,
  telemetryLostLine,
  turnLine,
  unreachableLine,
} from "./text.ts";

/** How much of servers' logs is kept to be shown where one fails. */
const LOG_LINES = 40;

/** How far a run has come: what the way on after an error depends on. */
export interface RunSeen {
  header: Header | null;
  sealed: string | null;
  /** The last lines of the servers that the run started. */
  readonly logs: string[];
}

export interface RunWatch {
  readonly watcher: SessionWatcher;
  readonly progress: Progress;
  readonly seen: RunSeen;
}

const write = (text: string): boolean => process.stderr.write(text);

export function openWatch({ shown }: Places): RunWatch {
  const plain = !process.stderr.isTTY || process.env["CI"] !== undefined || process.env["TERM"] === "dumb";
  const progress = openProgress({ write, now: () => performance.now(), redraw: !plain, columns: () => process.stderr.columns, ink: errInk });
  const seen: RunSeen = { header: null, sealed: null, logs: [] };
  const watcher: SessionWatcher = {
    planned: (header, capsule) => {
      seen.header = header;
      for (const line of openingLines(header, shown(capsule), errInk)) progress.note(line);
    },
    forecast: (calls) => {
      for (const line of forecastLines(calls, errInk)) progress.note(line);
    },
    unreachable: (missing) => progress.note(unreachableLine(missing, errInk)),
    finished: (header, capsule) => progress.note(finishedLine(header, shown(capsule))),
    sealed: (capsule) => void (seen.sealed = capsule),
    telemetryLost: (why) => progress.note(telemetryLostLine(why, errInk)),
    served: (event) => {
      if (event.kind === "log") seen.logs.push(serveLine(event));
      else progress.note(turnLine(event));
      if (seen.logs.length > LOG_LINES) seen.logs.shift();
    },
    answerCache: (what) => progress.note(answerCacheLine(what, errInk)),
    crew: (event) => progress.note(crewLine(event, errInk)),
    preparing: (base) => progress.note(preparingLine(base, errInk)),
    prepared: (base) => progress.note(preparedLine(base)),
    doneBefore: (done, total) => progress.before(done, total),
    trialDone: (trial, state, done, total) => progress.trial(trial, state, done, total),
    calibrated: (done, total) => progress.calibrated(done, total),
  };
  return { watcher, progress, seen };
}
