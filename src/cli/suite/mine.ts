// `bakeoff suite mine`: a suite from the commits of a repository.
import { basename, resolve } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import type { Suite } from "../../core/suite/suite.ts";
import type { Judged } from "../../suite-making/judge.ts";
import type { MadeSuite } from "../../suite-making/made-suite.ts";
import { type Mined, mineHistory } from "../../suite-making/mine.ts";
import type { HistoryCommit } from "../../ports/repository.ts";
import { clock, openHistory } from "../../app/compose.ts";
import { errInk } from "../text/ink.ts";
import {
  DEFAULTS,
  featuresOf,
  madeEnding,
  type MakingOptions,
  type MakingTools,
  type Place,
  placeOf,
  reasonCounts,
  reasonLines,
  withTools,
  writeMade,
} from "../../app/suite/making.ts";

export interface MineCommand extends MakingOptions {
  readonly repo: string;
  readonly since?: string;
  readonly max: number;
  readonly tries?: number;
  readonly out?: string;
  readonly name?: string;
  readonly json: boolean;
}

export async function mine(options: MineCommand): Promise<number> {
  const repo = resolve(options.repo);
  const place = await placeOf(options, `${basename(repo)}-mined`);
  const start = clock.now();
  const done = await withTools(options, (tools) => mineInto(options, repo, place, tools));
  const seconds = (clock.now() - start) / 1000;
  process.stdout.write(options.json ? `${JSON.stringify(facts(done, place, seconds), null, 2)}\n` : table(done, place, seconds));
  return 0;
}

interface Done {
  readonly mined: Mined;
  readonly suite: Suite;
  readonly notes: readonly string[];
}

async function mineInto(options: MineCommand, repo: string, place: Place, { open, judging, lockFile }: MakingTools): Promise<Done> {
  const history = await openHistory(repo, judging.signal);
  try {
    for (const note of history.notes) process.stderr.write(`${errInk.yellow(note)}\n`);
    process.stderr.write(`mining ${options.repo} for up to ${options.max} tasks, sandbox ${open.tier.tier}\n`);
    const { max, since = null, tries: maxTried = Math.max(50, max * 10) } = options;
    const mined = await mineHistory({ ...judging, history, lockFile, since, max, maxTried, watch });
    if (mined.tasks.length === 0) throw nothingFound(mined);
    const suite = await writeMade(place, madeOf(options, place.name, mined, [`toolchain: ${open.bench.toolchain.rustc}`, ...history.notes]));
    return { mined, suite, notes: history.notes };
  } finally {
    await history.close();
  }
}

const shortly = ({ id, message }: HistoryCommit): string => `${id.slice(0, 10)} ${message.trim().split("\n")[0]?.slice(0, 60) ?? ""}`;

const watch = {
  trying: (commit: HistoryCommit, tried: number): void => void process.stderr.write(`[try ${tried}] ${shortly(commit)}\n`),
  judged: (_: HistoryCommit, judged: Judged, found: number): void =>
    void process.stderr.write(
      judged.ok
        ? `  task ${found}: ${judged.task.written.id}\n`
        : `  ${judged.drop.reason}${judged.drop.detail === "" ? "" : `: ${judged.drop.detail.slice(0, 160)}`}\n`,
    ),
};

function madeOf(options: MineCommand, name: string, mined: Mined, about: readonly string[]): MadeSuite {
  return {
    name,
    description: `Repairs taken from the history of ${basename(resolve(options.repo))}: each commit's tests fail without its change and pass with it.`,
    defaults: DEFAULTS,
    features: featuresOf(options),
    tasks: mined.tasks,
    dropped: mined.dropped.map(({ commit, subject, reason, detail }) => ({ what: `${commit.slice(0, 12)} ${subject}`, reason, detail })),
    passedOver: mined.passedOver,
    leftOut: mined.leftOut,
    made: [
      `made by \`bakeoff suite mine\`${options.since === undefined ? "" : `, commits since \`${options.since}\``}`,
      `${mined.commits} commits read, ${mined.tried} built, ${mined.tasks.length} tasks proved, ${options.repeats} repeats each`,
      ...about,
    ],
  };
}

function nothingFound(mined: Mined): BakeoffError {
  const why = reasonCounts(mined.dropped, mined.passedOver)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(", ");
  const first = mined.dropped[0];
  const detail = first ? `; ${first.commit.slice(0, 10)}: ${first.reason}${first.detail === "" ? "" : ` (${first.detail})`}` : "";
  return new BakeoffError(
    "usage",
    `none of ${mined.commits} commits makes a task (${why || "there are none"}${detail})`,
    "look further back, or make tasks of the files as they are: bakeoff suite mutate",
  );
}

const STOPPED = { end: "the history's end", enough: "enough tasks", tried: "as many commits built as --tries allows" } as const;

function table({ mined, suite }: Done, place: Place, seconds: number): string {
  const widest = Math.max(...suite.tasks.map(({ id }) => id.length));
  const rows = suite.tasks.map(
    (task) => `${task.id.padEnd(widest)}  ${task.kind.padEnd(7)}  ${(task.errorCodes.join(" ") || "tests").padEnd(12)}  ${task.title}`,
  );
  return [
    ...rows,
    "",
    `${suite.name}: ${suite.tasks.length} tasks of ${mined.commits} commits read and ${mined.tried} built, ended by ${STOPPED[mined.stopped]}, in ${seconds.toFixed(0)} s; root ${suite.root}`,
    ...reasonLines(mined.dropped, mined.passedOver),
    ...madeEnding(place),
    "",
  ].join("\n");
}

function facts({ mined, suite, notes }: Done, place: Place, seconds: number) {
  return {
    suite: suite.name,
    folder: place.folder,
    root: suite.root,
    tasks: mined.tasks.map(({ draft, written, compileMs, testMs, leaks, strength }) => ({
      id: written.id,
      origin: draft.repair.origin,
      kind: written.kind,
      errorCodes: written.error_codes,
      files: draft.editable,
      failToPass: written.fail_to_pass.length,
      heldOut: written.held_out.length,
      split: draft.split,
      leaks,
      strength,
      compileMs,
      testMs,
    })),
    dropped: mined.dropped,
    passedOver: mined.passedOver,
    leftOut: mined.leftOut,
    commits: mined.commits,
    tried: mined.tried,
    stopped: mined.stopped,
    notes,
    seconds: Math.round(seconds),
  };
}
