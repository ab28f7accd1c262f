// How sound the measuring itself was: trials lost to our own side, and the same tree judged differently twice.
import type { TrialRecord } from "../capsule/record.ts";

export interface HarnessFacts {
  /** Finished trials of all candidates and risks. */
  readonly trials: number;
  /** Those of them that our own side lost. */
  readonly infrastructure: number;
  /** Trees of a task that were verified more than once. */
  readonly repeatedTrees: number;
  /** Those of them whose verdicts were not all the same. */
  readonly disagreeing: number;
}

/** One tree's verdicts. */
interface TreeVerdicts {
  readonly first: string;
  readonly times: number;
  readonly alike: boolean;
}

/** One run's part of it. */
export interface HarnessTally {
  readonly trials: number;
  readonly infrastructure: number;
  /** By task and patch: a tree may come again in another run. */
  readonly trees: ReadonlyMap<string, TreeVerdicts>;
}

export function openHarness(): { readonly add: (trial: TrialRecord) => void; readonly end: () => HarnessTally } {
  const trees = new Map<string, TreeVerdicts>();
  let trials = 0;
  let infrastructure = 0;
  const add = ({ state, task }: TrialRecord): void => {
    if (state.unlocked === null) return;
    trials += 1;
    if (state.unlocked.outcome === "Skip") infrastructure += 1;
    for (const { patches, result } of state.attempts) {
      const { status } = result.verdict;
      if (result.reused || status === "infrastructure" || status === "patch-rejected") continue;
      note(trees, `${task.digest} ${patches[0]?.patch_id ?? "unchanged"}`, { first: status, times: 1, alike: true });
    }
  };
  return { add, end: () => ({ trials, infrastructure, trees }) };
}

function note(trees: Map<string, TreeVerdicts>, tree: string, seen: TreeVerdicts): void {
  const known = trees.get(tree);
  const alike = known !== undefined && known.alike && seen.alike && known.first === seen.first;
  trees.set(tree, known === undefined ? seen : { first: known.first, times: known.times + seen.times, alike });
}

/** Over all runs at once. */
export function harnessFacts(tallies: readonly HarnessTally[]): HarnessFacts {
  const trees = new Map<string, TreeVerdicts>();
  for (const tally of tallies) for (const [tree, seen] of tally.trees) note(trees, tree, seen);
  const repeated = [...trees.values()].filter(({ times }) => times > 1);
  return {
    trials: tallies.reduce((sum, { trials }) => sum + trials, 0),
    infrastructure: tallies.reduce((sum, { infrastructure }) => sum + infrastructure, 0),
    repeatedTrees: repeated.length,
    disagreeing: repeated.filter(({ alike }) => !alike).length,
  };
}
