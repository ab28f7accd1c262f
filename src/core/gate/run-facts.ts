// What a gate keeps of a run: the facts of its trials, taken as their events pass by, so that memory does not grow with events.
import { messageOf } from "../base/errors.ts";
import type { EventLine, Header } from "../capsule/line.ts";
import { isCalibrationTrial, type PlannedTrial, plannedTrials, type TrialRecord } from "../capsule/record.ts";
import { observedPolicies } from "../capsule/observed-policy.ts";
import { type Planted, plantedIn } from "../metrics/calibration.ts";
import { trialFacts } from "../metrics/summary/trial.ts";
import type { EventOf } from "../trial/event.ts";
import { foldTrial } from "../trial/fold.ts";
import { type GateAttempt, type GateTrial, gateTrial, treeKey } from "./facts.ts";
import { type HarnessTally, openHarness } from "./harness.ts";

export interface RunFacts {
  readonly header: Header;
  /** Candidates of whom a trial was begun. */
  readonly tried: ReadonlySet<string>;
  /** The low-risk trials of each candidate that were begun, in plan order. */
  readonly trials: ReadonlyMap<string, readonly GateTrial[]>;
  readonly harness: HarnessTally;
  readonly planted: readonly Planted[];
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
  private readonly trials: ReadonlyMap<string, GateTrial[]>;
  private readonly planted: Planted[] = [];
  private readonly otherPolicies: string[] = [];
  private readonly harness = openHarness();
  private readonly times = openTreeTimes();
  private broken: string | null = null;
  private open: EventLine[] = [];

  constructor(header: Header) {
    this.header = header;
    this.plan = new Map(plannedTrials(header).map((trial) => [trial.id, trial]));
    this.trials = new Map(header.candidates.map(({ name }) => [name, []]));
  }

  event(line: EventLine): void {
    if (this.open[0] !== undefined && this.open[0].trial !== line.trial) this.close();
    this.open.push(line);
  }

  end(): RunFacts {
    this.close();
    const { header, tried, planted, otherPolicies, broken } = this;
    const trials = new Map([...this.trials].map(([name, own]) => [name, own.map(this.times.fill)]));
    return { header, tried, trials, harness: this.harness.end(), planted, otherPolicies, broken };
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
    else if (isCalibrationTrial(this.header, trial)) this.planted.push(...plantedIn({ calibration: events }));
  }

  private takeTrial(planned: PlannedTrial, events: readonly EventLine[]): void {
    this.tried.add(planned.candidate);
    const trial = trialOf(planned, events);
    this.harness.add(trial);
    this.times.add(trial);
    if (planned.task.risk === "low") this.trials.get(planned.candidate)?.push(gateTrial(trialFacts(trial), trial));
  }
}

function trialOf(planned: PlannedTrial, lines: readonly EventLine[]): TrialRecord {
  const events = lines.toSorted((a, b) => a.seq - b.seq);
  return { ...planned, events, state: foldTrial(events.map(({ payload }) => payload)) };
}

/** How long a tree's verification took, for attempts whose verdict was known already because another attempt had ended in the same tree. */
interface TreeTimes {
  readonly add: (trial: TrialRecord) => void;
  /** The same trial, its attempts timed as far as any attempt of the run verified their trees. */
  readonly fill: (trial: GateTrial) => GateTrial;
}

/** The same tree is verified once an epoch: whose attempt came first is chance, and no reason to leave the others untimed. */
function openTreeTimes(): TreeTimes {
  const took = new Map<string, number>();
  const timed = (attempt: GateAttempt): GateAttempt => {
    const { knownTree } = attempt;
    const verifyMs = knownTree === null ? undefined : took.get(knownTree.key);
    return knownTree === null || verifyMs === undefined ? attempt : { ...attempt, attemptMs: knownTree.callMs + verifyMs };
  };
  return {
    add: (trial) => {
      for (const { payload } of trial.events) {
        if (payload.type === "ToolResult" && !payload.reused && payload.verdict.status !== "patch-rejected") note(took, trial, payload);
      }
    },
    fill: (trial) => ({ ...trial, attempts: trial.attempts.map(timed) }),
  };
}

function note(took: Map<string, number>, trial: TrialRecord, result: EventOf<"ToolResult">): void {
  const key = treeKey(trial, result);
  if (key !== null) took.set(key, result.duration_ms);
}
