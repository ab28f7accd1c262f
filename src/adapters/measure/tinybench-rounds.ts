// Interleaved rounds with tinybench: one iteration of each arm per round, so that no arm gets a quieter machine.
import { Bench } from "tinybench";
import type { RoundTimer } from "../../ports/servers.ts";

/** Arms report their own times: an arm's block holds many calls, and preparing a block is not part of it. */
export const tinybenchRounds: RoundTimer = {
  interleave: async (rounds, arms) => {
    for (let round = 0; round < rounds; round += 1) {
      // A bench per round: by itself, tinybench runs all iterations of one task before the next.
      const bench = new Bench({ time: 0, iterations: 1, warmup: false, retainSamples: true, throws: true });
      for (const { name, run } of rotated(arms, round)) bench.add(name, async () => ({ overriddenDuration: await run(round) }), { async: true });
      await bench.run();
    }
  },
};

function rotated<T>(items: readonly T[], by: number): readonly T[] {
  const at = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}
