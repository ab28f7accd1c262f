// A candidate's start line as the words of a command: no shell parses it, so it means the same everywhere.

export type StartCommand =
  | {
      readonly ok: true;
      readonly words: readonly [string, ...string[]] /** Set before the program, as `NAME=value`. */;
      readonly env: Readonly<Record<string, string>>;
    }
  /** `placeholder`: what the line leaves open, for example a checkpoint of one's own. */
  | { readonly ok: false; readonly why: "empty" | "quote" | "placeholder"; readonly detail: string };

/** The pieces of a word: quoted, escaped, a `<…>` that a person must fill in, plain; then what ends it, and what can't stand alone. */
const PIECE = /'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\.)*)"|\\(?<escaped>.)|(?<placeholder><[^<>]*>)|(?<plain>[^\s"'<>\\]+)|(?<space>\s+)|(?<stray>.)/gs;
const VARIABLE = /^([A-Za-z_]\w*)=(.*)$/s;

type Pieces = Readonly<Partial<Record<"single" | "double" | "escaped" | "placeholder" | "plain" | "space" | "stray", string>>>;

/** Parses a start line. `checkpoint` replaces a placeholder. */
export function startCommand(line: string, checkpoint: string | null): StartCommand {
  const pieces = [...line.matchAll(PIECE)].map(({ groups = {} }): Pieces => groups);
  const stray = pieces.find((piece) => piece.stray !== undefined)?.stray;
  if (stray !== undefined) return { ok: false, why: "quote", detail: stray };
  const open = pieces.find((piece) => piece.placeholder !== undefined)?.placeholder;
  if (open !== undefined && checkpoint === null) return { ok: false, why: "placeholder", detail: open };
  return commandOf(wordsOf(pieces, checkpoint ?? ""), line);
}

function wordsOf(pieces: readonly Pieces[], checkpoint: string): readonly string[] {
  const words: string[] = [];
  let follows = false;
  for (const piece of pieces) {
    const text = textOf(piece, checkpoint);
    if (text !== null) words.push((follows ? (words.pop() ?? "") : "") + text);
    follows = text !== null;
  }
  return words;
}

/** Null for what parts words. */
function textOf({ single, double, escaped, placeholder, plain }: Pieces, checkpoint: string): string | null {
  if (placeholder !== undefined) return checkpoint;
  return single ?? double?.replaceAll(/\\(["\\])/g, "$1") ?? escaped ?? plain ?? null;
}

function commandOf(words: readonly string[], line: string): StartCommand {
  const begins = words.findIndex((word) => !VARIABLE.test(word));
  const [program, ...rest] = begins < 0 ? [] : words.slice(begins);
  if (program === undefined) return { ok: false, why: "empty", detail: line };
  const env = Object.fromEntries(words.slice(0, begins).map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]));
  return { ok: true, words: [program, ...rest], env };
}

/** The module that a Python is asked to run (`-m`), wherever that stands among the interpreter's own flags; null if none. */
export function pythonModule([program, ...rest]: readonly [string, ...string[]]): string | null {
  if (!/(^|\/)python[\d.]*(\.exe)?$/.test(program)) return null;
  // The interpreter's own flags end at its first word that is none, but for the values of -X and -W.
  for (let index = 0; index < rest.length; index += 1) {
    const word = rest[index] ?? "";
    if (word === "-m") return rest[index + 1] ?? null;
    if (word === "-X" || word === "-W") index += 1;
    else if (!word.startsWith("-") || word === "-c") return null;
  }
  return null;
}
