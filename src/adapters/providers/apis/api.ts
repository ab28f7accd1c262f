// What one of OpenAI's two interfaces is: how a request is sent over it, and how its stream is heard.
import type OpenAI from "openai";
import type { ModelRequest } from "../../../ports/models.ts";
import type { Dialect, ServedModel } from "../dialects/dialect.ts";
import type { Hear } from "../stream/stream.ts";

export interface Sending {
  readonly dialect: Dialect;
  readonly served: ServedModel;
  readonly request: ModelRequest;
  readonly signal: AbortSignal;
  /** Milliseconds until the headers. */
  readonly timeout: number;
}

export interface Api {
  /** The raw response: the SDK's own reading of a stream takes a cut one for whole, and a page for an answer. */
  readonly send: (client: OpenAI, sending: Sending) => Promise<Response>;
  readonly hear: Hear;
}

export function strictSchema({ name, schema }: NonNullable<ModelRequest["schema"]>) {
  return { name, schema: { ...schema }, strict: true };
}
