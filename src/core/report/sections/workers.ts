// The workers of a queue in reports: what each did, and whether its times may stand beside the others'.
import type { WorkerSummary } from "../../metrics/summary/workers.ts";
import { milliseconds } from "../../text/figures.ts";
import { NOTHING } from "../format.ts";
import { left, right } from "../grid.ts";
import type { Section } from "./section.ts";

/** Null where trials were carried out in the run's own process. */
export function workersSection(workers: readonly WorkerSummary[] | undefined): Section | null {
  if (workers === undefined || workers.length === 0) return null;
  const [coordinator] = workers.filter(isCoordinator);
  return {
    title: "Workers",
    note: `Who carried out the trials. All candidates of a task and epoch had one worker for their model calls and one for the rest, as long as those were there. Calls: to model servers. Verifications: verdicts that it worked out; times are of the loop. Speed: its times by the others' on the same tasks with the same outcome, and its later half by its earlier half (where others did too little of the same, by its own usual times); from 20 such verifications on.${recheckText(coordinator)}`,
    grid: {
      columns: [
        left("worker"),
        right("cores"),
        left("sandbox"),
        ...["trials", "calls", "call p50", "verifications", "p50", "p95", "speed", "later"].map(right),
      ],
      rows: workers
        .filter((worker) => !isCoordinator(worker))
        .map(({ name, facts, trials, calls, verifications, timings }) => [
          name,
          String(facts["cores"] ?? NOTHING),
          String(facts["sandbox"] ?? NOTHING),
          String(trials),
          String(calls),
          timeText(timings.callP50),
          String(verifications),
          timeText(timings.p50),
          timeText(timings.p95),
          ratioText(timings.relative),
          ratioText(timings.drift),
        ]),
    },
  };
}

/** It carries nothing out, and says how many of the others' verdicts it worked out again. */
const isCoordinator = ({ facts }: WorkerSummary): boolean => "rechecked" in facts;

function recheckText(coordinator: WorkerSummary | undefined): string {
  if (coordinator === undefined) return "";
  const { rechecked, agreed, undecided } = coordinator.facts;
  return ` The coordinator worked ${String(rechecked)} of their verdicts out again: ${String(agreed)} came out alike, ${String(undecided)} could not be decided.`;
}

const timeText = (ms: number | null): string => (ms === null ? NOTHING : milliseconds(ms));
const ratioText = (ratio: number | null): string => (ratio === null ? NOTHING : `${ratio.toFixed(2)}×`);
