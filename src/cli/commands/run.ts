// `bakeoff run`: runs or goes on with a bakeoff, then prints the table and says where everything is.
import { join, relative } from "node:path";
import pc from "picocolors";
import { BakeoffError } from "../../core/base/errors.ts";
import type { Header } from "../../core/capsule/line.ts";
import { jsonReport } from "../../core/report/json.ts";
import { reportModel } from "../../core/report/model.ts";
import { textTable } from "../../core/report/table.ts";
import { clock, cores } from "../compose.ts";
import { openingLines } from "../opening.ts";
import { defaultPolicy, reportsFolder } from "../places.ts";
import { openProgress, type Progress } from "../progress.ts";
import { writeReports } from "../reports.ts";
import { runSession, type SessionWatcher } from "../session.ts";

interface RunOptions {
  readonly suite: string;
  readonly candidates?: string[];
  readonly epochs: number;
  readonly limit?: number;
  readonly task?: string[];
  readonly concurrency?: number;
  readonly policy?: string;
  readonly resume?: string;
  readonly capability: boolean;
  readonly seed: number;
  readonly out?: string;
  readonly json: boolean;
}

export async function run(options: RunOptions): Promise<number> {
  const stop = new AbortController();
  const interrupt = () => stop.abort(new BakeoffError("interrupted", "interrupted"));
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, interrupt);
  const plain = !process.stderr.isTTY || process.env["CI"] !== undefined || process.env["TERM"] === "dumb";
  const progress = openProgress(process.stderr, () => clock.now(), !plain);
  const seen: { header: Header | null } = { header: null };
  try {
    const { record, capsule } = await runSession(sessionOptions(options), watcherOf(progress, seen), stop.signal);
    progress.end();
    const folder = options.out ?? join(reportsFolder(), record.header.run_id);
    await writeReports(record, folder, ["md", "json", "csv"]);
    const model = reportModel(record);
    process.stdout.write(options.json ? jsonReport(model) : textTable(model));
    process.stderr.write(closing(folder, capsule));
    return 0;
  } catch (error) {
    progress.end();
    throw withWayOn(error, seen.header);
  }
}

function sessionOptions(options: RunOptions): Parameters<typeof runSession>[0] {
  return {
    suite: options.suite, policyFile: options.policy ?? defaultPolicy(), candidates: options.candidates ?? null, epochs: options.epochs,
    limit: options.limit ?? null, tasks: options.task ?? null, concurrency: options.concurrency ?? cores(),
    capability: options.capability, seed: options.seed, resume: options.resume ?? null,
  };
}

function watcherOf(progress: Progress, seen: { header: Header | null }): SessionWatcher {
  return {
    planned: (header, capsule) => {
      seen.header = header;
      for (const line of openingLines(header, relative(process.cwd(), capsule))) progress.note(line);
    },
    preparing: (base) => progress.note(pc.dim(`preparing base ${base} (built once, then kept in the cache) …`)),
    prepared: ({ base, preparedMs, visibleTests, heldOutTests, sentinels }) => {
      const how = preparedMs === 0 ? "from the cache" : `built in ${(preparedMs / 1000).toFixed(1)} s`;
      progress.note(`base ${base.name}: ${how}; ${visibleTests.length} visible tests, ${heldOutTests.length} held out, ${sentinels} sentinels`);
    },
    trialDone: (trial, state, done, total) => progress.trial(trial, state, done, total),
  };
}

const shown = (path: string): string => relative(process.cwd(), path) || path;

function closing(folder: string, capsule: string): string {
  return `\nCapsule: ${shown(capsule)}\nReport: ${shown(join(folder, "report.md"))}   Check it: bakeoff capsule verify ${shown(capsule)}\n`;
}

/** Whatever stopped the run, a run that began can be gone on with. */
function withWayOn(error: unknown, header: Header | null): unknown {
  if (!(error instanceof BakeoffError) || header === null) return error;
  const way = `go on with: npm run bakeoff -- --resume ${header.run_id}`;
  return new BakeoffError(error.code, error.message, error.hint === "" ? way : `${error.hint}; then ${way}`, { cause: error });
}
