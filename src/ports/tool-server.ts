// Tools that an assistant in an editor may call: what they are, and who serves them.

export interface ToolAnswer {
  /** For the assistant to read. */
  readonly text: string;
  /** The same as data; null where the text is all. */
  readonly data: object | null;
  /** The call came to nothing: the text says why, and what to do. */
  readonly isError: boolean;
}

export interface AssistantTool {
  readonly name: string;
  readonly does: string;
  /** JSON Schema of its arguments. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Never throws but for a bug. */
  call(given: unknown): Promise<ToolAnswer>;
}

/** How the tools are introduced. */
export interface ToolOffer {
  readonly name: string;
  readonly version: string;
  /** When to use which. */
  readonly instructions: string;
  readonly tools: readonly AssistantTool[];
}

/** Serves until the other side closes, or the signal aborts. Throws `environment` where what it takes is not installed. */
export type ServeTools = (offer: ToolOffer, signal: AbortSignal) => Promise<void>;
