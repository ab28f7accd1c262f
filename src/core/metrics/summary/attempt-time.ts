// How long an attempt took, taken apart: the one definition that reports, gates, plots and exports go by.
import type { AttemptFacts, SlotCall, TrialFacts } from "./trial.ts";
import type { VerificationTime } from "./verification-time.ts";

/** Milliseconds. The parts add up to the whole. */
export interface AttemptTime {
  /** Routing, the call and reading its answer, all tries. */
  readonly modelMs: number;
  /** Waited on purpose between tries. */
  readonly backoffMs: number;
  /** Waited for a slot of the server's, and for one of cargo's. */
  readonly queueMs: number;
  /** The verification that the next attempt waits for: apply, check, visible tests. 0 for a patch that was never applied. */
  readonly loopMs: number;
  /** The confirmation by held-out tests, which a real loop has not. */
  readonly confirmMs: number;
}

/**
 * Null where the verdict was known already and its verification is not in the record, and where an answer was used again: such an attempt
 * counts in no time.
 */
export function attemptTime({ call, earlier, verification }: AttemptFacts): AttemptTime | null {
  if (verification === null || isReused({ call, earlier })) return null;
  const tries = [...earlier, call];
  const sum = (part: (tried: SlotCall) => number): number => tries.reduce((total, tried) => total + part(tried), 0);
  return {
    modelMs: triesMs({ call, earlier }),
    backoffMs: sum((tried) => tried.backoff_ms),
    queueMs: sum((tried) => tried.queue_ms) + verification.queueMs,
    loopMs: verification.loopMs,
    confirmMs: verification.confirmMs,
  };
}

type Tries = Pick<AttemptFacts, "call" | "earlier">;

/** Was one of its answers that of an earlier call? */
export const isReused = ({ call, earlier }: Tries): boolean => [...earlier, call].some((tried) => tried.answer_reused);

/** The model's part of an attempt; null where an answer was used again: it took no time that could be told. */
export const modelMs = (tries: Tries): number | null => (isReused(tries) ? null : triesMs(tries));

function triesMs({ call, earlier }: Tries): number {
  return [...earlier, call].reduce((total, tried) => total + tried.route_ms + tried.latency_ms + tried.parse_ms, 0);
}

/** All that passed from the decision to the verdict. */
export const wholeMs = ({ modelMs: model, backoffMs, queueMs, loopMs, confirmMs }: AttemptTime): number => model + backoffMs + queueMs + loopMs + confirmMs;

/** What an attempt takes whoever works with the model: no queue, since nobody else is there, and no confirmation. */
export const workingMs = ({ modelMs: model, backoffMs, loopMs }: AttemptTime): number => model + backoffMs + loopMs;

/** What the verifications of a run's trees took, for the attempts that took their verdicts from them. */
export interface TreeTimes {
  readonly add: (trial: TrialFacts) => void;
  /** The same trial, each attempt timed as far as any attempt of the run verified its tree. */
  readonly fill: (trial: TrialFacts) => TrialFacts;
}

const keyOf = ({ task, epoch }: TrialFacts, tree: string): string => `${task.id}/${epoch} ${tree}`;

/** A tree is verified once an epoch: whose attempt came first is chance, and no reason to leave the others untimed. */
export function openTreeTimes(): TreeTimes {
  const took = new Map<string, VerificationTime>();
  return {
    add: (trial) => {
      for (const { tree, verification } of [...trial.slot, ...trial.cloud])
        if (tree !== null && verification !== null) took.set(keyOf(trial, tree), verification);
    },
    fill: (trial) => {
      const timed = (attempt: AttemptFacts): AttemptFacts =>
        attempt.verification !== null || attempt.tree === null ? attempt : { ...attempt, verification: took.get(keyOf(trial, attempt.tree)) ?? null };
      const open = [...trial.slot, ...trial.cloud].some(({ verification }) => verification === null);
      return open ? { ...trial, slot: trial.slot.map(timed), cloud: trial.cloud.map(timed) } : trial;
    },
  };
}

/** A run's trials, the attempts with known verdicts timed by the verifications that these came from. */
export function withTreeTimes(trials: readonly TrialFacts[]): readonly TrialFacts[] {
  const times = openTreeTimes();
  for (const trial of trials) times.add(trial);
  return trials.map(times.fill);
}
