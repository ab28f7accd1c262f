// What the workers of a queue did in a run, and how fast each was on work that others did too.
import type { EventLine } from "../../capsule/line.ts";
import type { TrialRecord } from "../../capsule/record.ts";
import { type EventReaders, readEvent } from "../../trial/event.ts";
import { EMBEDDED_PROVIDER } from "../../trial/command.ts";
import { groupBy } from "./rate.ts";
import { interpolate } from "../statistics/quantile.ts";

export interface WorkerSummary {
  readonly name: string;
  /** What it said of the machine that it is on. */
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
  /** Trials in which it made a call or ran cargo. */
  readonly trials: number;
  /** Verdicts that it worked out. */
  readonly verifications: number;
  /** Model calls that it made, what is built in not counted. */
  readonly calls: number;
  readonly timings: {
    /** Milliseconds of the calls that it made, median; null: none. */
    readonly callP50: number | null;
    /** Milliseconds of the loop's verification, queue not counted; null: none. */
    readonly p50: number | null;
    readonly p95: number | null;
    /** Its verifications by those of the others on the same task with the same outcome: the median ratio; null: too few to say. */
    readonly relative: number | null;
    /**
     * The same ratio of its later half by its earlier half; where others did too little of the same, its times by its own usual ones. Null: too
     * few to say.
     */
    readonly drift: number | null;
  };
}

/** Trials that are timed against each other: of one task, in one epoch. */
export interface WorkerGroups {
  readonly all: number;
  /** Of these, those in which more than one worker had a part; workers that make model calls only, and the others, each held against their like. */
  readonly split: number;
}

interface Verification {
  readonly worker: string;
  /** Of which others with the same kind are alike. */
  readonly kind: string;
  readonly ms: number;
  readonly at: string;
}

/** Fewer say nothing of a machine. */
const ENOUGH = 20;

/** Who made the event, of the kinds that say so. */
const MAKER: EventReaders<string | undefined> = { ToolResult: ({ worker }) => worker, ModelCallEnvelope: ({ worker }) => worker };

/** How long a verdict took that was worked out for it. */
const WORKED_MS: EventReaders<number | null> = { ToolResult: ({ reused, duration_ms: ms }) => (reused || ms === 0 ? null : ms) };

/** How long a call took that went to a server. */
const CALL_MS: EventReaders<number | null> = { ModelCallEnvelope: ({ provider, latency_ms: ms }) => (provider === EMBEDDED_PROVIDER ? null : ms) };

const OUTCOME: EventReaders<string> = { ToolResult: ({ verdict }) => verdict.status };

const kindOf = ({ spec_id: task, payload }: EventLine): string => `${task ?? ""} ${readEvent(OUTCOME, payload) ?? ""}`;

/** Is shown the events of every trial, in any order. */
export class WorkerTally {
  private readonly trials = new Map<string, number>();
  private readonly verifications: Verification[] = [];
  private readonly calls = new Map<string, number[]>();
  /** Who had a part in which group, and who of them made calls. */
  private readonly parts = new Map<string, { readonly all: Set<string>; readonly callers: Set<string> }>();

  add({ task, epoch, events }: Pick<TrialRecord, "task" | "epoch" | "events">): void {
    const group = `${epoch}/${task.id}`;
    const { all, callers } = this.parts.get(group) ?? { all: new Set<string>(), callers: new Set<string>() };
    const workers = new Set<string>();
    for (const line of events) {
      const worker = readEvent(MAKER, line.payload);
      if (worker === null || worker === undefined) continue;
      workers.add(worker);
      const ms = readEvent(WORKED_MS, line.payload);
      const callMs = readEvent(CALL_MS, line.payload);
      if (callMs !== null) {
        this.calls.set(worker, this.calls.get(worker) ?? []);
        this.calls.get(worker)?.push(callMs);
        callers.add(worker);
      }
      if (ms !== null) this.verifications.push({ worker, kind: kindOf(line), ms, at: line.timestamp });
    }
    for (const worker of workers) this.trials.set(worker, (this.trials.get(worker) ?? 0) + 1);
    if (workers.size > 0) this.parts.set(group, { all: new Set([...all, ...workers]), callers });
  }

