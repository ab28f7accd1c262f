// What a gate keeps of a run: the facts of its trials, taken as their events pass by, so that memory does not grow with events.
import { messageOf } from "../base/errors.ts";
import type { EventLine, Header } from "../capsule/line.ts";
import { isCalibrationTrial, type PlannedTrial, plannedTrials, type TrialRecord } from "../capsule/record.ts";
import { type Planted, plantedIn } from "../metrics/calibration.ts";
import { trialFacts } from "../metrics/summary-trial.ts";
import { foldTrial } from "../router/state.ts";
import { type GateTrial, gateTrial } from "./facts.ts";
import { openTreeTimes } from "./tree-times.ts";
import { type HarnessTally, openHarness } from "./harness.ts";

export interface RunFacts {
  readonly header: Header;
  /** Candidates of whom a trial was begun. */
  readonly tried: ReadonlySet<string>;
  /** The low-risk trials of each candidate that were begun, in plan order. */
  readonly trials: ReadonlyMap<string, readonly GateTrial[]>;
  readonly harness: HarnessTally;
  readonly planted: readonly Planted[];
  /** Why the events make no trial; null where they do. */
  readonly broken: string | null;
}

export interface RunFactsReader {
  /** Events in a sealed capsule's order: those of a trial stand together. */
  readonly event: (line: EventLine) => void;
  readonly end: () => RunFacts;
}

export function openRunFacts(header: Header): RunFactsReader {
  const plan = new Map(plannedTrials(header).map((trial) => [trial.id, trial]));
  const facts = {
    tried: new Set<string>(),
    trials: new Map<string, GateTrial[]>(header.candidates.map(({ name }) => [name, []])),
    planted: [] as Planted[],
  };
  const harness = openHarness();
  const times = openTreeTimes();
  let broken: string | null = null;
  let open: EventLine[] = [];
  const take = (planned: PlannedTrial, events: readonly EventLine[]): void => {
    facts.tried.add(planned.candidate);
    const trial = trialOf(planned, events);
    harness.add(trial);
    times.add(trial);
    if (planned.task.risk === "low") facts.trials.get(planned.candidate)?.push(gateTrial(trialFacts(trial), trial));
  };
  const close = (): void => {
    const [first] = open;
    const planned = plan.get(first?.trial ?? "");
    try {
      if (planned) take(planned, open);
      else if (isCalibrationTrial(header, first?.trial ?? null)) facts.planted.push(...plantedIn({ calibration: open }));
    } catch (error) {
      // It is not thrown: a capsule that was changed is refused with all that is wrong with it.
      broken ??= `${first?.trial ?? "the run"}: ${messageOf(error)}`;
    }
    open = [];
  };
  return {
    event: (line) => {
      if (open[0] !== undefined && open[0].trial !== line.trial) close();
      open.push(line);
    },
    end: () => {
      if (open.length > 0) close();
      const trials = new Map([...facts.trials].map(([name, own]) => [name, own.map(times.fill)]));
      return { header, ...facts, trials, harness: harness.end(), broken };
    },
  };
}

function trialOf(planned: PlannedTrial, lines: readonly EventLine[]): TrialRecord {
  const events = lines.toSorted((a, b) => a.seq - b.seq);
  return { ...planned, events, state: foldTrial(events.map(({ payload }) => payload)) };
}
