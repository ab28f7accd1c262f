// A strict parser of server-sent events: each frame's name and data, from bounded UTF-8 input.

export interface SseLimits {
  /** Maximum bytes per frame. */
  readonly maxFrameBytes: number;
  /** Maximum bytes of the whole stream. */
  readonly maxBytes: number;
}

/** The server sends something that is not an event stream, or more than any answer has. */
export class BrokenStreamError extends Error {
  override readonly name = "BrokenStreamError";
}

export interface SseFrame {
  /** Empty where the frame has no name. */
  readonly event: string;
  readonly data: string;
}

/**
 * The frames, in order. One that is cut off by the stream's end is dropped. Throws `BrokenStreamError`. Source: WHATWG HTML, § 9.2.6.
 */
export async function* readSse(body: AsyncIterable<Uint8Array>, limits: SseLimits): AsyncGenerator<SseFrame, void, undefined> {
  const frames = new Frames(limits);
  for await (const bytes of body) yield* frames.feed(bytes);
  frames.end();
}

/** A line ends with a line feed, a carriage return, or both. */
const LINE_END = /\r\n|\n|\r/g;

class Frames {
  private readonly decoder = new TextDecoder("utf-8", { fatal: true });
  private readonly limits: SseLimits;
  private total = 0;
  /** Bytes since the last frame's end, an upper estimate. */
  private pending = 0;
  private rest = "";
  private data: string[] = [];
  private event = "";
  private afterReturn = false;

  constructor(limits: SseLimits) {
    this.limits = limits;
  }

  *feed(bytes: Uint8Array): Generator<SseFrame, void, undefined> {
    this.total += bytes.length;
    this.pending += bytes.length;
    if (this.total > this.limits.maxBytes) throw new BrokenStreamError(`the stream sends more than ${this.limits.maxBytes} bytes`);
    // Line ends are searched for in the new part only: a line that arrives byte by byte costs no more than a whole one.
    const fresh = this.unsplit(this.decode(bytes));
    let from = 0;
    for (const { index, 0: end } of fresh.matchAll(LINE_END)) {
      const line = this.rest + fresh.slice(from, index);
      this.rest = "";
      from = index + end.length;
      const frame = this.line(line);
      if (frame !== null) yield frame;
    }
    this.rest += fresh.slice(from);
    if (this.pending > this.limits.maxFrameBytes) throw new BrokenStreamError(`the stream sends more than ${this.limits.maxFrameBytes} bytes in one piece`);
  }

  /** A line feed that follows a carriage return in the next piece ends no second line. */
  private unsplit(text: string): string {
    const fresh = this.afterReturn && text.startsWith("\n") ? text.slice(1) : text;
    if (text !== "") this.afterReturn = text.endsWith("\r");
    return fresh;
  }

  /** Throws if the stream ends in the middle of a character. */
  end(): void {
    this.decode();
  }

  private decode(bytes?: Uint8Array): string {
    try {
      return this.decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new BrokenStreamError("the stream is not UTF-8");
    }
  }

  /** Consumes a line; returns a frame if the line ends one. */
  private line(text: string): SseFrame | null {
    if (text === "") {
      const frame = this.data.length === 0 ? null : { event: this.event, data: this.data.join("\n") };
      this.data = [];
      this.event = "";
      this.pending = this.rest.length;
      return frame;
    }
    const colon = text.indexOf(":");
    const value = text.slice(colon + 1).replace(/^ /, "");
    const field = text.slice(0, colon);
    if (field === "data") this.data.push(value);
    if (field === "event") this.event = value;
    // llama.cpp's way to say that something went wrong in the middle.
    if (field === "error") [this.event, this.data] = ["error", [...this.data, value]];
    return null;
  }
}