  /** `runEvents`: in which workers said what they do. */
  groups(runEvents: readonly Pick<EventLine, "payload">[]): WorkerGroups {
    const facts = factsIn(runEvents);
    const callsOnly = (worker: string): boolean => facts.get(worker)?.["steps"] === "model";
    const isSplit = [...this.parts.values()].filter(({ all, callers }) => callers.size > 1 || [...all].filter((worker) => !callsOnly(worker)).length > 1);
    return { all: this.parts.size, split: isSplit.length };
  }

  /** Empty where no worker took part. `runEvents`: in which workers said what they are. */
  list(runEvents: readonly Pick<EventLine, "payload">[]): readonly WorkerSummary[] {
    const facts = factsIn(runEvents);
    const ratios = groupBy(this.ratios(), ({ worker }) => worker);
    const names = [...new Set([...facts.keys(), ...this.trials.keys()])].toSorted();
    return names.map((name) => this.summary(name, facts.get(name) ?? {}, ratios.get(name) ?? []));
  }

  private summary(name: string, facts: WorkerSummary["facts"], ratios: readonly Ratio[]): WorkerSummary {
    const own = this.verifications.filter(({ worker }) => worker === name).map(({ ms }) => ms);
    const sorted = own.toSorted((a, b) => a - b);
    const at = (q: number): number | null => (sorted.length === 0 ? null : interpolate(sorted, q));
    const byOthers = ratios.flatMap(({ others }) => (others === null ? [] : [others]));
    return {
      name,
      facts,
      trials: this.trials.get(name) ?? 0,
      verifications: own.length,
      calls: this.calls.get(name)?.length ?? 0,
      timings: {
        callP50: middle(this.calls.get(name) ?? []),
        p50: at(0.5),
        p95: at(0.95),
        relative: median(byOthers),
        drift: driftOf(byOthers) ?? driftOf(ratios.map(({ own: usual }) => usual)),
      },
    };
  }

  /** Of each verification, in the order of time: by the median of those of the same kind, of the others' and of its worker's own. */
  private ratios(): readonly Ratio[] {
    const kinds = groupBy(this.verifications, ({ kind }) => kind);
    const inTime = this.verifications.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    return inTime.map(({ worker, kind, ms }) => {
      const alike = kinds.get(kind) ?? [];
      const usual = (isOwn: boolean): number | null => middle(alike.filter((one) => (one.worker === worker) === isOwn).map((one) => one.ms));
      const [others, own] = [usual(false), usual(true)];
      return { worker, others: others === null ? null : ms / others, own: own === null ? 1 : ms / own };
    });
  }
}

/** What each worker said of itself last. */
function factsIn(runEvents: readonly Pick<EventLine, "payload">[]): ReadonlyMap<string, WorkerSummary["facts"]> {
  const facts = new Map<string, WorkerSummary["facts"]>();
  for (const { payload } of runEvents) if (payload.type === "ServerIdentity" && payload.worker !== undefined) facts.set(payload.worker, payload.facts ?? {});
  return facts;
}

interface Ratio {
  readonly worker: string;
  /** Null: nobody else did the same. */
  readonly others: number | null;
  readonly own: number;
}

const middle = (values: readonly number[]): number | null =>
  values.length === 0
    ? null
    : interpolate(
        values.toSorted((a, b) => a - b),
        0.5,
      );

const median = (values: readonly number[]): number | null => (values.length < ENOUGH ? null : middle(values));

/** The later half by the earlier half. */
function driftOf(ratios: readonly number[]): number | null {
  const half = Math.floor(ratios.length / 2);
  const [earlier, later] = [median(ratios.slice(0, half)), median(ratios.slice(half))];
  return earlier === null || later === null ? null : later / earlier;
}
