// Reads a capsule's lines in order without trusting them and shows each to a visitor; holds one line at a time.
import { inflateSync } from "node:zlib";
import { type Sha256, sha256 } from "../../core/base/canonical.ts";
import { CapsuleFault, type ReadingFault } from "../../core/capsule/fault.ts";
import type { BlobLine, CapsuleLine, EventLine, Header, Seal, WithheldLine } from "../../core/capsule/line.ts";
import { parseLine } from "../../core/capsule/parse.ts";
import { SNAPSHOT_START } from "../../core/capsule/stored-policy.ts";
import type { LineRange } from "./lines.ts";

/** A text as stored in the file; inflated on demand, so that reading a capsule costs no more than its size. */
export interface StoredBlob {
  readonly sha256: Sha256;
  /** Deflated, in base64. */
  readonly data: string;
  readonly text: string;
  readonly start: string;
  readonly stored: { readonly bytes: number; readonly data: string };
}

/** Is shown a capsule's lines in file order, the header first. `text` is the line as it is in the file, `place` its position. */
export interface CapsuleVisitor {
  header?(header: Header, text: string, place: LineRange): void;
  blob?(blob: StoredBlob, text: string, place: LineRange): void;
  withheld?(line: WithheldLine, text: string): void;
  event?(line: EventLine, text: string, place: LineRange): void;
  seal?(seal: Seal, text: string): void;
}

/** A blob that inflates to more than this is refused: no valid prompt, answer or file is that large. */
const MAX_BLOB_BYTES = 64_000_000;

/** The totals of a scan. */
export interface Scanned {
  readonly sealed: boolean;
  /** An unsealed journal's last line was torn and is dropped. */
  readonly torn: boolean;
}

/** Takes lines one by one; which one is last is known only at the end. Throws a CapsuleFault. */
export class CapsuleScan {
  private readonly path: string;
  private readonly visitor: CapsuleVisitor;
  private held: { readonly text: string; readonly place: LineRange } | null = null;
  private number = 0;
  private begun = false;
  private sealed = false;
  private torn = false;
  /** In a sealed capsule, texts come first, sorted by hash; in a journal, they are where they first occurred. */
  private laidOut = true;
  private lastText = "";
  private eventsBegun = false;

  constructor(path: string, visitor: CapsuleVisitor) {
    this.path = path;
    this.visitor = visitor;
  }

  take(text: string, place: LineRange): void {
    if (this.held !== null) this.read(this.held.text, this.held.place);
    this.held = { text, place };
  }

  /** So many lines, after those that were taken, are read elsewhere. */
  pass(lines: number): void {
    if (this.held !== null) this.read(this.held.text, this.held.place);
    this.held = null;
    this.number += lines;
  }

  end(): Scanned {
    if (this.held !== null) this.readLast(this.held.text, this.held.place);
    if (!this.begun) throw this.fault("no-header", "it has no header");
    return { sealed: this.sealed, torn: this.torn };
  }

  /** The last line of a journal may be damaged: a crash came while it was written. */
  private readLast(text: string, place: LineRange): void {
    try {
      this.read(text, place);
    } catch (error) {
      if (!this.begun || this.sealed || !(error instanceof CapsuleFault)) throw error;
      this.torn = true;
    }
  }

  private read(text: string, place: LineRange): void {
    this.number += 1;
    if (this.sealed) throw this.fault("after-seal", "something follows the seal");
    const parsed = parseLine(text);
    if (!parsed.ok) throw this.fault(parsed.fault, parsed.detail, parsed.hint);
    const { line } = parsed;
    if ((line.kind === "header") !== (this.number === 1)) throw this.fault("no-header", "the header is the first line and no other");
    this.show(line, text, place);
  }

  private show(line: CapsuleLine, text: string, place: LineRange): void {
    switch (line.kind) {
      case "header":
        this.begun = true;
        return this.visitor.header?.(line, text, place);
      case "event":
        this.eventsBegun = true;
        return this.visitor.event?.(line, text, place);
      case "blob":
        return this.showBlob(line, text, place);
      case "withheld":
        this.lay(line.sha256);
        return this.visitor.withheld?.(line, text);
      case "seal":
        if (!this.laidOut) throw this.fault("text-order", "a sealed capsule has its texts first, each once, by hash");
        this.sealed = true;
        return this.visitor.seal?.(line, text);
    }
  }

  private showBlob({ sha256: hash, data }: BlobLine, text: string, place: LineRange): void {
    const bytes = Buffer.from(data, "base64");
    if (bytes.toString("base64") !== data) throw this.fault("text-encoding", "a text that is not in canonical base64");
    const content = this.inflate(bytes);
    if (sha256(content) !== hash) throw this.fault("text-hash", "a text whose content has a different hash");
    this.lay(hash);
    const start = content.subarray(0, SNAPSHOT_START.length).toString("latin1");
    this.visitor.blob?.(storedBlob(hash, { bytes: content.length, data }, start), text, place);
  }

  private lay(hash: Sha256): void {
    this.laidOut &&= hash > this.lastText && !this.eventsBegun;
    this.lastText = hash;
  }

  private inflate(bytes: Buffer): Buffer {
    try {
      const { buffer, engine } = inflateWhole(bytes);
      // What follows the end of a stream is passed over by zlib, and is in no hash.
      if (engine.bytesWritten === bytes.length) return buffer;
    } catch (error) {
      const isLarge = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
      throw this.fault("text-encoding", isLarge ? `a text of more than ${MAX_BLOB_BYTES} bytes` : "a text that can't be inflated");
    }
    throw this.fault("text-encoding", "something follows a text inside its line");
  }

  private fault(name: ReadingFault, detail: string, hint?: string): CapsuleFault {
    return new CapsuleFault(name, detail, { path: this.path, line: this.number, ...(hint === undefined ? {} : { hint }) });
  }
}

/** With `info`, Node gives the engine too, which knows how much of the input it took. */
const inflateWhole = (bytes: Buffer) =>
  inflateSync(bytes, { maxOutputLength: MAX_BLOB_BYTES, info: true }) as unknown as {
    readonly buffer: Buffer;
    readonly engine: { readonly bytesWritten: number };
  };

function storedBlob(hash: Sha256, stored: StoredBlob["stored"], start: string): StoredBlob {
  const { data } = stored;
  return {
    sha256: hash,
    data,
    start,
    stored,
    get text() {
      return inflatedText(data);
    },
  };
}

/** The text of a blob's data, after a scan has checked it. */
export const inflatedText = (data: string): string => inflateSync(Buffer.from(data, "base64")).toString("utf8");
