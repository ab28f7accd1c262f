// What simulated gates are drawn from: the tasks' difficulties, losses and errors that runs really yielded, or a stated guess without any.
import type { Random } from "../../base/random.ts";
import { groupBy } from "../../metrics/summary/rate.ts";
import type { GateEvidence } from "../evidence.ts";
import type { CandidateFacts, GateAttempt, TaskOutcome } from "../facts.ts";
import type { GateDesign } from "./design.ts";
import type { WorldMaker } from "./gate-chances.ts";

/** A task as runs found it. */
interface ObservedTask {
  /** The incumbent's chance to pass. */
  readonly rate: number;
  /** How far the candidate's lies from the incumbent's; null where it was not tried. */
  readonly lead: number | null;
  readonly compiler: number;
}

/** What runs yielded, by family, and how often what went wrong. Rates are shares. */
export interface Observed {
  readonly families: readonly (readonly ObservedTask[])[];
  readonly infrastructure: number;
  readonly falseUnlock: number;
  readonly falseBlock: number;
  readonly flake: number;
  /** The candidate's attempts; empty where none was made: then they are taken to be well within every limit. */
  readonly attempts: readonly GateAttempt[];
  /** Where the figures come from, in words. */
  readonly from: string;
}

/** Standard deviation of how differently two models fare in a family, where no run of both tells. */
const LEAD_SPREAD = 0.05;

/** Chances of a wrong judgement and of a trial lost to our own side, where no run tells. */
export const GUESSED = { falseUnlock: 0.01, falseBlock: 0.02, infrastructure: 0.002, flake: 0 } as const;

/** From the evidence of runs: the candidate need not be among their candidates. */
export function observedIn(evidence: GateEvidence, candidate: string, incumbent: string): Observed {
  const [own, other, compiler] = [candidate, incumbent, "rustc-suggestions"].map((name) => evidence.candidates.get(name));
  const tasks = [...(other?.tasks ?? [])].map(([task, outcome]) => ({ family: outcome.family, task: observedTask(task, outcome, own, compiler) }));
  const { falseUnlock, falseBlock } = evidence.statistics.calibration(evidence.planted, evidence.familyOf, 0.95);
  const planned = [...evidence.candidates.values()].reduce((sum, { trials }) => sum + trials.planned, 0);
  const lost = [...evidence.candidates.values()].reduce((sum, { trials }) => sum + trials.infrastructure + trials.unfinished, 0);
  return {
    families: [...groupBy(tasks, ({ family }) => family).values()].map((family) => family.map(({ task }) => task)),
    infrastructure: rateOf(lost, planned),
    falseUnlock: errorOf(falseUnlock),
    falseBlock: errorOf(falseBlock),
    flake: evidence.harness.repeatedTrees === 0 ? 0 : evidence.harness.disagreeing / evidence.harness.repeatedTrees,
    attempts: own?.attempts ?? [],
    from: evidence.capsules.map(({ runId }) => runId).join(", "),
  };
}

function observedTask(task: string, outcome: TaskOutcome, own: CandidateFacts | undefined, compiler: CandidateFacts | undefined): ObservedTask {
  const rate = smoothed(outcome);
  const of = (facts: CandidateFacts | undefined): number | null => {
    const found = facts?.tasks.get(task);
    return found === undefined ? null : smoothed(found);
  };
  const candidates = of(own);
  return { rate, lead: candidates === null ? null : candidates - rate, compiler: of(compiler) ?? 0.2 * rate };
}

/** A task that passed in all of three trials passes not always, but mostly. Source: Jeffreys' prior, Brown, Cai & DasGupta 2001. */
const smoothed = ({ passes, trials }: Pick<TaskOutcome, "passes" | "trials">): number => (passes + 0.5) / (trials + 1);
const rateOf = (count: number, n: number): number => (count + 0.5) / (n + 1);
const errorOf = ({ value, n }: { readonly value: number | null; readonly n: number }): number => (value === null ? 0.02 : rateOf(value * n, n));

/** Where there is no run yet: three tasks in four far from even, alike within families. */
export function guessed(random: Random): Observed {
  const families = Array.from({ length: 200 }, () => {
    const base = random.next();
    return Array.from({ length: 5 }, (): ObservedTask => {
      const draw = random.next() < 0.3 ? base : random.next();
      const rate = 0.15 + 0.7 * (random.next() < 0.75 ? Math.round(draw) * 0.9 + 0.05 : draw);
      return { rate, lead: null, compiler: 0.2 * rate };
    });
  });
  return {
    families,
    ...GUESSED,
    attempts: [],
    from: "no run: tasks of which three in four are far from even, a Judge that is wrong 1 % and 2 % of the time, 0.2 % of trials lost",
  };
}

/** Worlds with the families drawn from those observed, and the candidate so much better or worse than the incumbent. */
export function worldsLike(observed: Observed): WorldMaker {
  return (design, difference, random) => {
    const rates = ratesOf(design, observed, difference, random);
    const { infrastructure, falseUnlock, falseBlock, flake, attempts } = observed;
    return {
      passes: (role, task) => rates.get(task)?.[role] ?? 0,
      infrastructure,
      falseUnlock,
      falseBlock,
      flake,
      attempt: () => (attempts.length === 0 ? QUICK_ENOUGH : random.pick(attempts)),
    };
  };
}

interface Rates {
  readonly candidate: number;
  readonly incumbent: number;
  readonly implementer: number;
  readonly compiler: number;
}

function ratesOf({ tasks }: GateDesign, { families }: Observed, difference: number, random: Random): ReadonlyMap<string, Rates> {
  const drawn = [...groupBy(tasks, ({ family }) => family).values()].flatMap((own) => {
    const like = families.length === 0 ? [] : random.pick(families);
    const spread = LEAD_SPREAD * gauss(random);
    return own.map(({ id }) => {
      const { rate, lead, compiler } = like.length === 0 ? { rate: 0.5, lead: null, compiler: 0.1 } : random.pick(like);
      return { id, rate, lead: lead ?? spread, compiler };
    });
  });
  const shift = shiftTo(drawn, difference);
  return new Map(drawn.map(({ id, rate, lead, compiler }) => [id, { candidate: within(rate + lead + shift), incumbent: rate, implementer: rate, compiler }]));
}

/** The shift of every task's rate that makes the mean difference what it is to be, in spite of 0 and 1. */
function shiftTo(tasks: readonly { readonly rate: number; readonly lead: number }[], difference: number): number {
  const meanAt = (shift: number): number => tasks.reduce((sum, { rate, lead }) => sum + within(rate + lead + shift) - rate, 0) / tasks.length;
  let [low, high] = [-2, 2];
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (meanAt(middle) < difference) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const within = (rate: number): number => Math.min(1, Math.max(0, rate));

const QUICK = { modelMs: 400, attemptMs: 900, ttftMs: 60, tokensPerSecond: 180, json: true };
const QUICK_ENOUGH: GateAttempt = { ...QUICK, compiled: true, first: QUICK };

/** Source: Box & Muller 1958. */
const gauss = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
