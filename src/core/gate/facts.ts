// What a gate looks at: the trials of each candidate, reduced to what criteria count and measure.
import type { TrialRecord } from "../capsule/record.ts";
import type { EventOf } from "../trial/event.ts";
import { countsForSlot } from "../metrics/summary/rate.ts";
import { isUnavailable, type TrialFacts } from "../metrics/summary/trial.ts";

/** One attempt of a candidate's own slot. Milliseconds; null: not measured. */
export interface GateAttempt {
  /** The model call alone, if it succeeded. */
  readonly modelMs: number | null;
  /** The call and the verification. */
  readonly attemptMs: number | null;
  /** Where the verdict was known from the same tree: which tree that is, and how long the call took. */
  readonly knownTree: { readonly key: string; readonly callMs: number } | null;
  readonly ttftMs: number | null;
  /** Tokens after the first, by the time they took. */
  readonly tokensPerSecond: number | null;
  /** Did the answer satisfy its schema? Null where nothing was checked. */
  readonly json: boolean | null;
  /** Did the tree compile? Null where our own side failed before it could be seen. */
  readonly compiled: boolean | null;
}

/** One trial of a low-risk task, as the slot fared. */
export interface GateTrial {
  readonly task: string;
  readonly standing: "counted" | "infrastructure" | "unfinished" | "without-slot";
  readonly passed: boolean;
  readonly attempts: readonly GateAttempt[];
  readonly costUsd: number | null;
  /** The event that decided: the last verdict of the slot, or that its server was out of service. */
  readonly uri: string | null;
}

/** What became of one task in the slot, over all its epochs. */
export interface TaskOutcome {
  readonly passes: number;
  readonly trials: number;
  readonly uris: readonly string[];
}

export interface CandidateFacts {
  readonly name: string;
  /** Low-risk tasks with a trial that counts. */
  readonly tasks: ReadonlyMap<string, TaskOutcome>;
  readonly attempts: readonly (GateAttempt & { readonly task: string })[];
  /** US dollars of the slot's calls; null where a part of it is unknown. */
  readonly costUsd: number | null;
}

/** What is measured of an attempt. */
export type Measure = "modelMs" | "attemptMs" | "ttftMs" | "tokensPerSecond";

/** What was measured of a candidate's attempts. */
export const samplesOf = ({ attempts }: CandidateFacts, measure: Measure): readonly number[] => attempts.flatMap((attempt) => attempt[measure] ?? []);

/** A candidate's facts, in one pass over its trials. */
export function candidateFacts(name: string, trials: readonly GateTrial[]): CandidateFacts {
  const tasks = new Map<string, { passes: number; trials: number; uris: string[] }>();
  const attempts: (GateAttempt & { task: string })[] = [];
  let costUsd: number | null = 0;
  for (const trial of trials) {
    costUsd = costUsd === null || trial.costUsd === null ? null : costUsd + trial.costUsd;
    if (trial.standing !== "counted") continue;
    const own = tasks.get(trial.task) ?? { passes: 0, trials: 0, uris: [] };
    tasks.set(trial.task, own);
    own.trials += 1;
    if (trial.passed) own.passes += 1;
    if (trial.uri !== null) own.uris.push(trial.uri);
    for (const attempt of trial.attempts) attempts.push({ task: trial.task, ...attempt });
  }
  return { name, tasks, attempts, costUsd };
}

/** A low-risk trial as the slot fared in it. */
export function gateTrial(facts: TrialFacts, trial: TrialRecord): GateTrial {
  return {
    task: facts.task.id,
    standing: facts.standing === "counted" && !countsForSlot(facts) ? "without-slot" : facts.standing,
    passed: facts.passedInSlot,
    attempts: facts.slot.map((attempt) => attemptFacts(attempt, trial)),
    costUsd: facts.slotCostUsd,
    uri: decidedBy(facts, trial),
  };
}

function decidedBy({ slot }: TrialFacts, { events }: TrialRecord): string | null {
  if (slot.length === 0) return events.find(isUnavailable)?.uri ?? null;
  return events.filter(({ payload }) => payload.type === "ToolResult")[slot.length - 1]?.uri ?? null;
}

function attemptFacts({ earlier, call, result }: TrialFacts["slot"][number], trial: TrialRecord): GateAttempt {
  const { ttft_ms: ttftMs, latency_ms: latencyMs, response_tokens: tokens } = call;
  const decodeMs = ttftMs === null ? 0 : latencyMs - ttftMs;
  const key = result.reused ? treeKey(trial, result) : null;
  const measurable = call.success && tokens !== null && tokens > 1 && decodeMs > 0;
  return {
    modelMs: call.success ? latencyMs : null,
    attemptMs: result.reused ? null : latencyMs + result.duration_ms,
    knownTree: key === null ? null : { key, callMs: latencyMs },
    ttftMs: call.success ? ttftMs : null,
    tokensPerSecond: measurable ? ((tokens - 1) * 1000) / decodeMs : null,
    // An answer that was asked for once more was out of form, whatever came then.
    json: earlier.some(({ json_compliant: compliant }) => compliant === false) ? false : call.json_compliant,
    compiled: compiledBy(result.verdict),
  };
}

function compiledBy({ status, detail }: TrialFacts["slot"][number]["result"]["verdict"]): boolean | null {
  if (status === "infrastructure") return null;
  if (status === "timeout") return detail.startsWith("testing");
  return status !== "compile-error" && status !== "patch-rejected";
}

/** Task, epoch and tree; null where the attempt never came to a tree. */
export function treeKey({ task, epoch, events }: TrialRecord, { call_id: id }: Pick<EventOf<"ToolResult">, "call_id">): string | null {
  const call = events.find(({ payload }) => payload.type === "ToolCall" && payload.call_id === id)?.payload;
  return call?.type === "ToolCall" ? `${task.id}/${epoch} ${call.tree_hash}` : null;
}
