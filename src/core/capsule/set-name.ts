// How several runs are named as one: by their ids, or by their files, with a plus between them.

const PLUS = "+";
const RUN = /^(?:[A-Za-z0-9._-]{1,80}|.+\.jsonl)$/;

export const setName = (runs: readonly string[]): string => runs.join(PLUS);

/** The runs that a word names: one, or several as a set. A file's name may hold a plus, too. */
export function namedRuns(word: string): readonly string[] {
  const parts = word.split(PLUS);
  return parts.every((part) => RUN.test(part)) ? parts : [word];
}
