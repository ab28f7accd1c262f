// The parts of a step that a worker may do without the other: model calls where the servers or keys are, verification where the cores are.

export const STEP_KINDS = ["model", "verify"] as const;

export type StepKind = (typeof STEP_KINDS)[number];

const LACKING: Readonly<Record<StepKind, string>> = { model: "no worker makes model calls", verify: "no worker verifies patches" };

/** What is lacking where nobody does it, and whom to start. `isEmpty`: nobody is there at all. */
export const missingWorkerText = (kind: StepKind, queue: string, isEmpty: boolean): string =>
  isEmpty
    ? `no worker is there: start one with bakeoff worker --queue ${queue}`
    : `${LACKING[kind]}: start one with bakeoff worker --queue ${queue} --steps ${kind}`;

/** Does a worker that says this of itself do the other kind of step too, or only one? */
export const doesStep = ({ steps }: { readonly steps?: StepKind | undefined }, kind: StepKind): boolean => steps === undefined || steps === kind;

/** As a worker says it: absent where it does all. */
export function onlyStep(kinds: ReadonlySet<StepKind>): StepKind | undefined {
  const [first] = kinds;
  return kinds.size === STEP_KINDS.length ? undefined : first;
}
