// A sealed run by its index: the header, single trials and single texts are read where the index says they are.
import { closeSync, openSync, readSync } from "node:fs";
import type { EventLine, Header } from "../../core/capsule/line.ts";
import { foldRecord, type PlannedTrial, type TrialRecord } from "../../core/capsule/record.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import type { LibraryRun } from "../../ports/run-library.ts";
import { inflatedText } from "../capsules/scan.ts";
import type { NumberedRow, TrialRow } from "../../core/report/trial-row.ts";
import { LineSplitter } from "../capsules/lines.ts";
import type { IndexFiles, IndexHead } from "./index-files.ts";

const PIECE_BYTES = 1 << 20;

/** A capsule that was looked into already, opened for reading parts of it. `close` it. */
export function openIndexed(path: string, head: IndexHead, files: IndexFiles, isSigned: boolean): LibraryRun & { close(): void } {
  const trials = whole(files.trials(), path);
  const texts = whole(files.texts(), path);
  const places = whole(files.places(), path);
  const file = openSync(path, "r");
  const read = (begin: number, end: number): string => rangeText(file, begin, end);
  const events = (ranges: readonly number[]): readonly EventLine[] => eventsIn(ranges, read);
  const header = JSON.parse(read(0, places.headerBytes)) as Header;
  const withheld = new Set(places.withheld);
  const planned = planOf(header);
  // Every trial's page names the next one worth a look.
  let marked: ReturnType<LibraryRun["marked"]> | null = null;
  return {
    path,
    header,
    isSealed: true,
    isSigned,
    faults: head.faults,
    runEvents: events(places.runEvents),
    trial: (id): TrialRecord | null => {
      const place = planned(id);
      return place === null ? null : foldRecord(place.trial, events([trials[2 * place.number] ?? 0, trials[2 * place.number + 1] ?? 0]));
    },
    text: (hash) => {
      const place = texts.find(hash);
      return place && inflatedText((JSON.parse(read(place.offset, place.offset + place.bytes)) as { readonly data: string }).data);
    },
    isWithheld: (hash) => withheld.has(hash),
    report: () => whole(files.report(), path),
    *rows() {
      yield* storedRows(files.rowsPath, path);
    },
    rowsOf: (tasks) => rowsAt(numbersOf(tasks, header), files, path),
    marked: () => (marked ??= whole(files.marked(), path)),
    digest: () => whole(files.digest(), path),
    close: () => closeSync(file),
  };
}

/** The index's head is written last: what it belongs to was there. */
function whole<T>(part: T | null, path: string): T {
  if (part === null) throw notWhole(path);
  return part;
}

const notWhole = (path: string, cause?: unknown): BakeoffError =>
  new BakeoffError("environment", `the index of ${path} is not whole`, "remove the folder runs/ of the cache: it is made anew", { cause });

/** A trial's place in the plan, without planning all of them: a run may have a million. */
function planOf({ tasks, candidates, epochs }: Header): (id: string) => { readonly trial: PlannedTrial; readonly number: number } | null {
  const taskNumbers = new Map(tasks.map(({ id }, index) => [id, index]));
  const candidateNumbers = new Map(candidates.map(({ name }, index) => [name, index]));
  return (id) => {
    const [, candidate = "", name = "", words = ""] = /^(.+)\/([^/]+)\/([1-9]\d{0,3})$/.exec(id) ?? [];
    const [task, slot, epoch] = [taskNumbers.get(name), candidateNumbers.get(candidate), Number(words)];
    const facts = task === undefined ? undefined : tasks[task];
    if (task === undefined || facts === undefined || slot === undefined || epoch > epochs) return null;
    return { trial: { id, candidate, task: facts, epoch }, number: ((epoch - 1) * tasks.length + task) * candidates.length + slot };
  };
}

/** Line by line: all rows of a large run are more than a page needs. */
function* storedRows(rowsPath: string, path: string): Generator<TrialRow> {
  const file = openRows(rowsPath, path);
  try {
    const splitter = new LineSplitter(rowsPath);
    const buffer = Buffer.allocUnsafe(PIECE_BYTES);
    for (let got = readSync(file, buffer); got > 0; got = readSync(file, buffer))
      for (const text of splitter.take(buffer.subarray(0, got))) yield JSON.parse(text) as TrialRow;
  } finally {
    closeSync(file);
  }
}

/** In the plan, of the trials of these tasks. */
function numbersOf(wanted: ReadonlySet<string>, { tasks, candidates, epochs }: Header): readonly number[] {
  const numbers: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch += 1)
    for (const [place, { id }] of tasks.entries())
      if (wanted.has(id)) for (const slot of candidates.keys()) numbers.push((epoch * tasks.length + place) * candidates.length + slot);
  return numbers;
}

function rowsAt(numbers: readonly number[], files: IndexFiles, path: string): readonly NumberedRow[] {
  const places = whole(files.rowPlaces(), path);
  const file = openRows(files.rowsPath, path);
  try {
    return numbers.map((number) => ({ number, row: JSON.parse(rangeText(file, places[number] ?? 0, places[number + 1] ?? 0)) as TrialRow }));
  } finally {
    closeSync(file);
  }
}

function openRows(rowsPath: string, path: string): number {
  try {
    return openSync(rowsPath, "r");
  } catch (error) {
    throw notWhole(path, error);
  }
}

/** They were checked when the index was made, so that they are only parsed here. */
function eventsIn(ranges: readonly number[], read: (begin: number, end: number) => string): readonly EventLine[] {
  const lines: EventLine[] = [];
  for (let index = 0; index < ranges.length; index += 2) {
    const text = read(ranges[index] as number, ranges[index + 1] as number);
    for (const line of text.split("\n")) if (line !== "") lines.push(JSON.parse(line) as EventLine);
  }
  return lines.toSorted((a, b) => a.seq - b.seq);
}

function rangeText(file: number, begin: number, end: number): string {
  const buffer = Buffer.allocUnsafe(Math.max(0, end - begin));
  let got = 0;
  while (got < buffer.length) {
    const read = readSync(file, buffer, got, buffer.length - got, begin + got);
    if (read === 0) break;
    got += read;
  }
  return buffer.toString("utf8", 0, got);
}
