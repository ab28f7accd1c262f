// What whoever reads a run's times must know of its workers.
import type { WorkerGroups, WorkerSummary } from "./workers.ts";

/** So much slower than on the same work before, a worker has slowed down. */
const SLOWED = 1.5;

/** A sentence each; none for a run of one process. */
export const workerCaveats = (workers: readonly WorkerSummary[], { all, split }: WorkerGroups): readonly string[] => [
  ...(split === 0 ? [] : [`in ${split} of ${all} pairs of task and epoch, trials went to more than one worker: their times are of different machines`]),
  ...workers.flatMap(slowed),
  ...workers.flatMap(undecided),
];

const slowed = ({ name, timings: { drift } }: WorkerSummary): readonly string[] =>
  drift !== null && drift >= SLOWED
    ? [`worker ${name} slowed down in the middle of the run: its later times are ${drift.toFixed(2)}× of its earlier ones`]
    : [];

const undecided = ({ facts }: WorkerSummary): readonly string[] =>
  Number(facts["undecided"] ?? 0) > 0
    ? [`${String(facts["undecided"])} of ${String(facts["rechecked"])} verdicts that were worked out again came out both ways`]
    : [];
