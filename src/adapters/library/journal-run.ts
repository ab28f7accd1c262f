// A run under way, followed as its journal is written: what was appended since the last look is read, and nothing twice.
import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { Sha256 } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { CapsuleFault } from "../../core/capsule/fault.ts";
import type { BlobLine, EventLine, Header } from "../../core/capsule/line.ts";
import { parseLine } from "../../core/capsule/parse.ts";
import { foldRun, type RunRecord } from "../../core/capsule/record.ts";
import { trialFacts } from "../../core/metrics/summary/trial.ts";
import { type ReportModel, reportModel } from "../../core/report/model.ts";
import { runDigest } from "../../core/report/runs/digest.ts";
import { numberedRows } from "../../core/report/trial-row.ts";
import { markedTrials } from "../../core/report/trial/marks.ts";
import type { FollowedRun } from "../../ports/run-library.ts";
import { type LineRange, LineSplitter } from "../capsules/lines.ts";
import { inflatedText } from "../capsules/scan.ts";

const PIECE_BYTES = 1 << 20;

/** Reads a journal from where it stopped. It is replaced when its run is sealed or gone on with: then it is read anew. */
export class JournalFollower {
  readonly path: string;
  private file = -1;
  private ino = 0n;
  private offset = 0;
  private splitter: LineSplitter;
  private header: Header | null = null;
  private events: EventLine[] = [];
  private readonly texts = new Map<Sha256, LineRange>();
  private sealed = false;

  constructor(path: string) {
    this.path = path;
    this.splitter = new LineSplitter(path);
  }

  /** Throws `integrity` for a line that is none, `usage` where the file is gone. */
  advance(): void {
    const { ino, size } = statOf(this.path);
    if (this.file < 0 || ino !== this.ino || size < BigInt(this.offset)) this.begin(ino);
    const buffer = Buffer.allocUnsafe(PIECE_BYTES);
    for (;;) {
      const got = readSync(this.file, buffer, 0, buffer.length, this.offset);
      if (got === 0) return;
      this.offset += got;
      for (const text of this.splitter.take(buffer.subarray(0, got))) this.take(text, this.splitter.place);
    }
  }

  run(): FollowedRun {
    const { header, events } = this;
    if (header === null) throw new CapsuleFault("no-header", "it has no header", { path: this.path, line: 1 });
    let folded: RunRecord | null = null;
    const record = (): RunRecord => (folded ??= foldRun(header, events));
    let model: ReportModel | null = null;
    const report = (): ReportModel => (model ??= reportModel(record()));
    return {
      path: this.path,
      header,
      isSealed: this.sealed,
      isSigned: false,
      faults: null,
      runEvents: events.filter(({ trial }) => trial === null),
      trial: (id) => record().trials.find((trial) => trial.id === id) ?? null,
      text: (hash) => this.text(hash),
      isWithheld: () => false,
      report,
      rows: () => report().trials,
      rowsOf: (tasks) => numberedRows(report().trials, tasks),
      marked: () => markedTrials(record().trials.map(trialFacts)),
      events,
      digest: () => runDigest(report(), report().trials, header, record().runEvents),
    };
  }

  close(): void {
    if (this.file >= 0) closeSync(this.file);
    this.file = -1;
  }

  private begin(ino: bigint): void {
    this.close();
    this.file = openSync(this.path, "r");
    Object.assign(this, { ino, offset: 0, header: null, events: [], sealed: false, splitter: new LineSplitter(this.path) });
    this.texts.clear();
  }

  private take(text: string, place: LineRange): void {
    const parsed = parseLine(text);
    if (!parsed.ok) throw new CapsuleFault(parsed.fault, parsed.detail, { path: this.path, line: 0 });
    const { line } = parsed;
    if (line.kind === "header") this.header = line;
    else if (line.kind === "event") this.events.push(line);
    else if (line.kind === "blob") this.texts.set(line.sha256, place);
    else if (line.kind === "seal") this.sealed = true;
  }

  private text(hash: Sha256): string | null {
    const place = this.texts.get(hash);
    if (!place) return null;
    const buffer = Buffer.alloc(place.bytes);
    readSync(this.file, buffer, 0, place.bytes, place.offset);
    return inflatedText((JSON.parse(buffer.toString("utf8")) as BlobLine).data);
  }
}

function statOf(path: string): { readonly ino: bigint; readonly size: bigint } {
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    throw new BakeoffError("usage", `${path} can't be read`, "name a capsule file, or the id of a run in capsules/", { cause: error });
  }
}
