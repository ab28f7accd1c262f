// What `bakeoff run` says around its table: what runs where and who only stands in, how bases and looks went, where everything is.
import type { UntilDecidedWatcher } from "../../app/run/until-decided.ts";
import type { TurnEvent } from "../../app/run/served-turns.ts";
import type { CrewEvent } from "../../app/queue/crew.ts";
import type { SessionResult } from "../../app/run/session.ts";
import type { Places } from "../../app/places.ts";
import type { Header } from "../../core/capsule/line.ts";
import type { ForecastCalls } from "../../core/capsule/plan/forecast.ts";
import { standInsOf } from "../../core/report/model.ts";
import { type Notice, notices } from "../../core/report/notices.ts";
import { usdText } from "../../core/text/figures.ts";
import { shellWord } from "../../core/text/shell-word.ts";
import type { PreparedBase } from "../../ports/workbench.ts";
import { serveLine } from "../serve/text.ts";
import type { Ink } from "../text/ink.ts";
import type { RunOptions } from "./flags.ts";

/** `capsule`: its path, as it is to be shown. */
export function openingLines(header: Header, capsule: string, ink: Ink): string[] {
  const trials = header.tasks.length * header.candidates.length * header.epochs;
  return [
    `${ink.bold("bakeoff")} ${header.bakeoff_version}  run ${header.run_id}`,
    `suite ${header.suite.name} ${header.suite.version}: ${header.tasks.length} tasks × ${header.candidates.length} candidates × ${header.epochs} epoch${header.epochs === 1 ? "" : "s"} = ${trials} trials`,
    `candidates: ${header.candidates.map(({ name }) => name).join(", ")}`,
    `sandbox: ${header.sandbox}   ${header.toolchain.rustc}   policy ${header.policy.id} (${header.policy.hash.slice(0, 12)})`,
    ...noticesOf(header).map(({ line }) => ink.yellow(`! ${line}`)),
    ink.dim(`capsule: ${capsule}`),
  ];
}

/** What each model will be asked at most, and what that costs; nothing where only programs of this machine play. */
export const forecastLines = (calls: readonly ForecastCalls[], ink: Ink): readonly string[] =>
  calls.map(({ model, least, most, mostTokens, ...costs }) =>
    ink.dim(`${model}: ${least} to ${most} calls, about ${mostTokens} tokens at most${forecastCost(costs)}`),
  );

/** Of a machine without a price nothing is said: nobody sends a bill for it. */
export function forecastCost({ cloud, mostUsd, perHourUsd }: Pick<ForecastCalls, "cloud" | "mostUsd" | "perHourUsd">): string {
  if (perHourUsd !== undefined) return `, ${usdText(perHourUsd)} for an hour of its machine`;
  if (!cloud) return "";
  return mostUsd === null ? ", price unknown" : `, about ${usdText(mostUsd)} at most`;
}

const noticesOf = ({ bindings, left_out, warnings }: Header): readonly Notice[] => notices({ standIns: standInsOf(bindings), leftOut: left_out, warnings });

/** Said before the first trial: what a run can't do, whoever runs it. */
export const unreachableLine = (missing: string, ink: Ink): string => ink.dim(`cannot promote: ${missing} (bakeoff gate plan tells more)`);

export const NOTHING_JUDGED = "nothing was judged: every trial was lost to our own side, never asked its candidate, or had no answer from the server";

export const preparingLine = (base: string, ink: Ink): string => ink.dim(`preparing base ${base} (built once, then kept in the cache) …`);

export function preparedLine({ base, preparedMs, visibleTests, heldOutTests, sentinels, unsteadyObservations: unsteady }: PreparedBase): string {
  const how = preparedMs === 0 ? "from the cache" : `built in ${(preparedMs / 1000).toFixed(1)} s`;
  const left = unsteady === 0 ? "" : `; ${unsteady} observed values come out otherwise than when it was built, and judge nobody`;
  return `base ${base.name}: ${how}; ${visibleTests.length} visible tests, ${heldOutTests.length} held out, ${sentinels} sentinels${left}`;
}

export const answerCacheLine = (what: string, ink: Ink): string => ink.yellow(what);

export const telemetryLostLine = (why: string, ink: Ink): string => ink.yellow(`${why}: the run is whole without it`);

export function turnLine(event: TurnEvent): string {
  if (event.kind === "restarting") return `${event.name}: its server ${event.how}: it is started again, once`;
  return event.kind === "short-context" ? event.warning : serveLine(event);
}

const CREW: Readonly<Record<CrewEvent["kind"], string>> = {
  joined: "joined",
  refused: "refused",
  lost: "lost",
  "handed-back": "gave back",
  missing: "is missing",
};

/** One line for what becomes of a queue's worker. */
export function crewLine({ kind, worker, why }: CrewEvent, ink: Ink): string {
  const line = worker === null ? why : `worker ${worker} ${CREW[kind]}: ${why}`;
  return kind === "joined" ? ink.dim(line) : ink.yellow(line);
}

export const finishedLine = (header: Header, capsule: string): string => `run ${header.run_id} is finished: its report is made from ${capsule}`;

export function closingText({ capsule, signature, report }: Pick<SessionResult, "capsule" | "signature" | "report">, places: Places): string {
  const { shown } = places;
  const signed = signature === null ? "unsigned: set BAKEOFF_SIGNING_KEY, or give --key FILE" : `signed: ${shown(signature)}`;
  return `\nCapsule: ${shown(capsule)} (${signed})\nCheck it: ${places.calledAs} capsule verify ${shellWord(shown(capsule))}   Look at it: ${places.calledAs} view\nReport: ${shown(`${report}/report.html`)}\n`;
}

/** The way on after a report that could not be written: the run itself is safe. */
export const reportHint = (capsule: string, { calledAs, shown }: Places): string =>
  `write the report elsewhere: ${calledAs} report ${shellWord(shown(capsule))} --out DIR`;

/** The command that goes on with a run. */
export function resumeHint(options: RunOptions, header: Header, { runCalledAs }: Places): string {
  // The capsule knows its suite by name and its policy by hash: where they lie, it does not.
  const files = [
    ["--suite", options.suite],
    ["--policy", options.policy],
    ["--spec", options.spec],
    ["--home", options.home],
    ...options.set.map((text) => ["--set", text] as const),
  ] as const;
  const given = files.flatMap(([flag, value]) => (value === undefined ? [] : [flag, shellWord(value)]));
  const serve = options.serve ? ["--serve"] : [];
  const cache = options.answerCache === undefined ? [] : ["--answer-cache", shellWord(options.answerCache)];
  const override = options.allowOverride ? ["--allow-override"] : [];
  return `go on with: ${[runCalledAs, "--resume", header.run_id, ...given, ...serve, ...cache, ...override].join(" ")}`;
}

export const lookLine: (...seen: Parameters<UntilDecidedWatcher["looked"]>) => string = (look, planned, documents) => {
  const all = look.number < planned ? "" : " (all of them)";
  const verdicts = documents.map(({ decision }) => decision.verdict).join(", ");
  return `look ${look.number} of ${planned}, after ${look.tasks} tasks${all}, at level ${look.alpha.toPrecision(3)}: ${verdicts}`;
};

export const stoppedLine = (why: Parameters<UntilDecidedWatcher["stopped"]>[0]): string => (why.decided ? "decided" : `no further batch: ${why.spent}`);

export const leftOutLine = (reason: string): string => `${reason}: this batch is left out`;

export const decisionLine = (path: string): string => `Decision: ${path}`;
