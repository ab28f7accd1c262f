// The index of one sealed capsule: side files in the cache, derived from it, which may be thrown away at any time.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { sha256 } from "../../core/base/canonical.ts";
import { DIGEST_FORMAT, type RunDigest } from "../../core/report/runs/digest.ts";
import type { ReportModel } from "../../core/report/model.ts";
import type { MarkedTrial } from "../../ports/run-library.ts";
import { TextIndex } from "../capsules/text-index.ts";
import { NewFile } from "../files/new-file.ts";
import { type FileStamp, isSameStamp } from "./stamp.ts";

/** Raised with every change of what stands in the files: older ones are made anew. */
const INDEX_VERSION = 1;

/** What is kept to list a run, and to find its parts in its file. Byte ranges are begin, end, begin, end, … */
export interface IndexHead {
  readonly stamp: FileStamp;
  readonly digest: RunDigest;
  readonly faults: number;
  readonly headerBytes: number;
  readonly runEvents: readonly number[];
  readonly withheld: readonly string[];
}

export interface IndexParts {
  readonly head: IndexHead;
  readonly report: ReportModel;
  readonly marked: readonly MarkedTrial[];
  /** Begin and end of each planned trial's events, by its number in the plan. */
  readonly trials: Float64Array;
  readonly texts: TextIndex;
}

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

  report(): ReportModel | null {
    return this.json("report.json") as ReportModel | null;
  }

  marked(): readonly MarkedTrial[] | null {
    return this.json("marked.json") as readonly MarkedTrial[] | null;
  }

  trials(): Float64Array | null {
    const bytes = this.bytes("trials.bin");
    return bytes && new Float64Array(Uint8Array.from(bytes).buffer);
  }

  texts(): TextIndex | null {
    const bytes = this.bytes("texts.bin");
    return bytes && TextIndex.unpack(bytes);
  }

  /** The head last: without it, the rest is not there. */
  write({ head, report, marked, trials, texts }: IndexParts): void {
    mkdirSync(this.folder, { recursive: true });
    rmSync(join(this.folder, "head.json"), { force: true });
    this.put("report.json", Buffer.from(JSON.stringify(report)));
    this.put("marked.json", Buffer.from(JSON.stringify(marked)));
    this.put("trials.bin", Buffer.from(trials.buffer, trials.byteOffset, trials.byteLength));
    this.put("texts.bin", texts.pack());
    this.put("head.json", Buffer.from(JSON.stringify({ index: this.version, head })));
  }

  private put(name: string, bytes: Uint8Array): void {
    const file = new NewFile(join(this.folder, name));
    try {
      file.bytes(bytes);
      file.commit();
    } finally {
      file.discard();
    }
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
