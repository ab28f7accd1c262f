// Reasoning that a server leaves in the answer's text, between <think> and </think>: told apart while it streams.

const OPEN = "<think>";
const CLOSE = "</think>";

export interface TextPiece {
  readonly content: string;
  readonly reasoning: string;
}

/** Only at the start of an answer: what a model quotes later is its answer. */
export class ThinkingSplitter {
  private state: "start" | "thinking" | "after" | "answer" = "start";
  /** What can't be told yet: a mark may be cut in two. */
  private held = "";

  feed(text: string): TextPiece {
    if (this.state === "answer") return { content: text, reasoning: "" };
    const all = this.held + text;
    this.held = "";
    return this[this.state](all);
  }

  /** What was held back, once nothing follows. */
  end(): TextPiece {
    const { held, state } = this;
    this.held = "";
    return state === "thinking" ? { content: "", reasoning: held } : { content: held, reasoning: "" };
  }

  private start(all: string): TextPiece {
    const trimmed = all.trimStart();
    if (trimmed.startsWith(OPEN)) {
      this.state = "thinking";
      return this.thinking(trimmed.slice(OPEN.length));
    }
    if (OPEN.startsWith(trimmed)) return this.hold(all, { content: "", reasoning: "" });
    this.state = "answer";
    return { content: all, reasoning: "" };
  }

  private thinking(all: string): TextPiece {
    const at = all.indexOf(CLOSE);
    if (at >= 0) {
      this.state = "after";
      const { content } = this.after(all.slice(at + CLOSE.length));
      return { content, reasoning: all.slice(0, at) };
    }
    const cut = all.length - partialEnd(all);
    return this.hold(all.slice(cut), { content: "", reasoning: all.slice(0, cut) });
  }

  /** The blank lines that templates put behind the mark are no part of the answer. */
  private after(all: string): TextPiece {
    const content = all.trimStart();
    if (content !== "") this.state = "answer";
    return { content, reasoning: "" };
  }

  private hold(rest: string, piece: TextPiece): TextPiece {
    this.held = rest;
    return piece;
  }
}

/** How many characters at the end may be the beginning of the closing mark. */
function partialEnd(text: string): number {
  for (let length = Math.min(CLOSE.length - 1, text.length); length > 0; length -= 1) if (CLOSE.startsWith(text.slice(-length))) return length;
  return 0;
}
