// One scripted answer of a server, and what it must be taken for.
import type { ApiName, DialectName } from "../../../src/core/policy/candidate/dialect.ts";
import type { ModelFailure, Usage } from "../../../src/ports/models.ts";
import { chunk } from "../rehearsal-scenes.ts";

export interface WireCase {
  readonly name: string;
  readonly kind?: DialectName;
  readonly api?: ApiName;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly is: ModelFailure | "answered";
  /** Of an answer; absent: `fine`. */
  readonly text?: string;
  readonly reasoning?: string | null;
  readonly usage?: Partial<Usage>;
  /** What a failure's detail holds. */
  readonly says?: string;
  readonly retryAfterMs?: number;
}

/** A body of an error status. */
export const refused = (is: ModelFailure, status: number, name: string, body: unknown): WireCase => ({
  name: `${is} ${status}: ${name}`,
  status,
  headers: { "content-type": "application/json" },
  body: typeof body === "string" ? body : JSON.stringify(body),
  is,
});

export const sse = (...frames: readonly (string | object)[]): string =>
  frames.map((frame) => `data: ${typeof frame === "string" ? frame : JSON.stringify(frame)}\n\n`).join("");

const fine = [chunk({ role: "assistant", content: "" }), chunk({ content: "fi" }), chunk({ content: "ne" })];
/** A whole answer but for its end. */
export const begun = sse(...fine);
export const ended = sse(chunk({}, "stop"), "[DONE]");
export const whole = begun + ended;

/** A stream that answers `fine`, or what the facts say. */
export const streamed = (name: string, body: string, facts: Partial<WireCase> = {}): WireCase => ({ name, body, is: "answered", ...facts });
