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

function segmentAt(code: Code, at: number): { text: string; next: number } | null {
  if (code.tokens[at]?.kind === "ident") return { text: textOf(code, at), next: at + 1 };
  if (textOf(code, at) === "*") return { text: "*", next: at + 1 };
  if (textOf(code, at) === "$" && code.tokens[at + 1]?.kind === "ident") return { text: `$${textOf(code, at + 1)}`, next: at + 2 };
  return null;
}

/** Appends the path that ends before `at`; returns the next token to read. */
function push(code: Code, at: number, segments: readonly string[], sink: Sink): number {
  const renamed = textOf(code, at) === "as" ? textOf(code, at + 1) : null;
  const named = segments.at(-1) === "self" && segments.length > 1 ? segments.slice(0, -1) : segments;
  sink.found.push({ segments: named, last: at - 1, renamed });
  return renamed === null ? at : at + 2;
}

/** Reads the path that begins at `start`, a `use` group included, and appends what it finds; returns the next token. */
function readPath(code: Code, start: number, outer: readonly string[], sink: Sink): number {
  const segments = [...outer];
  let at = textOf(code, start) === "::" ? start + 1 : start;
  for (;;) {
    if (textOf(code, at) === "{" && isMatchedOpen(code, at)) return readGroup(code, at, segments, sink);
    const segment = segmentAt(code, at);
    if (segment === null) break;
    if (segments.length < maxSegments) segments.push(segment.text);
    at = segment.next;
    if (textOf(code, at) !== "::") return push(code, at, segments, sink);
    at += 1;
  }
  if (segments.length > outer.length) push(code, at, segments, sink);
  return Math.max(at, start + 1);
}

/** Reads a group's members; a group nested too deeply is read as if its braces weren't there. */
function readGroup(code: Code, open: number, outer: readonly string[], sink: Sink): number {
  if (sink.depth >= maxDepth) return open + 1;
  const close = closeOf(code, open);
  sink.depth += 1;
  for (let at = open + 1; at < close; ) at = readPath(code, at, outer, sink);
  sink.depth -= 1;
  return close + 1;
}

/** All paths in the code, including those of a single segment, in source order. */
export function readPaths(code: Code): RustPath[] {
  const sink: Sink = { found: [], depth: 0 };
  for (let at = 0; at < code.tokens.length; ) {
    const isUse = textOf(code, at) === "use" && code.tokens[at]?.kind === "ident";
    if (isUse) at = readPath(code, at + 1, [], sink);
    else if (code.tokens[at]?.kind === "ident" || textOf(code, at) === "$") at = readPath(code, at, [], sink);
    else at += 1;
  }
  return sink.found;
}
