// What `bakeoff run` says around its table: what runs where and who only stands in, how bases and looks went, where everything is.
import type { UntilDecidedWatcher } from "../../app/run/until-decided.ts";
import type { TurnEvent } from "../../app/run/served-turns.ts";
import type { SessionResult } from "../../app/run/session.ts";
import type { Places } from "../../app/places.ts";
import type { Header } from "../../core/capsule/line.ts";
import { standInText } from "../../core/report/model.ts";
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
    ...standIns(header).map((line) => ink.yellow(line)),
    ...header.warnings.map((line) => ink.yellow(`warning: ${line}`)),
    ...header.left_out.flatMap(({ name, reason, start }) => [ink.dim(`left out: ${name} (${reason})`), ink.dim(`          start it: ${start}`)]),
    ink.dim(`capsule: ${capsule}`),
  ];
}

function standIns(header: Header): string[] {
  const { architect, implementer, judge, sidecarCritic } = header.bindings;
  const roles = [
    ["Architect", architect],
    ["Implementer", implementer],
    ["Judge", judge],
    ["SidecarCritic", sidecarCritic],
  ] as const;
  return roles.flatMap(([role, binding]) => (binding.standIn === null ? [] : [standInText({ role, ...binding, standIn: binding.standIn })]));
}

/** Said before the first trial: what a run can't do, whoever runs it. */
export const unreachableLine = (missing: string, ink: Ink): string => ink.dim(`cannot promote: ${missing} (bakeoff gate plan tells more)`);

export const NOTHING_JUDGED = "nothing was judged: every trial was lost to our own side, never asked its candidate, or had no answer from the server";

export const preparingLine = (base: string, ink: Ink): string => ink.dim(`preparing base ${base} (built once, then kept in the cache) …`);

export function preparedLine({ base, preparedMs, visibleTests, heldOutTests, sentinels, unsteadyObservations: unsteady }: PreparedBase): string {
  const how = preparedMs === 0 ? "from the cache" : `built in ${(preparedMs / 1000).toFixed(1)} s`;
  const left = unsteady === 0 ? "" : `; ${unsteady} observed values come out otherwise than when it was built, and judge nobody`;
  return `base ${base.name}: ${how}; ${visibleTests.length} visible tests, ${heldOutTests.length} held out, ${sentinels} sentinels${left}`;
}

export const telemetryLostLine = (why: string, ink: Ink): string => ink.yellow(`${why}: the run is whole without it`);

export const turnLine = (event: TurnEvent): string =>
  event.kind === "restarting" ? `${event.name}: its server ${event.how}: it is started again, once` : serveLine(event);

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
  const override = options.allowOverride ? ["--allow-override"] : [];
  return `go on with: ${[runCalledAs, "--resume", header.run_id, ...given, ...serve, ...override].join(" ")}`;
}

export const lookLine: (...seen: Parameters<UntilDecidedWatcher["looked"]>) => string = (look, planned, documents) => {
  const all = look.number < planned ? "" : " (all of them)";
  const verdicts = documents.map(({ decision }) => decision.verdict).join(", ");
  return `look ${look.number} of ${planned}, after ${look.tasks} tasks${all}, at level ${look.alpha.toPrecision(3)}: ${verdicts}`;
};

export const stoppedLine = (why: Parameters<UntilDecidedWatcher["stopped"]>[0]): string => (why.decided ? "decided" : `no further batch: ${why.spent}`);

export const leftOutLine = (reason: string): string => `${reason}: this batch is left out`;

export const decisionLine = (path: string): string => `Decision: ${path}`;
