// A drawn part of many like cases: each commit tries others, and `npm run test:long` tries them all.
import { createRandom } from "../../src/core/base/random.ts";

/** `npm run test:long`, and whoever sets BAKEOFF_TEST_WHOLE, leaves nothing out. */
export const WHOLE = process.env["BAKEOFF_TEST_WHOLE"] === "1";

/** What is drawn by: the commit, unless BAKEOFF_TEST_SEED says otherwise. A run prints it at its start. */
export const SEED = process.env["BAKEOFF_TEST_SEED"] ?? "unseeded";

/** So many of the cases, in their order; `name` makes two samples of one run independent. */
export function sample<T>(name: string, cases: readonly T[], count: number): readonly T[] {
  if (WHOLE) return cases;
  const random = createRandom(`${SEED} ${name}`);
  const drawn = new Set(random.shuffle(cases.map((_, index) => index)).slice(0, count));
  return cases.filter((_, index) => drawn.has(index));
}

/** For cases that are made rather than listed: how many, and by which seed. The whole is always the same. */
export function draws(name: string, { whole, part }: { readonly whole: number; readonly part: number }): { readonly count: number; readonly seed: string } {
  return WHOLE ? { count: whole, seed: name } : { count: part, seed: `${SEED} ${name}` };
}
