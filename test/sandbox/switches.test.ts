// Each defence is worth something: what the search found without it passes without it, and is refused with it.
import { expect, it } from "vitest";
import { sample, WHOLE } from "../setup/sample.ts";
import { CorpusBench, type Tried } from "./corpus/bench.ts";
import { openFixtureBench } from "./fixture-bench.ts";
import type { CutName } from "./search/cuts.ts";
import { readFound } from "./search/found.ts";
import { patchOf } from "./search/patch.ts";
import { isForged } from "./search/search.ts";
import { isCutHere, nameOf, SWITCHES } from "./search/switches.ts";
import { openUndefended } from "./search/undefended.ts";

/** A transcript waits for other tests to have begun: on a busy machine it comes too early now and then. */
const TRIES = 5;

const drawn = sample("switches", SWITCHES, 1).map((one) => [nameOf(one), one] as const);

it.each(drawn)(
  "without %s a patch passes that the whole verifier refuses",
  async (name, { off, base, because }) => {
    const genome = (await readFound())[name]?.genome;
    if (genome === undefined) throw new Error(`nothing is kept for ${name}: UPDATE_GOLDEN=1 npx vitest run --project long test/sandbox/attack.test.ts`);
    const tried = async (without: readonly CutName[], times: number): Promise<Tried[]> => {
      const bench = new CorpusBench(() => (without.length === 0 ? openFixtureBench({ shared: true }) : openUndefended(without)));
      try {
        if (!isCutHere(without, await bench.tier())) return [];
        const files = patchOf(genome, await bench.patchOf(base));
        const all: Tried[] = [];
        while (all.length < times && !all.some(isForged)) all.push(await bench.tryFiles(base, files));
        return all;
      } finally {
        await bench.close();
      }
    };
    const undefended = await tried(off, TRIES);
    if (undefended.length > 0) expect(undefended.some(isForged), JSON.stringify(undefended.at(-1)).slice(0, 1500)).toBe(true);
    expect((await tried([], 1)).filter(isForged)).toEqual([]);
    if (because !== null && WHOLE && undefended.length > 0) for (const one of off) expect((await tried([one], 1)).filter(isForged)).toEqual([]);
  },
  10 * 60_000,
);
