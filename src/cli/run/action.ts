// `bakeoff run`: runs or goes on with a bakeoff, then prints the table and says where everything is.
import { join, relative } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import type { Header } from "../../core/capsule/line.ts";
import { jsonReport } from "../../core/report/formats/json.ts";
import { reportModel } from "../../core/report/model.ts";
import { textTable } from "../../core/report/formats/table.ts";
import { clock, cores } from "../../app/compose.ts";
import { BudgetSpentError } from "../../app/run/bakeoff.ts";
import { openingLines } from "../text/opening.ts";
import { calledAs, defaultPolicy, quoted, reportsFolder, runCalledAs } from "../../app/places.ts";
import { policySources } from "../../app/policy/sources.ts";
import { openProgress, type Progress } from "../text/progress.ts";
import { writeReports } from "../../app/report/write.ts";
import { runSession, type SessionWatcher } from "../../app/run/session.ts";
import { runUntilDecided } from "../../app/run/until-decided.ts";
import { errInk } from "../text/ink.ts";
import { gateExitCode } from "../gate/exit-code.ts";
import { printDecisions } from "../gate/text.ts";

interface RunOptions {
  readonly suite?: string;
  readonly candidates?: readonly string[];
  readonly epochs?: number;
  readonly limit?: number;
  readonly task?: readonly string[];
  readonly concurrency?: number;
  readonly policy?: string;
  readonly spec?: string;
  readonly set?: readonly string[];
  readonly allowOverride?: boolean;
  readonly resume?: string;
  readonly capability: boolean;
  readonly seed: number;
  readonly overrideBudget: boolean;
  readonly out?: string;
  readonly key?: string;
  readonly json: boolean;
  readonly untilDecided: boolean;
  readonly candidate?: string;
  readonly incumbent?: string;
  readonly registration?: string;
  readonly looks: number;
}

export async function run(options: RunOptions): Promise<number> {
  checkOptions(options);
  const stop = new AbortController();
  const interrupt = () => stop.abort(new BakeoffError("interrupted", "interrupted"));
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, interrupt);
  const plain = !process.stderr.isTTY || process.env["CI"] !== undefined || process.env["TERM"] === "dumb";
  const progress = openProgress(process.stderr, () => clock.now(), !plain);
  const seen: { header: Header | null } = { header: null };
  let sealed: string | null = null;
  try {
    if (options.untilDecided) return await untilDecided(options, watcherOf(progress, seen), stop.signal);
    const { record, capsule, signature } = await runSession(sessionOptions(options), watcherOf(progress, seen), stop.signal);
    sealed = capsule;
    progress.end();
    const folder = options.out ?? join(reportsFolder(), record.header.run_id);
    await writeReports(record, folder, ["md", "json", "csv"]);
    const model = reportModel(record);
    process.stdout.write(options.json ? jsonReport(model) : textTable(model));
    process.stderr.write(closing(folder, capsule, signature));
    return 0;
  } catch (error) {
    progress.end();
    throw withWayOn(
      error,
      sealed === null ? wayOnAfter(error, options, seen.header) : `write the report elsewhere: ${calledAs()} report ${quoted(shown(sealed))} --out DIR`,
    );
  }
}

function checkOptions(options: RunOptions): void {
  if (!options.untilDecided && (options.candidate ?? options.incumbent ?? options.registration) !== undefined)
    throw new BakeoffError("usage", "--candidate, --incumbent and --registration go with --until-decided", "did you mean --candidates?");
}

/** A budget that the policy lets nobody exceed leaves no way on. */
const wayOnAfter = (error: unknown, options: RunOptions, header: Header | null): string | null =>
  error instanceof BudgetSpentError && !error.canGoOn ? null : wayOn(options, header);

