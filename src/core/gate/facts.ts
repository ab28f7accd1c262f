// What a gate looks at: the trials of each candidate, reduced to what criteria count and measure.
import type { TrialRecord } from "../capsule/record.ts";
import { attemptTime, modelMs, workingMs } from "../metrics/summary/attempt-time.ts";
import { inForm, isTimed, isUnavailable, timedOut, type TrialFacts } from "../metrics/summary/trial.ts";

/** What was measured of one attempt. Milliseconds; null: not measured. */
export interface Measured {
  /** The model's part, where it came to an end: an answer, whole or truncated, or a limit that it ran into. */
  readonly modelMs: number | null;
  /** The model's part, waits between tries, and the verification. */
  readonly attemptMs: number | null;
  readonly ttftMs: number | null;
  /** Tokens after the first, by the time they took; 0 where a limit came first. */
  readonly tokensPerSecond: number | null;
  /** Did every answer satisfy its schema? Null where nothing was checked. */
  readonly json: boolean | null;
}

/** One attempt of a candidate's own slot. */
export interface GateAttempt extends Measured {
  /** Did the tree compile? Null where our own side failed before it could be seen. */
  readonly compiled: boolean | null;
  /** The same by the first statistics: what decisions of format 1 were made by. */
  readonly first: Measured;
}

/** Why a trial does not count. `without-slot`: the policy did not let the slot try, or it was tried outside the policy. */
export type Loss = "infrastructure" | "unfinished" | "unasked";

/** One trial of a low-risk task, as the slot fared. */
export interface GateTrial {
  readonly task: string;
  readonly family: string;
  readonly standing: "counted" | "without-slot" | Loss;
  readonly passed: boolean;
  /** Every call failed at the server, so that no answer ever came. */
  readonly serverFailed: boolean;
  readonly attempts: readonly GateAttempt[];
  readonly costUsd: number | null;
  /** The event that decided: the last verdict of the slot, or that its server was out of service. */
  readonly uri: string | null;
}

/** What became of one task in the slot, over all its epochs. */
export interface TaskOutcome {
  readonly passes: number;
  /** Those that count. */
  readonly trials: number;
  readonly uris: readonly string[];
  readonly family: string;
  /** Those that were planned, lost ones included. */
  readonly planned: number;
}

export interface CandidateFacts {
  readonly name: string;
  /** Low-risk tasks with a trial that counts. */
  readonly tasks: ReadonlyMap<string, TaskOutcome>;
  /** Low-risk tasks of which every trial was lost: nothing is known of them, which is not the same as nothing. */
  readonly lostTasks: ReadonlyMap<string, { readonly family: string }>;
  /** Low-risk trials that were planned for the slot, and those of them that do not count. */
  readonly trials: { readonly planned: number } & Readonly<Record<Loss, number>>;
  readonly attempts: readonly (GateAttempt & { readonly task: string; readonly family: string })[];
  /** US dollars of the slot's calls; null where a part of it is unknown. */
  readonly costUsd: number | null;
}

/** What is measured of an attempt in numbers. */
export type Measure = Exclude<keyof Measured, "json">;

/** Which trials count for and against a candidate. */
export type Counting = (trial: Pick<GateTrial, "standing" | "serverFailed">) => boolean;

interface Tally {
  passes: number;
  trials: number;
  uris: string[];
  family: string;
  planned: number;
}

/** A candidate's facts, in one pass over its trials. */
export function candidateFacts(name: string, trials: readonly GateTrial[], counts: Counting): CandidateFacts {
  const tallies = new Map<string, Tally>();
  const attempts: CandidateFacts["attempts"][number][] = [];
  const lost = { planned: 0, infrastructure: 0, unfinished: 0, unasked: 0 };
  let costUsd: number | null = 0;
  for (const trial of trials) {
    const { task, family, standing } = trial;
    costUsd = costUsd === null || trial.costUsd === null ? null : costUsd + trial.costUsd;
    if (standing === "without-slot") continue;
    const own = tallies.get(task) ?? { passes: 0, trials: 0, uris: [], family, planned: 0 };
    tallies.set(task, own);
    own.planned += 1;
    lost.planned += 1;
    if (standing !== "counted") lost[standing] += 1;
    if (!counts(trial)) continue;
    own.trials += 1;
    if (trial.passed) own.passes += 1;
    if (trial.uri !== null) own.uris.push(trial.uri);
    for (const attempt of trial.attempts) attempts.push({ task, family, ...attempt });
  }
  const tasks = new Map([...tallies].filter(([, tally]) => tally.trials > 0));
  const lostTasks = new Map([...tallies].flatMap(([task, tally]) => (tally.trials > 0 ? [] : [[task, { family: tally.family }] as const])));
  return { name, tasks, lostTasks, trials: lost, attempts, costUsd };
}

