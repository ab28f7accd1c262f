// Cuts the bytes of a capsule into its lines, with a bound on each: only "\n" ends a line, and U+2028 may stand in one.
import { isUtf8 } from "node:buffer";
import { CapsuleFault } from "../../core/capsule/fault.ts";

/** No line of ours is longer: a text of the largest size that can't be deflated, in base64, with room to spare. */
export const MAX_LINE_BYTES = 96_000_000;

/** Takes bytes piece by piece and gives whole lines. Holds at most one line that is not ended yet. */
export class LineCutter {
  private readonly path: string;
  private held: Buffer[] = [];
  private heldBytes = 0;
  private ended = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** Lines that end in these bytes, without their line ends. The bytes may be used again once the next piece is asked for. */
  *take(bytes: Buffer): Generator<string> {
    let from = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
      this.hold(bytes.subarray(from, end));
      from = end + 1;
      yield this.release();
    }
    // A copy: the caller's buffer is filled anew.
    if (from < bytes.length) this.hold(Buffer.from(bytes.subarray(from)));
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