/** A run for each batch of tasks, until the gate decides: each has a capsule of its own, and the decision is over all of them. */
async function untilDecided(options: RunOptions, watcher: SessionWatcher, signal: AbortSignal): Promise<number> {
  if (options.candidate === undefined) throw new BakeoffError("usage", "--until-decided needs a candidate", "--candidate NAME [--incumbent NAME]");
  if (options.resume !== undefined || options.task || options.limit !== undefined || options.candidates)
    throw new BakeoffError("usage", "--until-decided chooses tasks and candidates itself", "leave --resume, --task, --limit and --candidates out");
  const own = sessionOptions(options);
  const { documents, paths } = await runUntilDecided({
    ...own,
    policyFile: own.policySources.policyFile,
    candidate: options.candidate,
    incumbent: options.incumbent ?? null,
    epochs: options.epochs ?? null,
    registration: options.registration ?? null,
    looks: options.looks,
    note: (text) => void process.stderr.write(`${text}\n`),
    runBatch: async (batch) => {
      const { record, capsule } = await runSession({ ...own, ...batch }, watcher, signal);
      await writeReports(record, join(reportsFolder(), record.header.run_id), ["md", "json", "csv"]);
      return { record, capsule };
    },
  });
  await printDecisions(documents, options.json);
  for (const path of paths) process.stderr.write(`Decision: ${shown(path)}\n`);
  return gateExitCode(documents);
}

function sessionOptions(options: RunOptions): Parameters<typeof runSession>[0] {
  return {
    suite: options.suite ?? null,
    policySources: policySources(options, defaultPolicy()),
    candidates: options.candidates ?? null,
    epochs: options.epochs ?? 1,
    limit: options.limit ?? null,
    tasks: options.task ?? null,
    concurrency: options.concurrency ?? cores(),
    capability: options.capability,
    seed: options.seed,
    resume: options.resume ?? null,
    overrideBudget: options.overrideBudget,
    keyFile: options.key ?? null,
  };
}

function watcherOf(progress: Progress, seen: { header: Header | null }): SessionWatcher {
  return {
    planned: (header, capsule) => {
      seen.header = header;
      for (const line of openingLines(header, relative(process.cwd(), capsule))) progress.note(line);
    },
    finished: (header, capsule) => progress.note(`run ${header.run_id} is finished: its report is made from ${shown(capsule)}`),
    preparing: (base) => progress.note(errInk.dim(`preparing base ${base} (built once, then kept in the cache) …`)),
    prepared: ({ base, preparedMs, visibleTests, heldOutTests, sentinels }) => {
      const how = preparedMs === 0 ? "from the cache" : `built in ${(preparedMs / 1000).toFixed(1)} s`;
      progress.note(`base ${base.name}: ${how}; ${visibleTests.length} visible tests, ${heldOutTests.length} held out, ${sentinels} sentinels`);
    },
    trialDone: (trial, state, done, total) => progress.trial(trial, state, done, total),
  };
}

const shown = (path: string): string => relative(process.cwd(), path) || path;

function closing(folder: string, capsule: string, signature: string | null): string {
  const signed = signature === null ? "unsigned: set BAKEOFF_SIGNING_KEY, or give --key FILE" : `signed: ${shown(signature)}`;
  return `\nCapsule: ${shown(capsule)} (${signed})\nReport: ${shown(join(folder, "report.md"))}   Check it: ${calledAs()} capsule verify ${quoted(shown(capsule))}\n`;
}

/** The command that goes on with a run; null where none has begun. */
function wayOn(options: RunOptions, header: Header | null): string | null {
  if (header === null) return null;
  // The capsule knows its suite by name and its policy by hash: where they lie, it does not.
  const places = (
    [
      ["--suite", options.suite],
      ["--policy", options.policy],
      ["--spec", options.spec],
      ...(options.set ?? []).map((text) => ["--set", text] as const),
    ] as const
  ).flatMap(([flag, value]) => (value === undefined ? [] : [flag, quoted(value)]));
  const override = options.allowOverride ? ["--allow-override"] : [];
  return `go on with: ${[runCalledAs(), "--resume", header.run_id, ...places, ...override].join(" ")}`;
}

function withWayOn(error: unknown, way: string | null): unknown {
  if (!(error instanceof BakeoffError) || way === null) return error;
  return new BakeoffError(error.code, error.message, error.hint === "" ? way : `${error.hint}; then ${way}`, { cause: error });
}
