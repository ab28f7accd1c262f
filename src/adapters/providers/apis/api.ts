// What one of OpenAI's two APIs is: how a request is sent, and how its stream is read.
import type OpenAI from "openai";
import type { ModelRequest } from "../../../ports/models.ts";
import type { Dialect, ServedModel } from "../dialects/dialect.ts";
import type { ReadFrame } from "../stream/stream.ts";

export interface Sending {
  readonly dialect: Dialect;
  readonly served: ServedModel;
  readonly request: ModelRequest;
  readonly signal: AbortSignal;
  /** Milliseconds until the headers arrive. */
  readonly timeout: number;
}

export interface Api {
  /** The raw response: the SDK's own stream reader takes a truncated stream for a complete one, and an HTML page for an answer. */
  readonly send: (client: OpenAI, sending: Sending) => Promise<Response>;
  readonly hear: ReadFrame;
}

export function strictSchema({ name, schema }: NonNullable<ModelRequest["schema"]>) {
  return { name, schema: { ...schema }, strict: true };
}
