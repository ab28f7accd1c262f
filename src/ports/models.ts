// What a run asks of models: interfaces only; adapters implement them.
import type { OutputForm } from "../core/policy/candidate/shape.ts";
import type { FAILURES } from "../core/policy/schema.ts";
import type { Task } from "../core/suite/suite.ts";
import type { Changes, Tree } from "../core/text/edit.ts";
import type { Diagnostic, Verdict } from "../core/verdict/verdict.ts";

export interface Message {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** The same facts that the messages tell, as data: what embedded candidates and stand-ins go by. */
export interface Material {
  readonly task: Task;
  /** The broken tree. */
  readonly tree: Tree;
  /** What the compiler said about the tree that `lastChanges` leaves (or about the broken tree). Visible parts only. */
  readonly diagnostics: readonly Diagnostic[];
  /** Files as the last attempt's patch left them, if one was applied. */
  readonly lastChanges: Changes | null;
  /** The last attempt's verdict: for the Judge and its stand-in. */
  readonly verdict: Verdict | null;
}

/** What a server is sent for a call. */
export interface SentRequest {
  readonly purpose: "plan" | "patch" | "critique" | "judge";
  /** The policy's name for the model. */
  readonly model: string;
  readonly messages: readonly Message[];
  /** JSON Schema that the answer must satisfy, with a name for it; null: free text. */
  readonly schema: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> } | null;
  readonly timeoutMs: number;
  /** Which draw of the same question it is: of its epoch, attempt and try. Nothing that is sent. */
  readonly draw?: string;
}

export interface ModelRequest extends SentRequest {
  readonly material: Material;
}

export interface Usage {
  readonly promptTokens: number | null;
  readonly responseTokens: number | null;
  readonly cachedTokens: number | null;
  readonly reasoningTokens: number | null;
}

/**
 * Milliseconds from when the request is sent; what came before it is in `queueMs`. `ttftMs`: first chunk with content or
 * reasoning text; `firstOutputMs`: first with content; `totalMs`: until the last line, usage and [DONE] included.
 */
export interface CallTimes {
  readonly queueMs: number;
  readonly ttftMs: number | null;
  readonly firstOutputMs: number | null;
  readonly totalMs: number;
  /** Between one chunk with text and the next: the inter-token latencies as a client sees them. Empty where nothing streams. */
  readonly gapsMs: readonly number[];
}

/** The policy has a retry rule for each. */
export type ModelFailure = (typeof FAILURES)[number];

export type ModelReply = {
  readonly resolvedModel: string;
  /** The model that the answer itself names; null where it names none. Servers echo the request: it proves nothing. */
  readonly servedModel: string | null;
  readonly effort: string | null;
  readonly times: CallTimes;
  readonly usage: Usage;
  /** What the model thought before it answered, as far as the server tells; null or absent: nothing. */
  readonly reasoning?: string | null;
  /** How the answer was held to its schema, where not by a JSON schema. */
  readonly outputForm?: OutputForm;
  /** The request went out twice: the connection that it was to use had been closed by the server. */
  readonly reconnected?: boolean;
  /** Nobody was asked: it is the answer to the same request of an earlier call, and took no time. */
  readonly reused?: boolean;
} & (
  | { readonly outcome: "answered"; readonly text: string }
  | {
      readonly outcome: "failed";
      readonly failure: ModelFailure;
      readonly detail: string;
      /** What the server asked to wait before the next try, if it did. */
      readonly retryAfterMs?: number | null;
      /** The server can't hold an answer to the form that was asked for: the next call asks for another. */
      readonly formRefused?: boolean;
    }
);

/** Serves models. An answer, right or wrong, and a failure are both data; only an abort throws. */
export interface ModelProvider {
  readonly name: string;
  call(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>;
  /** All that a call for this request would send now, and where to, without keys; null where it would send nothing. Absent: it never sends. */
  sends?(request: ModelRequest): object | null;
  /** Opens so many connections that are kept alive, so that no timed call pays for one. Never throws but for an abort. */
  connect?(count: number, signal: AbortSignal): Promise<void>;
}

/** Serves models behind a network: it goes by nothing but what it sends, so that a call can be made where its trial is not. */
export interface NetworkProvider extends ModelProvider {
  call(request: SentRequest, signal: AbortSignal): Promise<ModelReply>;
  sends?(request: SentRequest): object | null;
}
