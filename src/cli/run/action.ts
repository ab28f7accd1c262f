// `bakeoff run`: runs or goes on with a bakeoff, then prints the table and says where everything is.
import { composeTrend } from "../../app/compose/trend.ts";
import { composeRun, composeUntilDecided } from "../../app/compose/run.ts";
import { readLines } from "../../app/compose/parts/texts.ts";
import { findPlaces, type Places } from "../../app/places.ts";
import { policySources } from "../../app/policy/sources.ts";
import { compareWithHistory } from "../../app/run/compare-history.ts";
import { BudgetSpentError } from "../../app/run/bakeoff.ts";
import { repeatFailed } from "../../app/run/failed-of.ts";
import { runSession, type SessionRequest, type SessionWatcher } from "../../app/run/session.ts";
import { runUntilDecided, type UntilDecidedRequest, type UntilDecidedWatcher } from "../../app/run/until-decided.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { jsonReport } from "../../core/report/formats/json.ts";
import { textTable } from "../../core/report/formats/table.ts";
import { gateComment } from "../../core/report/gate/comment.ts";
import { type ReportModel } from "../../core/report/model.ts";
import { runComment } from "../../core/report/trend/run-comment.ts";
import { gateExitCode } from "../gate/exit-code.ts";
import { runExitCode } from "./exit-code.ts";
import { printDecisions } from "../gate/text.ts";
import { stopSignal } from "../stop-signal.ts";
import { homelessLine } from "../text/homeless.ts";
import { errInk } from "../text/ink.ts";
import { isSummaryWanted, writeSummary } from "../text/summary.ts";
import type { RunOptions } from "./flags.ts";
import type { Progress } from "./progress.ts";
import { openWatch, type RunSeen } from "./watch.ts";
import { outWidth } from "../text/width.ts";
import { closingText, decisionLine, leftOutLine, lookLine, NOTHING_JUDGED, reportHint, resumeHint, stoppedLine } from "./text.ts";

const write = (text: string) => process.stderr.write(text);
const note = (line: string): void => void write(`${line}\n`);

export async function run(options: RunOptions): Promise<number> {
  const places = findPlaces(options);
  if (options.dryRun) return forecastRun(options, places);
  const { watcher, progress, seen } = openWatch(places);
  if (places.home === null && options.policy === undefined) note(errInk.dim(homelessLine(places)));
  try {
    return await (options.untilDecided ? decideByRuns(options, watcher, places) : runOnce(options, watcher, progress, places));
  } catch (error) {
    progress.end();
    if (error instanceof BakeoffError && error.code === "environment") for (const line of seen.logs) note(line);
    throw withHint(error, hintAfter(error, options, seen, places));
  }
}

/** Lazily: a run has no need of it. */
async function forecastRun(options: RunOptions, places: Places): Promise<number> {
  if (options.untilDecided || options.resume !== undefined || options.failedOf !== undefined)
    throw new BakeoffError("usage", "--dry-run plans one whole run", "leave --until-decided, --resume and --failed-of out; bakeoff gate plan plans a gate");
  const { dryRunAction } = await import("./dry-run.ts");
  return dryRunAction(sessionRequest(options, places.policyFile(options.policy), await listedTasks(options)), options.json, places);
}

const listedTasks = async ({ taskFrom }: RunOptions): Promise<readonly string[]> =>
  taskFrom === undefined ? [] : readLines(taskFrom, "ids of tasks, one a line");

async function runOnce(options: RunOptions, watcher: SessionWatcher, progress: Progress, places: Places): Promise<number> {
  const ports = composeRun(places);
  const asked = sessionRequest(options, places.policyFile(options.policy), await listedTasks(options));
  const request = options.failedOf === undefined ? asked : await repeatFailed(ports.capsules, options.failedOf, asked);
  const result = await runSession(ports, request, watcher, stopSignal());
  progress.end();
  const { model } = result;
  process.stdout.write(options.json ? jsonReport(model) : textTable(model, outWidth()));
  if (isSummaryWanted(options.comment)) await summarise(options, model, result.capsule, places);
  process.stderr.write(closingText(result, places));
  const code = runExitCode(model.trials);
  if (code !== 0) process.stderr.write(`${errInk.red(NOTHING_JUDGED)}\n`);
  return code;
}

/** The run beside the comparable ones of this folder. */
async function summarise({ comment, pages }: RunOptions, model: ReportModel, capsule: string, places: Places): Promise<void> {
  const regression = await compareWithHistory(composeTrend(places), capsule, stopSignal());
  await writeSummary(runComment(model, regression, pages ?? null), comment);
}

/** A run for each batch of tasks, until the gate decides: each has a capsule of its own, and the decision is over all of them. */
async function decideByRuns(options: RunOptions, watcher: SessionWatcher, places: Places): Promise<number> {
  const looking: UntilDecidedWatcher = {
    ...watcher,
    // The way on is that of the whole, not of one batch's report.
    sealed: () => undefined,
    looked: (...seen) => note(lookLine(...seen)),
    stopped: (why) => note(stoppedLine(why)),
    leftOut: (reason) => note(leftOutLine(reason)),
  };
  const { documents, paths } = await runUntilDecided(
    composeUntilDecided(places),
    untilDecidedRequest(options, places.policyFile(options.policy)),
    looking,
    stopSignal(),
  );
  await printDecisions(documents, options.json);
  if (isSummaryWanted(options.comment)) await writeSummary(gateComment(documents), options.comment);
  for (const path of paths) note(decisionLine(places.shown(path)));
  return gateExitCode(documents);
}

