// What a run's trials and plants spent on average: what a planned gate's cost is reckoned from.
import { daysFrom } from "../base/instant.ts";
import type { EventLine, Header } from "../capsule/line.ts";
import { NOTHING_SPENT, spend, type Spent } from "../router/budget.ts";

/** One kind of work: trials, or plants. */
export interface WorkSpending {
  readonly count: number;
  /** Model calls of every role. */
  readonly calls: number;
  readonly spent: Spent;
}

export interface RunSpending {
  readonly trials: WorkSpending;
  readonly plants: WorkSpending;
  /** From the plan to the last event, queues included. */
  readonly minutes: number;
}

const NO_WORK: WorkSpending = { count: 0, calls: 0, spent: NOTHING_SPENT };
const MINUTES_A_DAY = 1440;

/** Is shown the events of each trial and each plant once. */
export class SpendingReader {
  private readonly header: Header;
  private trials = NO_WORK;
  private plants = NO_WORK;
  private last: string;

  constructor(header: Header) {
    this.header = header;
    this.last = header.created_at;
  }

  trial(events: readonly EventLine[]): void {
    this.trials = this.added(this.trials, events);
  }

  plant(events: readonly EventLine[]): void {
    this.plants = this.added(this.plants, events);
  }

  end(): RunSpending {
    const { trials, plants, last, header } = this;
    return { trials, plants, minutes: Math.max(0, daysFrom(header.created_at, last) * MINUTES_A_DAY) };
  }

  private added({ count, calls, spent }: WorkSpending, events: readonly EventLine[]): WorkSpending {
    const asked = events.flatMap(({ payload }) => (payload.type === "ModelCallEnvelope" ? [payload] : []));
    for (const { timestamp } of events) if (timestamp > this.last) this.last = timestamp;
    return { count: count + 1, calls: calls + asked.length, spent: asked.reduce(spend, spent) };
  }
}

/** What a plan would cost; null: no run tells, or it is not known of a part. */
export interface PlannedCost {
  readonly trials: number;
  readonly plants: number;
  readonly calls: number | null;
  readonly tokens: number | null;
  readonly costUsd: number | null;
  readonly minutes: number | null;
}

/** The cost of so many trials and plants, at what runs took on average for one. */
export function costOf(runs: readonly RunSpending[], { trials, plants }: { readonly trials: number; readonly plants: number }): PlannedCost {
  const perTrial = averageOf(runs.map((run) => run.trials));
  const perPlant = averageOf(runs.map((run) => run.plants)) ?? (plants === 0 ? perTrial : null);
  const work = runs.reduce((sum, run) => sum + run.trials.count + run.plants.count, 0);
  const minutes = runs.reduce((sum, run) => sum + run.minutes, 0);
  const total = (of: "calls" | "tokens" | "costUsd"): number | null => {
    const [trial, plant] = [perTrial?.[of] ?? null, perPlant?.[of] ?? null];
    return trial === null || plant === null ? null : trial * trials + plant * plants;
  };
  return {
    trials,
    plants,
    calls: total("calls"),
    tokens: total("tokens"),
    costUsd: total("costUsd"),
    minutes: work === 0 ? null : (minutes / work) * (trials + plants),
  };
}

interface Average {
  readonly calls: number;
  readonly tokens: number | null;
  readonly costUsd: number | null;
}

function averageOf(work: readonly WorkSpending[]): Average | null {
  const sum = (of: (one: WorkSpending) => number): number => work.reduce((total, one) => total + of(one), 0);
  const count = sum((one) => one.count);
  if (count === 0) return null;
  const known = (unknown: (one: WorkSpending) => number, of: (one: WorkSpending) => number): number | null => (sum(unknown) > 0 ? null : sum(of) / count);
  return {
    calls: sum((one) => one.calls) / count,
    tokens: known(
      ({ spent }) => spent.callsOfUnknownTokens,
      ({ spent }) => spent.tokens,
    ),
    costUsd: known(
      ({ spent }) => spent.callsOfUnknownCost,
      ({ spent }) => spent.costUsd,
    ),
  };
}
