// How strong a task's oracle is: its solution is mutated where it repaired something, and what survives is counted.
import { createRandom } from "../core/base/random.ts";
import { findMutants, type Mutant, mutatedSource } from "../core/mutation/mutant.ts";
import { OPERATORS } from "../core/mutation/operators/operator.ts";
import type { ParseRust } from "../core/rust/syntax.ts";
import { brokenTree, type Task } from "../core/suite/suite.ts";
import { applyEdits } from "../core/text/edit.ts";
import type { MutantTrials } from "./mutant-trials.ts";

export interface Strength {
  readonly task: string;
  /** Changes of the solution that ran: they compiled. */
  readonly tried: number;
  /** Those that every test passed. Some may be equivalent to the solution: the share is what counts. */
  readonly survived: number;
}

/** So many changes of one solution are tried at the most. */
const MAX_TRIED = 6;
/** From fewer than this nothing is concluded. */
const MIN_TRIED = 3;

export const isWeak = ({ tried, survived }: Strength): boolean => tried >= MIN_TRIED && survived * 2 > tried;

/** What a task's row in the summary says of it. */
export function strengthNotes(strength: Strength | null): string[] {
  if (strength === null) return [];
  return [`${isWeak(strength) ? "weak oracle: " : ""}${strength.survived} of ${strength.tried} changes of the solution survive`];
}

export async function measureStrength(task: Task, trials: MutantTrials, parse: ParseRust, seed: number): Promise<Strength> {
  const solved = solvedFiles(task);
  const mutants = createRandom(`${seed} strength ${task.id}`).shuffle(mutantsOfRepair(task, solved, parse));
  const outcomes = await Promise.all(
    mutants.slice(0, MAX_TRIED).map((mutant) => {
      const source = solved.get(mutant.path) ?? "";
      return trials.tried(new Map([...differing(task, solved), [mutant.path, mutatedSource(source, mutant.change)]]));
    }),
  );
  const ran = outcomes.filter(({ status }) => status !== "compile-error" && status !== "infrastructure");
  return { task: task.id, tried: ran.length, survived: ran.filter(({ status }) => status === "passed").length };
}

/** The files that break and solution touch, as the solution leaves them. */
function solvedFiles(task: Task): ReadonlyMap<string, string> {
  const solved = applyEdits(brokenTree(task), task.solution);
  const all = [...task.broken, ...(solved.ok ? solved.changes : [])];
  return new Map(all.flatMap(([path, content]) => (content === null ? [] : [[path, content] as const])));
}

const differing = (task: Task, solved: ReadonlyMap<string, string>): (readonly [string, string])[] =>
  [...solved].filter(([path, content]) => task.base.tree.get(path) !== content);

/** Behaviour mutants of the functions in which the solution has lines that the broken tree lacks; but not the break itself. */
function mutantsOfRepair(task: Task, solved: ReadonlyMap<string, string>, parse: ParseRust): Mutant[] {
  const operators = OPERATORS.filter(({ group }) => group === "behaviour");
  const files = [...solved].map(([path, source]) => ({ path, source }));
  const ranges = new Map(files.map(({ path, source }) => [path, repairedRange(task.broken.get(path) ?? "", source)]));
  return findMutants(files, operators, parse).filter((mutant) => {
    const range = ranges.get(mutant.path);
    const { enclosing } = mutant;
    const touches = range && enclosing && enclosing.start <= range.end && range.start <= enclosing.end;
    return touches && mutatedSource(solved.get(mutant.path) ?? "", mutant.change) !== task.broken.get(mutant.path);
  });
}

/** The stretch of the solution between the first and the last character that differ. */
function repairedRange(broken: string, solved: string): { readonly start: number; readonly end: number } {
  let start = 0;
  while (start < solved.length && solved[start] === broken[start]) start += 1;
  let tail = 0;
  while (tail < solved.length - start && solved.at(-1 - tail) === broken.at(-1 - tail)) tail += 1;
  return { start, end: solved.length - tail };
}
