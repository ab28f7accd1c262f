// Reads a capsule or a journal from disk, line by line, trusting nothing of it.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { inflateSync } from "node:zlib";
import { type Sha256, sha256 } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { CAPSULE_FORMAT, type CapsuleLine, capsuleLine, type EventLine, type Header, type Seal } from "../../core/capsule/line.ts";
import type { StoredRun } from "../../run/ports.ts";

export interface ReadCapsule extends StoredRun {
  readonly blobs: readonly { readonly sha256: Sha256; readonly text: string }[];
}

/** A blob that inflates to more than this is refused: no prompt, answer or file of ours is that large. */
const MAX_BLOB_BYTES = 64_000_000;

/** Reads the whole file. A last line that is cut off, in a journal that is not sealed, is left out. */
export async function readCapsule(path: string): Promise<ReadCapsule> {
  const reading = new CapsuleReading(path);
  let previous: string | null = null;
  const input = createReadStream(path, { encoding: "utf8" });
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (previous !== null) reading.take(previous);
      previous = line;
    }
  } catch (error) {
    if (error instanceof BakeoffError) throw error;
    throw new BakeoffError("usage", `${path} can't be read`, "name a capsule file", { cause: error });
  }
  if (previous !== null) reading.takeLast(previous);
  return reading.result();
}

class CapsuleReading {
  private readonly path: string;
  private header: Header | null = null;
  private seal: Seal | null = null;
  private readonly events: EventLine[] = [];
  private readonly blobs = new Map<Sha256, string>();
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
    else if (line.kind === "blob") this.blobs.set(line.sha256, this.inflate(line.sha256, line.data));
    else this.seal = line;
  }

  /** The last line of a journal may be torn: a crash came while it was written. */
  takeLast(text: string): void {
    try {
      this.take(text);
    } catch (error) {
      if (this.header === null) throw error;
    }
  }

  result(): ReadCapsule {
    if (!this.header) throw this.damaged("it has no header");
    const blobs = this.blobs;
    return {
      header: this.header, events: this.events, seal: this.seal,
      blobs: [...blobs].map(([hash, text]) => ({ sha256: hash, text })),
      blob: (hash) => blobs.get(hash) ?? null,
    };
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
    return line.data;
  }

  private inflate(hash: Sha256, data: string): string {
    let text: string;
    try {
      text = inflateSync(Buffer.from(data, "base64"), { maxOutputLength: MAX_BLOB_BYTES }).toString("utf8");
    } catch {
      throw this.damaged("a blob that can't be inflated");
    }
    if (sha256(text) !== hash) throw this.damaged("a blob whose content has another hash");
    return text;
  }

  private damaged(what: string): BakeoffError {
    return new BakeoffError("integrity", `${this.path}:${this.number}: ${what}`, "the capsule was changed or damaged: fetch it again from where it came");
  }
}
