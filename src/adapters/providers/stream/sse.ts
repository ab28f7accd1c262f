// A strict parser of server-sent events: the data of each frame, from bounded UTF-8 input.

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

/**
 * The data of each frame, in order. A frame cut off by the stream's end is dropped. Throws `BrokenStreamError`. Source: WHATWG HTML, § 9.2.6.
 */
export async function* readSse(body: AsyncIterable<Uint8Array>, limits: SseLimits): AsyncGenerator<string, void, undefined> {
  const frames = new Frames(limits);
  for await (const bytes of body) yield* frames.feed(bytes);
  frames.end();
}

class Frames {
  private readonly decoder = new TextDecoder("utf-8", { fatal: true });
  private readonly limits: SseLimits;
  private total = 0;
  /** Bytes since the last frame's end, an upper estimate. */
  private pending = 0;
  private rest = "";
  private data: string[] = [];

  constructor(limits: SseLimits) {
    this.limits = limits;
  }

  *feed(bytes: Uint8Array): Generator<string, void, undefined> {
    this.total += bytes.length;
    this.pending += bytes.length;
    if (this.total > this.limits.maxBytes) throw new BrokenStreamError(`the stream sends more than ${this.limits.maxBytes} bytes`);
    // Newlines are searched for in the new part only: a line that arrives byte by byte costs no more than a whole one.
    const fresh = this.decode(bytes);
    let from = 0;
    for (let at = fresh.indexOf("\n"); at >= 0; at = fresh.indexOf("\n", from)) {
      const line = this.rest + fresh.slice(from, at);
      this.rest = "";
      from = at + 1;
      const frame = this.line(line.endsWith("\r") ? line.slice(0, -1) : line);
      if (frame !== null) yield frame;
    }
    this.rest += fresh.slice(from);
    if (this.pending > this.limits.maxFrameBytes) throw new BrokenStreamError(`the stream sends more than ${this.limits.maxFrameBytes} bytes in one piece`);
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

  /** Consumes a line; returns a frame's data if the line ends one. */
  private line(text: string): string | null {
    if (text === "") {
      const frame = this.data.length === 0 ? null : this.data.join("\n");
      this.data = [];
      this.pending = this.rest.length;
      return frame;
    }
    if (text.startsWith("data:")) this.data.push(text.slice(text.startsWith("data: ") ? 6 : 5));
    return null;
  }
}
