// Builds the instrumented copy of a test file: secret names for hidden tests, and twins that must fail.
import { readCode, textOf } from "../../rust/code.ts";
import type { Code } from "../../rust/code.ts";
import { readItems } from "../../rust/items.ts";
import type { TestFunction } from "../../rust/items.ts";
import { selectTwins, type TwinDraw } from "./selection.ts";
import { renderTwin } from "./twin.ts";
import type { TwinKind } from "./twin.ts";

export interface InstrumentOptions extends Omit<TwinDraw, "areHeldOut"> {
  /** A fresh secret identifier at each call. */
  readonly names: () => string;
  /** A hidden file: each test function gets a fresh name. */
  readonly renameTests: boolean;
}

/** A renamed test; `module` is its module path within the file, `original` the function's name in the source. */
export interface Alias {
  readonly alias: string;
  readonly original: string;
  readonly module: readonly string[];
}

/** A test that must fail; `original` is null if it is not a twin. Offsets are those of its text in the new source. */
export interface Twin {
  readonly alias: string;
  readonly original: string | null;
  readonly module: readonly string[];
  readonly kind: TwinKind;
  readonly start: number;
  readonly end: number;
}

export interface Instrumented {
  readonly source: string;
  readonly aliases: readonly Alias[];
  readonly twins: readonly Twin[];
}

interface Insertion {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly twin: Omit<Twin, "start" | "end"> | null;
}

/** Names that are called between two offsets as if they were defined there. */
function calledNames(code: Code, start: number, end: number): Set<string> {
  const called = new Set<string>();
  for (let at = 0; at < code.tokens.length; at += 1) {
    const token = code.tokens[at];
    if (token?.kind !== "ident" || token.start < start || token.end > end || textOf(code, at + 1) !== "(") continue;
    const [owner, before] = [textOf(code, at - 2), textOf(code, at - 1)];
    if (before === "::" ? owner === "self" : before !== "." && before !== "fn") called.add(textOf(code, at));
  }
  return called;
}

/** Tests that their own module calls keep their names: renaming those would take more than a token. */
function renames(code: Code, tests: readonly TestFunction[], names: () => string): { edits: Insertion[]; aliases: Alias[] } {
  const called = new Map<unknown, Set<string>>();
  const edits: Insertion[] = [];
  const aliases: Alias[] = [];
  for (const { module, nameToken, modulePath, name } of tests) {
    const token = code.tokens[nameToken];
    const known = called.get(module) ?? calledNames(code, module?.start ?? 0, module?.end ?? code.source.length);
    called.set(module, known);
    if (token === undefined || known.has(textOf(code, nameToken))) continue;
    const alias = names();
    aliases.push({ alias, original: name, module: modulePath });
    edits.push({ start: token.start, end: token.end, text: alias, twin: null });
  }
  return { edits, aliases };
}

function twinInsertions(code: Code, tests: readonly TestFunction[], options: InstrumentOptions): Insertion[] {
  return selectTwins(code, tests, { ...options, areHeldOut: options.renameTests }).map(({ kind, test, changes, place }) => {
    const alias = options.names();
    const text = kind === "plain" ? `#[test] fn ${alias}() { panic!() }` : renderTwin(code, test, alias, changes);
    const original = kind === "plain" ? null : test.name;
    const start = place ?? code.source.length;
    const twin = { alias, original, module: test.modulePath, kind };
    return { start, end: start, text: place === null ? `\n${text}` : ` ${text} `, twin };
  });
}

function weave(source: string, insertions: readonly Insertion[]): { source: string; twins: Twin[] } {
  const parts: string[] = [];
  const twins: Twin[] = [];
  let [at, length] = [0, 0];
  for (const { start, end, text, twin } of insertions.toSorted((a, b) => a.start - b.start)) {
    parts.push(source.slice(at, start), text);
    length += start - at + text.length;
    if (twin !== null) twins.push({ ...twin, start: length - text.length, end: length });
    at = end;
  }
  return { source: parts.join("") + source.slice(at), twins };
}

/**
 * The instrumented copy of a file that holds tests. Apart from the twins and the new names its text is the source's. Twins are
 * put behind a test of their module or before its closing brace, and shift no line; those of tests at file level also at its end. A
 * test that its own module calls keeps its name. A file with unbalanced delimiters is left alone. The order of `names()`: renamed
 * tests in source order, then the twins as selected.
 */
export function instrument(source: string, options: InstrumentOptions): Instrumented {
  const code = readCode(source);
  if (!code.balanced) return { source, aliases: [], twins: [] };
  const { tests } = readItems(code);
  const { edits, aliases } = options.renameTests ? renames(code, tests, options.names) : { edits: [], aliases: [] };
  const woven = weave(source, [...edits, ...twinInsertions(code, tests, options)]);
  return { ...woven, aliases };
}

/** The same copy without the twins of these aliases; all other names stay. */
export function dropTwins(instrumented: Instrumented, aliases: Iterable<string>): Instrumented {
  const dropped = new Set(aliases);
  const parts: string[] = [];
  const twins: Twin[] = [];
  let [at, removed] = [0, 0];
  for (const twin of instrumented.twins) {
    if (dropped.has(twin.alias)) {
      parts.push(instrumented.source.slice(at, twin.start));
      at = twin.end;
      removed += twin.end - twin.start;
    } else twins.push({ ...twin, start: twin.start - removed, end: twin.end - removed });
  }
  return { source: parts.join("") + instrumented.source.slice(at), aliases: instrumented.aliases, twins };
}
