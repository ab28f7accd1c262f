// The turns of a run's servers: there and back over blocks of tasks, as long as loading a server costs little beside the work that it is loaded for.
import { type Turn, visitsOf } from "../../core/policy/turns.ts";
import type { Clock } from "../../ports/clock.ts";

/** Loading may take so much of the time that the loaded server is then used for, before its turns are put together. */
export const CHEAP_LOADING = 0.1;

/** How the trials of a turn are carried out. */
export interface TurnWork {
  readonly clock: Clock;
  /** Is anything of these blocks still to be done? */
  readonly isLeft: (turn: Turn, blocks: readonly number[]) => boolean;
  /** Does the work while the turn's servers are there. */
  readonly during: (turn: Turn, work: () => Promise<void>) => Promise<void>;
  readonly carryOut: (turn: Turn, blocks: readonly number[]) => Promise<void>;
}

/** `blocks`: into how many the run's tasks are cut. No server is loaded once more because another's loading was long. */
export async function takeTurns(turns: readonly Turn[], blocks: number, { clock, isLeft, during, carryOut }: TurnWork): Promise<void> {
  const done = new Map<Turn, Set<number>>(turns.map((turn) => [turn, new Set()]));
  const open = (turn: Turn, wanted: readonly number[]): readonly number[] => wanted.filter((block) => done.get(turn)?.has(block) !== true);
  const work = async (turn: Turn, wanted: readonly number[]): Promise<void> => {
    await carryOut(turn, wanted);
    for (const block of wanted) done.get(turn)?.add(block);
  };
  const all = Array.from({ length: blocks }, (_, block) => block);
  for (const { turn, blocks: visited } of visitsOf(turns, blocks)) {
    const now = open(turn, visited);
    if (now.length === 0) continue;
    if (!isLeft(turn, now)) {
      await work(turn, now);
      continue;
    }
    const asked = clock.now();
    await during(turn, async () => {
      const loaded = clock.now();
      await work(turn, now);
      const isCheap = loaded - asked <= CHEAP_LOADING * (clock.now() - loaded);
      const rest = isCheap ? [] : open(turn, all);
      if (rest.length > 0) await work(turn, rest);
    });
  }
}
