// What a provider of models needs to know of its server.
import type { ApiName, DialectName } from "../../core/policy/candidate/dialect.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ServedModel } from "./dialects/dialect.ts";
import type { Send } from "./transport.ts";

export interface ProviderLimits {
  /** A longer answer is a failure. */
  readonly maxAnswerChars: number;
  /** Until the connection is established. */
  readonly connectMs: number;
  /** Until the first text. Not for OpenAI, whose models reason without streaming: only the total counts there. */
  readonly firstTokenMs: number;
  /** Longest gap between two chunks; for OpenAI from the first text on. */
  readonly idleMs: number;
}

export interface OpenAiCompatibleOptions {
  readonly name: string;
  readonly kind: DialectName;
  readonly api: ApiName;
  /** Base URL that `/chat/completions` is appended to: it usually ends in `/v1`. */
  readonly endpoint: string;
  readonly apiKey: string | null;
  /** PEM text of a CA that is trusted beside the usual ones. */
  readonly ca?: string | null;
  /** Policy name → how the server serves it. */
  readonly models: Readonly<Record<string, ServedModel>>;
  readonly clock: Clock;
  readonly limits: ProviderLimits;
  /** Replaces the network in tests. */
  readonly send?: Send;
}
