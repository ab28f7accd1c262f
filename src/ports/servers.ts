// What is asked of model servers besides answers, and what times them.
import type { DelayLook } from "../core/metrics/latency/own-delay.ts";

/** A server's own counters since it started. */
export interface CacheCounters {
  readonly cachedTokens: number;
  readonly promptTokens: number;
}

/** What may be asked of a server besides answers. Neither throws but for an abort. */
export interface ServerControl {
  /** Empties the prefix cache; false where the server does not do that. */
  flush(signal: AbortSignal): Promise<boolean>;
  /** Null where the server keeps none. */
  cacheCounters(signal: AbortSignal): Promise<CacheCounters | null>;
}

/** Measures how late this process is. `start` gives the function that stops and tells: one a look, on the clock that calls are timed by. */
export interface DelayMeter {
  start(): () => readonly DelayLook[];
}

/** Runs every arm once a round, and starts each round with another arm. An arm gives the milliseconds that it took. */
export interface RoundTimer {
  interleave(rounds: number, arms: readonly { readonly name: string; readonly run: (round: number) => Promise<number> }[]): Promise<void>;
}

/** Does a server serve a model now? */
export type Readiness =
  /** `contextTokens`: of prompt and answer together, as its model list has it; null where it does not say. */
  | { readonly ready: true; readonly latencyMs: number; readonly contextTokens: number | null }
  /** `taken`: a server answers at that address, and serves other models. */
  | { readonly ready: false; readonly reason: string; readonly taken: boolean };

/** Facts of a server, none of them secret. */
export type ServerFacts = Readonly<Record<string, string | number | boolean | null>>;

/** Says what a server has loaded. Never throws: one that can't be asked says why. */
export interface ServerInspector {
  /** Names of the facts that people look for first. */
  readonly headline: readonly string[];
  inspect(signal: AbortSignal): Promise<{ readonly ok: true; readonly facts: ServerFacts } | { readonly ok: false; readonly detail: string }>;
}

/** A model server as a process of ours. */
export interface ServerProcess {
  /** Says how it ended; never rejects. */
  readonly ended: Promise<string>;
  /** Asks it to end, then makes it. */
  stop(): Promise<void>;
}

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface ServerJob {
  readonly command: readonly [string, ...string[]];
  /** The folder that it starts in; null: this process's own. */
  readonly folder: string | null;
  /** All that the process sees. */
  readonly env: Environment;
  /** Called with each line of its log. */
  readonly onLine: (line: string) => void;
}
