// What a gate keeps of a run: the facts of its trials, taken as their events pass by, so that memory does not grow with events.
import { messageOf } from "../base/errors.ts";
import type { EventLine, Header } from "../capsule/line.ts";
import { isCalibrationTrial, type PlannedTrial, plannedTrials, type TrialRecord } from "../capsule/record.ts";
import { observedPolicies } from "../capsule/observed-policy.ts";
import { type Planted, plantedIn } from "../metrics/calibration.ts";
import { openTreeTimes } from "../metrics/summary/attempt-time.ts";
import { isPossible } from "../metrics/summary/rate.ts";
import { type TrialFacts, trialFacts } from "../metrics/summary/trial.ts";
import { foldTrial } from "../trial/fold.ts";
import { decidedBy, type GateTrial, gateTrial, unbegun } from "./facts.ts";
import { familyOf } from "./task-family.ts";
import { type HarnessTally, openHarness } from "./harness.ts";
import { type RunSpending, SpendingReader } from "./spending.ts";

export interface RunFacts {
  readonly header: Header;
  /** Candidates of whom a trial was begun. */
  readonly tried: ReadonlySet<string>;
  /** The low-risk trials of each candidate that were planned, in plan order. */
  readonly trials: ReadonlyMap<string, readonly GateTrial[]>;
  readonly harness: HarnessTally;
  readonly planted: readonly Planted[];
  readonly spending: RunSpending;
  /** A sentence for each policy that was seen in the run's files and not in force. */
  readonly otherPolicies: readonly string[];
  /** Why the events make no trial; null where they do. */
  readonly broken: string | null;
}

/** Takes events in a sealed capsule's order: those of a trial stand together. */
export class RunFactsReader {
  private readonly header: Header;
  private readonly plan: ReadonlyMap<string, PlannedTrial>;
  private readonly tried = new Set<string>();
  private readonly begun = new Map<string, Begun>();
  private readonly planted: Planted[] = [];
  private readonly otherPolicies: string[] = [];
  private readonly harness = openHarness();
  private readonly times = openTreeTimes();
  private readonly spending: SpendingReader;
  private broken: string | null = null;
  private open: EventLine[] = [];

  constructor(header: Header) {
    this.header = header;
    this.spending = new SpendingReader(header);
    this.plan = new Map(plannedTrials(header).map((trial) => [trial.id, trial]));
  }

  event(line: EventLine): void {
    if (this.open[0] !== undefined && this.open[0].trial !== line.trial) this.close();
    this.open.push(line);
  }

  end(): RunFacts {
    this.close();
    const { header, tried, planted, otherPolicies, broken } = this;
    const trials = new Map<string, GateTrial[]>(header.candidates.map(({ name }) => [name, []]));
    for (const planned of this.plan.values()) if (isGated(planned)) trials.get(planned.candidate)?.push(this.timed(planned));
    return { header, tried, trials, harness: this.harness.end(), planted, spending: this.spending.end(), otherPolicies, broken };
  }

  private close(): void {
    const events = this.open;
    this.open = [];
    if (events[0] === undefined) return;
    const { trial } = events[0];
    try {
      this.take(trial, events);
    } catch (error) {
      // It is not thrown: a capsule that was changed is refused with all that is wrong with it.
      this.broken ??= `${trial ?? "the run"}: ${messageOf(error)}`;
    }
  }

  private take(trial: string | null, events: readonly EventLine[]): void {
    const planned = trial === null ? undefined : this.plan.get(trial);
    if (planned) this.takeTrial(planned, events);
    else if (trial === null) this.otherPolicies.push(...observedPolicies({ header: this.header, runEvents: events }));
    else if (isCalibrationTrial(this.header, trial)) {
      this.planted.push(...plantedIn({ calibration: events }));
      this.spending.plant(events);
    }
  }

  private takeTrial(planned: PlannedTrial, events: readonly EventLine[]): void {
    this.tried.add(planned.candidate);
    const trial = trialOf(planned, events);
    this.harness.add(trial);
    this.spending.trial(events);
    const facts = trialFacts(trial);
    this.times.add(facts);
    if (isGated(planned)) this.begun.set(planned.id, begunTrial(facts, planned, decidedBy(facts, trial)));
  }

  /** What is not there is missing, which is not the same as nothing: a trial that was planned and never begun stands here, too. */
  private timed(planned: PlannedTrial): GateTrial {
    const begun = this.begun.get(planned.id);
    if (begun === undefined) return unbegun(planned.task.id, familyOf(planned.task));
    return "untimed" in begun ? gateTrial(this.times.fill(begun.untimed), familyOf(planned.task), begun.decidedBy) : begun;
  }
}

/** What a gate is about: low-risk tasks that can be solved. */
const isGated = ({ task }: PlannedTrial): boolean => task.risk === "low" && isPossible(task);

/** A trial of whose attempts some are timed by the verifications of others: of the rest, no more is kept than a gate needs. */
type Begun = GateTrial | { readonly untimed: TrialFacts; readonly decidedBy: string | null };

function begunTrial(facts: TrialFacts, { task }: PlannedTrial, uri: string | null): Begun {
  const isTimed = facts.slot.every(({ verification }) => verification !== null);
  return isTimed ? gateTrial(facts, familyOf(task), uri) : { untimed: facts, decidedBy: uri };
}

function trialOf(planned: PlannedTrial, lines: readonly EventLine[]): TrialRecord {
  const events = lines.toSorted((a, b) => a.seq - b.seq);
  return { ...planned, events, state: foldTrial(events.map(({ payload }) => payload)) };
}
