// Globs over workspace paths and test identities: `*` within one part, `**` across parts.
import picomatch from "picomatch";

/** True if any of the globs matches the text. An empty list matches nothing. Dot files count. */
export function matcher(globs: readonly string[]): (text: string) => boolean {
  if (globs.length === 0) return () => false;
  return picomatch([...globs], { dot: true, nonegate: true, noextglob: true });
}

/** A path that a suite or a patch may name: relative, forward slashes, no `..`, no empty part, no control characters, no lone surrogates. */
export function isPlainPath(path: string): boolean {
  if (path === "" || path.length > 400 || path.startsWith("/") || path.includes("\\") || !path.isWellFormed()) return false;
  if ([...path].some((char) => char < " " || char === "\u007f")) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
