// The doctests of a source file, also as functions of a test file: what rustdoc would run, as far as the text alone shows it.
import { tokenize } from "./tokens.ts";

export interface DocTest {
  /** Its function's name: the file and its index among the file's doctests. */
  readonly name: string;
  readonly code: string;
  readonly shouldPanic: boolean;
}

/** Words after a fence that leave it a test (https://doc.rust-lang.org/rustdoc/write-documentation/documentation-tests.html). */
const RUN_AS_TEST = /^(rust|should_panic|edition20\d\d|standalone_crate)$/;
/** What only makes sense at the top of a crate. */
const CRATE_LEVEL = /#!\[|macro_use/;

export function docTestsIn(path: string, source: string): DocTest[] {
  const stem = path.replace(/\.rs$/, "").replaceAll(/[^A-Za-z0-9]+/g, "_");
  return docBlocks(source)
    .flatMap(fencesIn)
    .flatMap(({ words, lines }, index): DocTest[] => {
      const code = lines.map(unhidden).join("\n");
      const runs = words.every((word) => RUN_AS_TEST.test(word)) && code.trim() !== "" && !CRATE_LEVEL.test(code);
      return runs ? [{ name: `${stem}_${index + 1}`, code, shouldPanic: words.includes("should_panic") }] : [];
    });
}

/** Doctests that are new or changed in `after`. */
export function changedDocTests(path: string, before: string | null, after: string): DocTest[] {
  const known = new Set(docTestsIn(path, before ?? "").map(({ code }) => code));
  return docTestsIn(path, after).filter(({ code }) => !known.has(code));
}

/** A test file that runs them as rustdoc does: each as its own function over the crate's public names. */
export function docTestFile(tests: readonly DocTest[]): string {
  return `// The doctests that came with the change.\n${tests.map(testFunction).join("\n")}`;
}

function testFunction({ name, code, shouldPanic }: DocTest): string {
  return `#[test]\n${shouldPanic ? "#[should_panic]\n" : ""}#[allow(unused)]\nfn ${name}() {\n${bodyOf(code)}\n}\n`;
}

function bodyOf(code: string): string {
  const main = /\bfn\s+main\s*\(\s*\)\s*(->)?/.exec(code);
  if (main) return `${code}\nmain()${main[1] === undefined ? "" : ".unwrap()"};`;
  // A doctest that ends in Ok may use `?`.
  if (!/^\(?Ok\b.*\)$/.test(code.trim().split("\n").at(-1)?.trim() ?? "")) return code;
  return `fn run() -> Result<(), impl core::fmt::Debug> {\n${code}\n}\nrun().unwrap();`;
}

/** The text of each run of consecutive line doc comments. */
function docBlocks(source: string): string[][] {
  const blocks: string[][] = [];
  let end = -1;
  for (const token of tokenize(source)) {
    const text = token.kind === "comment" ? source.slice(token.start, token.end) : "";
    const doc = /^\/\/[/!](?!\/) ?(.*)$/s.exec(text)?.[1];
    if (doc === undefined) continue;
    if (end < 0 || source.slice(end, token.start).trim() !== "") blocks.push([]);
    blocks.at(-1)?.push(doc.trimEnd());
    end = token.end;
  }
  return blocks;
}

interface Fence {
  readonly words: readonly string[];
  readonly lines: readonly string[];
}

function fencesIn(lines: readonly string[]): Fence[] {
  const fences: Fence[] = [];
  let open: { mark: string; words: string[]; lines: string[] } | null = null;
  for (const line of lines) {
    const [, mark = "", after = ""] = /^\s*(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (open === null) open = mark === "" ? null : { mark, words: after.split(/[\s,]+/).filter(Boolean), lines: [] };
    else if (mark.startsWith(open.mark) && after.trim() === "") {
      fences.push(open);
      open = null;
    } else open.lines.push(line);
  }
  return fences;
}

/** Lines that rustdoc does not show begin with `# `. */
const unhidden = (line: string): string => line.replace(/^(\s*)#(?: |$)/, "$1").replace(/^(\s*)##/, "$1#");
