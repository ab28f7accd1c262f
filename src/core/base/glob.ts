// Globs over workspace paths and test identities: `*` within one part, `**` across parts.
import picomatch from "picomatch";

/** True if any of the globs matches the text. An empty list matches nothing. Dot files count. */
export function matcher(globs: readonly string[]): (text: string) => boolean {
  const matchers = globs.map(compiled);
  return (text) => matchers.some((matches) => matches(text));
}

/** The tasks of a suite name the same few globs again and again, and compiling one costs more than all its matches. */
const COMPILED = new Map<string, (text: string) => boolean>();
/** A suite from elsewhere may name any number of them. */
const MOST_COMPILED = 1_000;

function compiled(glob: string): (text: string) => boolean {
  const matches = COMPILED.get(glob) ?? picomatch(glob, { dot: true, nonegate: true, noextglob: true });
  if (COMPILED.size < MOST_COMPILED) COMPILED.set(glob, matches);
  return matches;
}

/** A path that a suite or a patch may name: relative, forward slashes, no `..`, no empty part, no control characters, no lone surrogates. */
export function isPlainPath(path: string): boolean {
  if (path === "" || path.length > 400 || path.startsWith("/") || path.includes("\\") || !path.isWellFormed()) return false;
  if ([...path].some((char) => char < " " || char === "\u007f")) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
