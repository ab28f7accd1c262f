// Cuts the bytes of a capsule into its lines, with a bound on each: only "\n" ends a line, and U+2028 may stand in one.
import { isUtf8 } from "node:buffer";
import { CapsuleFault } from "../../core/capsule/fault.ts";

/** No line of ours is longer: a text of the largest size that can't be deflated, in base64, with room to spare. */
export const MAX_LINE_BYTES = 96_000_000;

/** Where a line stands in its file, in bytes, without its line end. */
export interface LinePlace {
  readonly offset: number;
  readonly bytes: number;
}

/** Takes bytes piece by piece and gives whole lines. Holds at most one line that is not ended yet. */
export class LineCutter {
  private readonly path: string;
  private held: Buffer[] = [];
  private heldBytes = 0;
  private ended = 0;
  /** Bytes seen so far, and where the line under way began. */
  private seen = 0;
  private began = 0;
  private last: LinePlace = { offset: 0, bytes: 0 };

  constructor(path: string) {
    this.path = path;
  }

  /** Lines that end in these bytes, without their line ends. The bytes may be used again once the next piece is asked for. */
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
    // A copy: the caller's buffer is filled anew.
    if (from < bytes.length) this.hold(Buffer.from(bytes.subarray(from)));
  }

  /** Where the line that was given last stands in the file, without its line end. */
  get place(): LinePlace {
    return this.last;
  }

  /** Is there something after the last line end? */
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
