// Reads a capsule or a journal from disk, line by line, trusting nothing of it.
import { createReadStream } from "node:fs";
import { inflateSync } from "node:zlib";
import { type Sha256, sha256 } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { type BlobLine, CAPSULE_FORMAT, type CapsuleLine, capsuleLine, type EventLine, type Header, lineText, type Seal } from "../../core/capsule/line.ts";
import type { StoredRun } from "../../run/ports.ts";

/** A text as it lies in the file; inflated each time it is asked for, so that reading a capsule costs no more than its size. */
export interface StoredBlob {
  readonly sha256: Sha256;
  /** Deflated, in base64. */
  readonly data: string;
  readonly text: string;
}

export interface ReadCapsule extends StoredRun {
  /** In the file's order; each once. */
  readonly blobs: readonly StoredBlob[];
}

/** A blob that inflates to more than this is refused: no prompt, answer or file of ours is that large. */
const MAX_BLOB_BYTES = 64_000_000;

const REFETCH = "the capsule was changed or damaged: fetch it again from where it came";

/** Reads the whole file. A last line that is cut off, in a journal that is not sealed, is left out. */
export async function readCapsule(path: string): Promise<ReadCapsule> {
  const reading = new CapsuleReading(path);
  try {
    for await (const [line, isLast] of linesOf(path)) {
      if (isLast) reading.takeLast(line);
      else reading.take(line);
    }
  } catch (error) {
    if (error instanceof BakeoffError) throw error;
    if (error instanceof Error && "code" in error && error.code === "ERR_ENCODING_INVALID_ENCODED_DATA")
      throw new BakeoffError("integrity", `${path} is not UTF-8 text`, REFETCH, { cause: error });
    throw new BakeoffError("usage", `${path} can't be read`, "name a capsule file, or the id of a run in capsules/", { cause: error });
  }
  return reading.result();
}

/** Lines that end in a newline, the last of them marked. Only `\n` ends a line: U+2028 may stand in a text. What follows the last newline is torn and left out. */
async function* linesOf(path: string): AsyncGenerator<readonly [line: string, isLast: boolean]> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let held: string | null = null;
  let parts: string[] = [];
  for await (const bytes of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Uint8Array>) {
    const pieces = decoder.decode(bytes, { stream: true }).split("\n");
    for (const [index, piece] of pieces.entries()) {
      parts.push(piece);
      if (index === pieces.length - 1) break;
      if (held !== null) yield [held, false];
      held = parts.join("");
      parts = [];
    }
  }
  if (held !== null) yield [held, true];
}

class CapsuleReading {
  private readonly path: string;
  private header: Header | null = null;
  private seal: Seal | null = null;
  private readonly events: EventLine[] = [];
  private readonly blobs = new Map<Sha256, StoredBlob>();
  /** Blobs come first and in the order of their hashes once a capsule is sealed; a journal has them where they came up. */
  private laidOut = true;
  private lastBlob = "";
  private number = 0;

  constructor(path: string) {
    this.path = path;
  }

  take(text: string): void {
    this.number += 1;
    if (this.seal) throw this.damaged("something follows the seal");
    const line = this.parse(text);
    if ((line.kind === "header") !== (this.number === 1)) throw this.damaged("the header is the first line and no other");
    if (line.kind === "header") this.header = line;
    else if (line.kind === "event") this.events.push(line);
    else if (line.kind === "blob") this.takeBlob(line);
    else if (this.laidOut) this.seal = line;
    else throw this.damaged("a sealed capsule has its texts first, each once, by hash");
  }

  /** The last line of a journal may be damaged: a crash came while it was written. */
  takeLast(text: string): void {
    try {
      this.take(text);
    } catch (error) {
      if (this.header === null || this.seal) throw error;
    }
  }

  result(): ReadCapsule {
    if (!this.header) throw this.damaged("it has no header");
    const blobs = this.blobs;
    return { header: this.header, events: this.events, seal: this.seal, blobs: [...blobs.values()], blob: (hash) => blobs.get(hash)?.text ?? null };
  }

  private takeBlob({ sha256: hash, data }: BlobLine): void {
    if (Buffer.from(data, "base64").toString("base64") !== data) throw this.damaged("a blob that is not base64 as it is written");
    const inflated = this.inflate(data);
    if (sha256(inflated) !== hash) throw this.damaged("a blob whose content has another hash");
    this.laidOut &&= hash > this.lastBlob && this.events.length === 0;
    this.lastBlob = hash;
    this.blobs.set(hash, {
      sha256: hash,
      data,
      get text() {
        return inflateSync(Buffer.from(data, "base64")).toString("utf8");
      },
    });
  }

  private parse(text: string): CapsuleLine {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw this.damaged("not JSON");
    }
    const format = typeof value === "object" && value !== null && "format" in value ? value.format : CAPSULE_FORMAT;
    if (typeof format === "number" && format > CAPSULE_FORMAT) {
      throw new BakeoffError("integrity", `capsule format ${format} is newer than ${CAPSULE_FORMAT}`, "upgrade bakeoff to read it");
    }
    const line = capsuleLine.safeParse(value);
    if (!line.success) throw this.damaged(line.error.issues[0]?.message ?? "not a capsule line");
    if (lineText(line.data) !== text) throw this.damaged("the line is not written as a capsule's lines are");
    return line.data;
  }

  private inflate(data: string): Buffer {
    try {
      return inflateSync(Buffer.from(data, "base64"), { maxOutputLength: MAX_BLOB_BYTES });
    } catch {
      throw this.damaged("a blob that can't be inflated");
    }
  }

  private damaged(what: string): BakeoffError {
    return new BakeoffError("integrity", `${this.path}:${this.number}: ${what}`, REFETCH);
  }
}