/** A candidate of whom nothing is known. */
export const noFacts = (name: string): CandidateFacts => candidateFacts(name, [], () => false);

/** A low-risk trial as the slot fared in it. `facts`: with the times of the trees that the run's attempts share. */
export function gateTrial(facts: TrialFacts, family: string, uri: string | null): GateTrial {
  return {
    task: facts.task.id,
    family,
    standing: standingOf(facts),
    passed: facts.passedInSlot,
    serverFailed: facts.serverFailed,
    attempts: facts.slot.map(attemptFacts),
    costUsd: facts.slotCostUsd,
    uri,
  };
}

/** A planned trial that was not even begun. */
export const unbegun = (task: string, family: string): GateTrial => ({
  task,
  family,
  standing: "unfinished",
  passed: false,
  serverFailed: false,
  attempts: [],
  costUsd: 0,
  uri: null,
});

function standingOf({ standing, slot, outsidePolicy }: TrialFacts): GateTrial["standing"] {
  return standing === "counted" && (slot.length === 0 || outsidePolicy) ? "without-slot" : standing;
}

/** The event that decided a trial of the slot. */
export function decidedBy({ slot }: TrialFacts, { events }: Pick<TrialRecord, "events">): string | null {
  if (slot.length === 0) return events.find(isUnavailable)?.uri ?? null;
  return events.filter(({ payload }) => payload.type === "ToolResult")[slot.length - 1]?.uri ?? null;
}

type SlotAttempt = TrialFacts["slot"][number];

function attemptFacts(attempt: SlotAttempt): GateAttempt {
  const { call, earlier, result } = attempt;
  const time = attemptTime(attempt);
  const checked = [...earlier, call].flatMap((tried) => inForm(tried) ?? []);
  return {
    modelMs: isTimed(call) ? modelMs(attempt) : null,
    attemptMs: time === null ? null : workingMs(time),
    // A first token that a limit came before took at least as long as the call.
    ttftMs: isTimed(call) ? (call.ttft_ms ?? (timedOut(call) ? call.latency_ms : null)) : null,
    tokensPerSecond: timedOut(call) ? 0 : decodingRate(call),
    json: checked.length === 0 ? null : checked.every(Boolean),
    compiled: compiledBy(result.verdict),
    first: firstMeasured(attempt),
  };
}

function decodingRate({ success, failure, ttft_ms: ttftMs, latency_ms: latencyMs, response_tokens: tokens }: SlotAttempt["call"]): number | null {
  const decodeMs = ttftMs === null ? 0 : latencyMs - ttftMs;
  const answered = success || failure === "truncated";
  return answered && tokens !== null && tokens > 1 && decodeMs > 0 ? ((tokens - 1) * 1000) / decodeMs : null;
}

/** By the first statistics the last call alone was timed, a failed one was not, and an answer that was cut off was not checked. */
function firstMeasured({ earlier, call, verification }: SlotAttempt): Measured {
  const { ttft_ms: ttftMs, latency_ms: latencyMs, success } = call;
  return {
    modelMs: success ? latencyMs : null,
    attemptMs: verification === null ? null : latencyMs + verification.loopMs,
    ttftMs: success ? ttftMs : null,
    tokensPerSecond: success ? decodingRate(call) : null,
    json: earlier.some(({ json_compliant: compliant }) => compliant === false) ? false : call.json_compliant,
  };
}

function compiledBy({ status, detail }: SlotAttempt["result"]["verdict"]): boolean | null {
  if (status === "infrastructure") return null;
  if (status === "timeout") return detail.startsWith("testing");
  return status !== "compile-error" && status !== "patch-rejected";
}
