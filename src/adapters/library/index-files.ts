// The index of one sealed capsule: side files in the cache, derived from it, which may be thrown away at any time.
import { mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { sha256 } from "../../core/base/canonical.ts";
import { DIGEST_FORMAT, type RunDigest } from "../../core/report/runs/digest.ts";
import type { RunListing } from "../../core/report/runs/listing.ts";
import type { ReportFigures } from "../../core/report/model.ts";
import type { MarkedTrial } from "../../core/report/trial/marks.ts";
import type { TrialRow } from "../../core/report/trial-row.ts";
import { TextIndex } from "../capsules/text-index.ts";
import { NewFile } from "../files/new-file.ts";
import { type FileStamp, isSameStamp } from "./stamp.ts";

/** Raised with every change of what stands in the files: older ones are made anew. */
const INDEX_VERSION = 3;

/** What is kept to list a run: it is read of every run, and is small. */
export interface IndexHead {
  readonly stamp: FileStamp;
  readonly listing: RunListing;
  readonly faults: number;
  /** Bytes of every other side file: nothing waits for the disk, so that a crash may have cut one. */
  readonly sizes: Readonly<Record<string, number>>;
}

/** Where parts of a run are in its file. Byte ranges are begin, end, begin, end, … */
export interface IndexPlaces {
  readonly headerBytes: number;
  readonly runEvents: readonly number[];
  readonly withheld: readonly string[];
}

export interface IndexParts {
  readonly head: Omit<IndexHead, "sizes">;
  readonly places: IndexPlaces;
  readonly digest: RunDigest;
  readonly report: ReportFigures;
  /** In plan order; gone through once, and never held together. */
  readonly rows: Iterable<TrialRow>;
  readonly marked: readonly MarkedTrial[];
  /** Begin and end of each planned trial's events, by its number in the plan. */
  readonly trials: Float64Array;
  readonly texts: TextIndex;
}

const jsonBytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);

/** The side files of one capsule. */
export class IndexFiles {
  private readonly folder: string;
  private readonly version: string;

  /** `version`: this program's, which reads capsules and may read them otherwise than another did. */
  constructor(cacheRoot: string, capsule: string, version: string) {
    this.folder = join(cacheRoot, "runs", sha256(resolve(capsule)).slice(0, 24));
    this.version = `${INDEX_VERSION}.${DIGEST_FORMAT} ${version}`;
  }

  /** Null where there is none, or one of another file or version. */
  head(stamp: FileStamp): IndexHead | null {
    const read = this.json("head.json") as { readonly index?: string; readonly head?: IndexHead } | null;
    return read?.index === this.version && read.head !== undefined && isSameStamp(read.head.stamp, stamp) ? read.head : null;
  }

  places(): IndexPlaces | null {
    return this.json("places.json") as IndexPlaces | null;
  }

  digest(): RunDigest | null {
    return this.json("digest.json") as RunDigest | null;
  }

  report(): ReportFigures | null {
    return this.json("report.json") as ReportFigures | null;
  }

  /** Where each trial's row begins in `rowsPath`, and where the last ends. */
  rowPlaces(): Float64Array | null {
    return this.numbers("rows.bin");
  }

  /** A line a trial, in plan order. */
  get rowsPath(): string {
    return join(this.folder, "rows.jsonl");
  }

  marked(): readonly MarkedTrial[] | null {
    return this.json("marked.json") as readonly MarkedTrial[] | null;
  }

  trials(): Float64Array | null {
    return this.numbers("trials.bin");
  }

  texts(): TextIndex | null {
    const bytes = this.bytes("texts.bin");
    return bytes && TextIndex.unpack(bytes);
  }

  /** Is all there that the head was written after? */
  isWhole({ sizes }: IndexHead): boolean {
    return Object.entries(sizes).every(([name, bytes]) => statSync(join(this.folder, name), { throwIfNoEntry: false })?.size === bytes);
  }

  /** The head last: without it, the rest is not there. */
  write({ head, places, digest, report, rows, marked, trials, texts }: IndexParts): IndexHead {
    mkdirSync(this.folder, { recursive: true });
    rmSync(join(this.folder, "head.json"), { force: true });
    const sizes = {
      "places.json": this.put("places.json", jsonBytes(places)),
      "digest.json": this.put("digest.json", jsonBytes(digest)),
      "report.json": this.put("report.json", jsonBytes(report)),
      ...this.putRows(rows),
      "marked.json": this.put("marked.json", jsonBytes(marked)),
      "trials.bin": this.put("trials.bin", bytesOf(trials)),
      "texts.bin": this.put("texts.bin", texts.pack()),
    };
    const written = { ...head, sizes };
    this.put("head.json", jsonBytes({ index: this.version, head: written }));
    return written;
  }

  /** Gives how many bytes it has. */
  private put(name: string, bytes: Uint8Array): number {
    this.fill(name, (file) => file.bytes(bytes));
    return bytes.length;
  }

  private putRows(rows: Iterable<TrialRow>): Record<string, number> {
    const begins = [0];
    this.fill("rows.jsonl", (file) => {
      for (const row of rows) {
        const text = JSON.stringify(row);
        file.line(text);
        begins.push((begins.at(-1) ?? 0) + Buffer.byteLength(text) + 1);
      }
    });
    return { "rows.jsonl": begins.at(-1) ?? 0, "rows.bin": this.put("rows.bin", bytesOf(Float64Array.from(begins))) };
  }

  private fill(name: string, write: (file: NewFile) => void): void {
    const file = new NewFile(join(this.folder, name));
    try {
      write(file);
      file.commitDerived();
    } finally {
      file.discard();
    }
  }

  private numbers(name: string): Float64Array | null {
    const bytes = this.bytes(name);
    return bytes && new Float64Array(Uint8Array.from(bytes).buffer);
  }

  private bytes(name: string): Buffer | null {
    try {
      return readFileSync(join(this.folder, name));
    } catch {
      // It is derived: whatever is wrong with it, it is made anew.
      return null;
    }
  }

  private json(name: string): unknown {
    try {
      return JSON.parse(this.bytes(name)?.toString("utf8") ?? "null");
    } catch {
      return null;
    }
  }
}