/** Null: all. */
function tasksOf({ task = [] }: RunOptions, listed: readonly string[]): readonly string[] | null {
  const tasks = [...task, ...listed];
  return tasks.length === 0 ? null : tasks;
}

/** `listed`: the tasks of the file that the options name. */
export function sessionRequest(options: RunOptions, policyFile: string, listed: readonly string[] = []): SessionRequest {
  if ((options.candidate ?? options.incumbent ?? options.trust) !== undefined)
    throw new BakeoffError("usage", "--candidate, --incumbent and --trust go with --until-decided", "did you mean --candidates?");
  return {
    ...shared(options, policyFile),
    candidates: options.candidates ?? null,
    epochs: options.epochs ?? 1,
    limit: options.limit ?? null,
    tasks: tasksOf(options, listed),
    resume: options.resume ?? null,
    registration: options.registration ?? null,
    reportFolder: options.out ?? null,
  };
}

/** What each batch of `--until-decided` chooses itself, by the flag that would choose it. */
const CHOSEN_BY_BATCH: Readonly<Record<string, (options: RunOptions) => boolean>> = {
  "--resume": ({ resume }) => resume !== undefined,
  "--failed-of": ({ failedOf: earlier }) => earlier !== undefined,
  "--task": ({ task }) => task !== undefined,
  "--task-from": ({ taskFrom }) => taskFrom !== undefined,
  "--limit": ({ limit }) => limit !== undefined,
  "--candidates": ({ candidates }) => candidates !== undefined,
};

export function untilDecidedRequest(options: RunOptions, policyFile: string): UntilDecidedRequest {
  if (options.candidate === undefined) throw new BakeoffError("usage", "--until-decided needs a candidate", "--candidate NAME [--incumbent NAME]");
  if (Object.values(CHOSEN_BY_BATCH).some((chosen) => chosen(options)))
    throw new BakeoffError("usage", "--until-decided chooses tasks and candidates itself", `leave ${Object.keys(CHOSEN_BY_BATCH).join(", ")} out`);
  if (options.out !== undefined) throw new BakeoffError("usage", "with --until-decided each batch has a report of its own, in reports/", "leave --out out");
  return {
    session: shared(options, policyFile),
    candidate: options.candidate,
    incumbent: options.incumbent ?? null,
    epochs: options.epochs ?? null,
    registration: options.registration ?? null,
    policyFrom: options.policyFrom ?? null,
    trusted: options.trust ?? [],
    looks: options.looks,
    sequential: options.sequential,
  };
}

/** What both ways of running are asked for. */
function shared(options: RunOptions, policyFile: string): UntilDecidedRequest["session"] {
  checkAnswerCache(options);
  return {
    suite: options.suite ?? null,
    policySources: policySources(options, policyFile),
    concurrency: options.concurrency ?? null,
    capability: options.capability,
    serve: options.serve ? { readyTimeoutMs: options.readyTimeout * 1000 } : undefined,
    queue: queueOf(options),
    answerCache: options.answerCache,
    seed: options.seed,
    diagnosisOf: null,
    overrideBudget: options.overrideBudget,
    requiredSandbox: options.requireSandbox ?? null,
    keyFile: options.key ?? null,
    otlp: options.otlp ?? null,
  };
}

/** What a run with answers of earlier calls can't be, by the flag that would make it that. */
const NEVER_REUSED: Readonly<Record<string, (options: RunOptions) => string | null>> = {
  "--queue": ({ queue }) => (queue === undefined ? null : "the workers of a queue ask models where they run"),
  "--until-decided": ({ untilDecided }) => (untilDecided ? "no gate takes answers of earlier calls" : null),
  "--registration": ({ registration }) => (registration === undefined ? null : "no gate takes answers of earlier calls"),
};

function checkAnswerCache(options: RunOptions): void {
  if (options.answerCache === undefined) return;
  for (const [flag, refuse] of Object.entries(NEVER_REUSED)) {
    const why = refuse(options);
    if (why !== null) throw new BakeoffError("usage", `--answer-cache does not go with ${flag}: ${why}`, "leave one of the two out");
  }
}

function queueOf({ queue: url, queuePasswordFile, lease, recheck, mixedToolchains, serve }: RunOptions): SessionRequest["queue"] {
  if (url === undefined) return undefined;
  if (serve)
    throw new BakeoffError(
      "usage",
      "--serve starts servers on this machine, and the workers of a queue may be on others",
      "start the servers where the workers reach them",
    );
  return { url, passwordFile: queuePasswordFile ?? null, leaseMs: lease * 1000, mixedToolchains, recheckShare: recheck / 100 };
}

/** What to do next after an error; null where there is nothing to go on with. A budget that the policy lets nobody exceed leaves no way on. */
function hintAfter(error: unknown, options: RunOptions, { header, sealed }: RunSeen, places: Places): string | null {
  if (sealed !== null) return reportHint(sealed, places);
  if (header === null || (error instanceof BudgetSpentError && !error.canGoOn)) return null;
  return resumeHint(options, header, places);
}

function withHint(error: unknown, hint: string | null): unknown {
  if (!(error instanceof BakeoffError) || hint === null) return error;
  return new BakeoffError(error.code, error.message, error.hint === "" ? hint : `${error.hint}; then ${hint}`, { cause: error });
}
