// What a gate keeps of a run: the facts of its trials, taken as its trials pass by, so that memory does not grow with events.
import type { EventLine, Header } from "../capsule/line.ts";
import { type CalibrationTrial, isCalibrationTrial, type PlannedTrial, plannedTrials, type TrialRecord } from "../capsule/record.ts";
import { observedPolicies } from "../capsule/observed-policy.ts";
import { type Planted, plantedIn } from "../metrics/calibration.ts";
import { openTreeTimes } from "../metrics/summary/attempt-time.ts";
import { reusedAnswers } from "../metrics/summary/reused.ts";
import { workerCaveats } from "../metrics/summary/worker-caveats.ts";
import { WorkerTally } from "../metrics/summary/workers.ts";
import { isPossible } from "../metrics/summary/rate.ts";
import { type TrialFacts, trialFacts } from "../metrics/summary/trial.ts";
import { decidedBy, type GateTrial, gateTrial, unbegun } from "./facts.ts";
import { recheckFaults } from "../capsule/rechecked.ts";
import { familyOf } from "../capsule/plan/task-family.ts";
import { type HarnessTally, openHarness } from "./harness.ts";
import { type RunSpending, SpendingReader } from "./spending.ts";

export interface RunFacts {
  readonly header: Header;
  /** Candidates of whom a trial was begun. */
  readonly tried: ReadonlySet<string>;
  /** The low-risk trials of each candidate that were planned, in plan order. */
  readonly trials: ReadonlyMap<string, readonly GateTrial[]>;
  /** The same of tasks that only cheating passes, of any risk. */
  readonly impossible: ReadonlyMap<string, readonly GateTrial[]>;
  readonly harness: HarnessTally;
  readonly planted: readonly Planted[];
  readonly spending: RunSpending;
  /** A sentence for each policy that was seen in the run's files and not in force. */
  readonly otherPolicies: readonly string[];
  /** Model calls, calibration included, that were answered as an earlier one had been. */
  readonly reusedAnswers: number;
  /** A sentence for each verdict of a worker that did not come out again. */
  readonly recheckFaults: readonly string[];
  /** A sentence for each thing about its workers that whoever reads its times must know. */
  readonly workerCaveats: readonly string[];
}

/** Is shown a run's trials one by one, in plan order. */
export class RunFactsReader {
  private readonly header: Header;
  private readonly tried = new Set<string>();
  private readonly begun = new Map<string, Begun>();
  private readonly planted: Planted[] = [];
  private readonly harness = openHarness();
  private readonly times = openTreeTimes();
  private reusedAnswers = 0;
  private readonly workers = new WorkerTally();
  private readonly spending: SpendingReader;

  constructor(header: Header) {
    this.header = header;
    this.spending = new SpendingReader(header);
  }

  trial(trial: TrialRecord): void {
    const { id, candidate, events } = trial;
    if (events.length === 0) return;
    this.tried.add(candidate);
    this.harness.add(trial);
    this.workers.add(trial);
    this.spending.trial(events);
    this.reusedAnswers += reusedAnswers(events);
    const facts = trialFacts(trial);
    this.times.add(facts);
    if (isGated(trial) || !isPossible(trial.task)) this.begun.set(id, begunTrial(facts, trial, decidedBy(facts, trial)));
  }

  calibration({ id, events }: CalibrationTrial): void {
    if (!isCalibrationTrial(this.header, id)) return;
    this.planted.push(...plantedIn({ calibration: events }));
    this.spending.plant(events);
    this.reusedAnswers += reusedAnswers(events);
  }

  /** `runEvents`: those of the whole run. */
  end(runEvents: readonly EventLine[]): RunFacts {
    const { header, tried, planted, reusedAnswers: reused } = this;
    const otherPolicies = observedPolicies({ header, runEvents });
    return {
      header,
      tried,
      trials: this.planned(isGated),
      impossible: this.planned(({ task }) => !isPossible(task)),
      harness: this.harness.end(),
      planted,
      spending: this.spending.end(),
      otherPolicies,
      reusedAnswers: reused,
      recheckFaults: recheckFaults(runEvents),
      workerCaveats: workerCaveats(this.workers.list(runEvents), this.workers.groups(runEvents)),
    };
  }

  private planned(isMeant: (trial: PlannedTrial) => boolean): ReadonlyMap<string, readonly GateTrial[]> {
    const trials = new Map<string, GateTrial[]>(this.header.candidates.map(({ name }) => [name, []]));
    for (const planned of plannedTrials(this.header)) if (isMeant(planned)) trials.get(planned.candidate)?.push(this.timed(planned));
    return trials;
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

function begunTrial(facts: TrialFacts, { task }: Pick<PlannedTrial, "task">, uri: string | null): Begun {
  const isTimed = facts.slot.every(({ verification }) => verification !== null);
  return isTimed ? gateTrial(facts, familyOf(task), uri) : { untimed: facts, decidedBy: uri };
}
