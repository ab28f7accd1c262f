// `bakeoff suite mine`: a suite from the commits of a repository.
import { composeSuite } from "../../app/compose/suite.ts";
import { findPlaces, type Places } from "../../app/places.ts";
import { type MinedSuite, mineRepository, type MineWatch } from "../../app/suite/mine.ts";
import { commitFunnelLine } from "../../core/suite/making/commits/funnel.ts";
import type { HistoryCommit } from "../../ports/repository.ts";
import { stopSignal } from "../stop-signal.ts";
import { errInk } from "../text/ink.ts";
import type { SuiteMineOptions } from "./flags.ts";
import { judgedFacts, madeEnding, reasonLines, taskRows } from "./made-text.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

export async function suiteMine(options: SuiteMineOptions): Promise<number> {
  const places = findPlaces(options);
  const done = await mineRepository(composeSuite(places), options, watch(options), stopSignal("the same command goes on where it was"));
  if (options.json) printDocument<"suite mine">({ format: 1, ...facts(done) });
  else printText(table(done, places));
  return 0;
}

const shortly = ({ id, message }: HistoryCommit): string => `${id.slice(0, 10)} ${message.trim().split("\n")[0]?.slice(0, 60) ?? ""}`;

const watch = ({ repo, max }: SuiteMineOptions): MineWatch => ({
  note: (text) => void process.stderr.write(`${errInk.yellow(text)}\n`),
  preparing: (text) => void process.stderr.write(`${text}\n`),
  begin: (tier) => void process.stderr.write(`mining ${repo} for up to ${max} tasks, sandbox ${tier}\n`),
  trying: (commit, tried) => void process.stderr.write(`[try ${tried}] ${shortly(commit)}\n`),
  judged: (_, judged, found) =>
    void process.stderr.write(
      judged.ok
        ? `  task ${found}: ${judged.task.written.id}\n`
        : `  ${judged.drop.reason}${judged.drop.detail === "" ? "" : `: ${judged.drop.detail.slice(0, 160)}`}\n`,
    ),
});

const STOPPED = { end: "the history's end", enough: "enough tasks", tried: "as many commits built as --tries allows" } as const;

const table = ({ mined, suite, place, seconds }: MinedSuite, places: Places): string =>
  [
    ...taskRows(suite),
    "",
    `${suite.name}: ${suite.tasks.length} tasks of ${mined.commits} commits read and ${mined.tried} built, ended by ${STOPPED[mined.stopped]}, in ${seconds.toFixed(0)} s; root ${suite.root}`,
    commitFunnelLine(mined.funnel),
    ...reasonLines(mined.dropped, mined.passedOver),
    ...madeEnding(place, places),
    "",
  ].join("\n");

const facts = ({ mined, suite, notes, place, seconds }: MinedSuite) => ({
  suite: suite.name,
  folder: place.folder,
  root: suite.root,
  tasks: mined.tasks.map(judgedFacts),
  dropped: mined.dropped,
  passedOver: mined.passedOver,
  leftOut: mined.leftOut,
  commits: mined.commits,
  tried: mined.tried,
  stopped: mined.stopped,
  funnel: mined.funnel,
  notes,
  seconds: Math.round(seconds),
});
