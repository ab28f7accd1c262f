// A candidate's start line as the words of a command: no shell parses it, so it means the same everywhere.

export type StartCommand =
  | { readonly ok: true; readonly words: readonly [string, ...string[]] }
  /** `placeholder`: what the line leaves open, for example a checkpoint of one's own. */
  | { readonly ok: false; readonly why: "empty" | "quote" | "placeholder"; readonly detail: string };

/** Words are separated by spaces; quotes keep them together; `<…>` is a placeholder that a person must fill in. */
const WORD = /"([^"]*)"|'([^']*)'|(<[^<>]*>)|([^\s"'<>]+)|(\S)/g;

/** Parses a start line. `checkpoint` replaces a placeholder. */
export function startCommand(line: string, checkpoint: string | null): StartCommand {
  const words: string[] = [];
  for (const [, double, single, placeholder, plain, stray] of line.matchAll(WORD)) {
    if (stray !== undefined) return { ok: false, why: "quote", detail: stray };
    if (placeholder !== undefined && checkpoint === null) return { ok: false, why: "placeholder", detail: placeholder };
    words.push(double ?? single ?? (placeholder === undefined ? plain : checkpoint) ?? "");
  }
  const [program, ...rest] = words;
  return program === undefined ? { ok: false, why: "empty", detail: line } : { ok: true, words: [program, ...rest] };
}
