// Splits the bytes of a capsule into lines of bounded length: only "\n" ends a line; U+2028 does not.
import { isUtf8 } from "node:buffer";
import { readSync } from "node:fs";
import { CapsuleFault } from "../../core/capsule/fault.ts";

/** No valid line is longer: the largest text, incompressible, in base64, with room to spare. */
export const MAX_LINE_BYTES = 96_000_000;

/** A line's byte range in its file, without the newline. */
export interface LineRange {
  readonly offset: number;
  readonly bytes: number;
}

/** Takes bytes in chunks and yields whole lines. Holds at most one incomplete line. */
export class LineSplitter {
  private readonly path: string;
  private held: Buffer[] = [];
  private heldBytes = 0;
  private ended = 0;
  /** Bytes seen so far, and where the current line began. */
  private seen = 0;
  private began = 0;
  private last: LineRange = { offset: 0, bytes: 0 };

  constructor(path: string) {
    this.path = path;
  }

  /** Lines that end in these bytes, without newlines. The buffer may be reused once the next chunk is requested. */
  *take(bytes: Buffer): Generator<string> {
    let from = 0;
    const before = this.seen;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
      this.hold(bytes.subarray(from, end));
      from = end + 1;
      this.last = { offset: this.began, bytes: this.heldBytes };
      this.began = before + from;
      yield this.release();
    }
    this.seen = before + bytes.length;
    // A copy: the caller reuses the buffer.
    if (from < bytes.length) this.hold(Buffer.from(bytes.subarray(from)));
  }

  /** The byte range of the last returned line, without the newline. */
  get place(): LineRange {
    return this.last;
  }

  /** Is there anything after the last newline? */
  get isTorn(): boolean {
    return this.heldBytes > 0;
  }

  private hold(part: Buffer): void {
    this.heldBytes += part.length;
    if (this.heldBytes > MAX_LINE_BYTES) throw this.fault("line-too-long", `a line of more than ${MAX_LINE_BYTES} bytes`);
    this.held.push(part);
  }

  private release(): string {
    const line = this.held.length === 1 ? (this.held[0] ?? Buffer.alloc(0)) : Buffer.concat(this.held);
    this.held = [];
    this.heldBytes = 0;
    this.ended += 1;
    if (!isUtf8(line)) throw this.fault("not-text", "the line is not UTF-8 text", this.ended);
    return line.toString("utf8");
  }

  private fault(name: "line-too-long" | "not-text", detail: string, line = this.ended + 1): CapsuleFault {
    return new CapsuleFault(name, detail, { path: this.path, line });
  }
}

/** The text at this place of an open file; shorter where the file ends before. */
export function textAt(file: number, { offset, bytes }: LineRange): string {
  const buffer = Buffer.allocUnsafe(bytes);
  let got = 0;
  while (got < bytes) {
    const read = readSync(file, buffer, got, bytes - got, offset + got);
    if (read === 0) break;
    got += read;
  }
  return buffer.toString("utf8", 0, got);
}
