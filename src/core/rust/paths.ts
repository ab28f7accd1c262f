// Reads paths (`std::process::exit`) from Rust code and expands the groups and renames of `use`.
import { closeOf, isMatchedOpen, textOf } from "./code.ts";
import type { Code } from "./code.ts";

/** A path's segments; `*` for a glob, `$x` for a macro's variable. */
export interface RustPath {
  readonly segments: readonly string[];
  /** Token of its last segment. */
  readonly last: number;
  /** The new name that `use … as name` gives it. */
  readonly renamed: string | null;
}

const maxDepth = 64;
const maxSegments = 32;

interface Sink {
  readonly found: RustPath[];
  depth: number;
}

function segmentAt(code: Code, index: number): { text: string; next: number } | null {
  if (code.tokens[index]?.kind === "ident") return { text: textOf(code, index), next: index + 1 };
  if (textOf(code, index) === "*") return { text: "*", next: index + 1 };
  if (textOf(code, index) === "$" && code.tokens[index + 1]?.kind === "ident") return { text: `$${textOf(code, index + 1)}`, next: index + 2 };
  return null;
}

/** Appends the path that ends before `next`; returns the token to read. */
function push(code: Code, next: number, segments: readonly string[], sink: Sink): number {
  const renamed = textOf(code, next) === "as" ? textOf(code, next + 1) : null;
  const named = segments.at(-1) === "self" && segments.length > 1 ? segments.slice(0, -1) : segments;
  sink.found.push({ segments: named, last: next - 1, renamed });
  return renamed === null ? next : next + 2;
}

/** Reads the path that begins at `start`, a `use` group included, and appends what it finds; returns the next token. */
function readPath(code: Code, start: number, outer: readonly string[], sink: Sink): number {
  const segments = [...outer];
  let next = textOf(code, start) === "::" ? start + 1 : start;
  for (;;) {
    if (textOf(code, next) === "{" && isMatchedOpen(code, next)) return readGroup(code, next, segments, sink);
    const segment = segmentAt(code, next);
    if (segment === null) break;
    if (segments.length < maxSegments) segments.push(segment.text);
    next = segment.next;
    if (textOf(code, next) !== "::") return push(code, next, segments, sink);
    next += 1;
  }
  if (segments.length > outer.length) push(code, next, segments, sink);
  return Math.max(next, start + 1);
}

/** Reads a group's members; a group nested too deeply is read as if its braces weren't there. */
function readGroup(code: Code, open: number, outer: readonly string[], sink: Sink): number {
  if (sink.depth >= maxDepth) return open + 1;
  const close = closeOf(code, open);
  sink.depth += 1;
  for (let next = open + 1; next < close; ) next = readPath(code, next, outer, sink);
  sink.depth -= 1;
  return close + 1;
}

/** All paths in the code, including those of a single segment, in source order. */
export function readPaths(code: Code): RustPath[] {
  const sink: Sink = { found: [], depth: 0 };
  for (let next = 0; next < code.tokens.length; ) {
    const isUse = textOf(code, next) === "use" && code.tokens[next]?.kind === "ident";
    if (isUse) next = readPath(code, next + 1, [], sink);
    else if (code.tokens[next]?.kind === "ident" || textOf(code, next) === "$") next = readPath(code, next, [], sink);
    else next += 1;
  }
  return sink.found;
}
