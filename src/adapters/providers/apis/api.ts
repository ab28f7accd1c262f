// What one of OpenAI's two APIs is: how a request is written, and how its stream is read.
import type { OutputForm } from "../../../core/policy/candidate/shape.ts";
import type { SentRequest } from "../../../ports/models.ts";
import type { Dialect, ServedModel } from "../dialects/dialect.ts";
import type { ReadFrame } from "../stream/stream.ts";

export interface Asking {
  readonly dialect: Dialect;
  readonly served: ServedModel;
  readonly request: SentRequest;
  /** How the answer is held to the request's schema, if it has one. */
  readonly form: OutputForm;
}

export interface Api {
  /** Behind the endpoint. */
  readonly path: string;
  readonly body: (asking: Asking) => object;
  readonly hear: ReadFrame;
}

export function strictSchema({ name, schema }: NonNullable<SentRequest["schema"]>) {
  return { name, schema: { ...schema }, strict: true };
}
