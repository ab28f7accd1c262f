// The parts of an expected value that a test spells out: a type's own `Debug` and equality have no say in what is seen of its fields.
import { afterGenerics, argumentEnd } from "../../rust/arguments.ts";
import { closeOf, type Code, isMatchedOpen, textOf } from "../../rust/code.ts";

/** A pattern that has the shape of an expected value, with a binding in the place of each part. */
export interface PartsPattern {
  /** Rust, on one line. */
  readonly pattern: string;
  readonly bindings: readonly string[];
  /** Is it to be held against all elements of a list, whatever kind of list that is? */
  readonly isList: boolean;
}

/** What std compares and shows by its parts. */
const OF_STD = new Set(["Some", "Ok", "Err"]);
const MAX_PARTS = 64;

/** Which values are looked into, and what their bindings' names begin with. */
export interface PartsOptions {
  readonly prefix: string;
  /** Types that compare and show themselves by their fields: whoever has the same parts is equal, and the other way round. */
  readonly derived: ReadonlySet<string>;
}

/**
 * The pattern of the expression between two tokens, or of what the variable is bound to that stands there; null where it spells out no value of
 * the crate's own (`Reading { unit: 'A', value: 3 }`, `Some(Metres(3))`).
 */
export function partsPattern(code: Code, from: number, to: number, options: PartsOptions): PartsPattern | null {
  const [first, end] = boundTo(code, from, to) ?? [from, to];
  return patternWithin(code, first, end, options);
}

/**
 * What the last `let` before it binds a lone name to, also behind `&`. Where another binding is meant, its pattern fits nothing or as well: none
 * of it says what is expected.
 */
function boundTo(code: Code, from: number, to: number): readonly [from: number, to: number] | null {
  let name = from;
  while (textOf(code, name) === "&") name += 1;
  if (name !== to - 1 || code.tokens[name]?.kind !== "ident") return null;
  for (let at = from - 1; at > 0; at -= 1) {
    if (textOf(code, at) !== textOf(code, name) || textOf(code, at - 1) !== "let") continue;
    const equals = argumentEnd(code, at + 1, from, "=");
    return [equals + 1, argumentEnd(code, equals + 1, from, ";")];
  }
  return null;
}

function patternWithin(code: Code, from: number, to: number, options: PartsOptions): PartsPattern | null {
  const walk: Walk = { ...options, code, bindings: [], ownTypes: 0 };
  const list = listWithin(code, from, to);
  const pattern = list === null ? patternOf(walk, from, to) : `[${elements(walk, list).join(", ")}]`;
  if (walk.ownTypes === 0 || walk.bindings.length === 0 || walk.bindings.length > MAX_PARTS) return null;
  return { pattern, bindings: walk.bindings, isList: list !== null };
}

interface Walk extends PartsOptions {
  readonly code: Code;
  readonly bindings: string[];
  ownTypes: number;
}

/** The brackets of `[a, b]` or `vec![a, b]`, also behind `&`; null for anything else, and for `[a; 3]`. */
function listWithin(code: Code, from: number, to: number): number | null {
  let at = from;
  while (textOf(code, at) === "&") at += 1;
  if (textOf(code, at) === "vec" && textOf(code, at + 1) === "!") at += 2;
  return textOf(code, at) === "[" && isGroup(code, at, to) && !splits(code, at, ";") ? at : null;
}

function patternOf(walk: Walk, from: number, to: number): string {
  const { code } = walk;
  let at = from;
  // What a reference leads to is matched through it.
  while (textOf(code, at) === "&" && at < to) at += 1;
  if (isGroup(code, at, to) && textOf(code, at) === "(") return tuple(walk, at);
  const path = pathAt(code, at);
  return path !== null && isGroup(code, path.end, to) ? made(walk, path) : bound(walk);
}

/** Is all from this token on between a pair of brackets? */
const isGroup = (code: Code, open: number, to: number): boolean => isMatchedOpen(code, open) && closeOf(code, open) === to - 1;

/** `Name(a, b)`, `Name { a, b }`: looked into where the type is one that is, or one of std's that are. */
function made(walk: Walk, { names, text, end }: Path): string {
  const bracket = textOf(walk.code, end);
  const isOfStd = bracket === "(" && names.length === 1 && OF_STD.has(names[0] ?? "");
  if (bracket === "[" || !(isOfStd || isDerived(walk, names))) return bound(walk);
  if (!isOfStd) walk.ownTypes += 1;
  return bracket === "{" ? `${text} { ${fields(walk, end).join(", ")} }` : `${text}(${elements(walk, end).join(", ")})`;
}

const isCapital = (name: string): boolean => /^[A-Z]/.test(name);

/** `Kind::Small` is of the type `Kind`, `kinds::Small` of `Small`; `Kind::new` is a function. */
function isDerived({ derived }: Walk, names: readonly string[]): boolean {
  const [last = "", before = ""] = names.toReversed();
  return isCapital(last) && derived.has(isCapital(before) ? before : last);
}

function bound({ prefix, bindings }: Walk): string {
  const name = `${prefix}_${bindings.length}`;
  bindings.push(name);
  return name;
}

/** `(a, b)`; `(a)` is `a`. */
function tuple(walk: Walk, open: number): string {
  const parts = elements(walk, open);
  const isTuple = parts.length !== 1 || textOf(walk.code, closeOf(walk.code, open) - 1) === ",";
  return isTuple ? `(${parts.join(", ")}${parts.length === 1 ? "," : ""})` : (parts[0] ?? "");
}

interface Path {
  readonly names: readonly string[];
  /** As a pattern writes it too. */
  readonly text: string;
  /** The token behind it. */
  readonly end: number;
}

/** The path that begins at a token; null where none does. */
function pathAt(code: Code, from: number): Path | null {
  const names: string[] = [];
  let at = textOf(code, from) === "::" ? from + 1 : from;
  while (code.tokens[at]?.kind === "ident") {
    names.push(textOf(code, at));
    at += 1;
    if (textOf(code, at) === "::" && textOf(code, at + 1) === "<") at = afterGenerics(code, at + 1, code.tokens.length);
    if (textOf(code, at) !== "::") return { names, text: textBetween(code, from, at), end: at };
    at += 1;
  }
  return null;
}

/** `a: 1, b, ..rest` → `a: p_0, b: p_1, ..`. */
function fields(walk: Walk, open: number): string[] {
  const { code } = walk;
  return commas(code, open).map(([from, to]) => {
    if (textOf(code, from) === "..") return "..";
    const name = textBetween(code, from, from + 1);
    return `${name}: ${textOf(code, from + 1) === ":" ? patternOf(walk, from + 2, to) : bound(walk)}`;
  });
}

const elements = (walk: Walk, open: number): string[] => commas(walk.code, open).map(([from, to]) => patternOf(walk, from, to));

/** What stands between the commas of a group: first token, and the one behind the last. */
function commas(code: Code, open: number): (readonly [from: number, to: number])[] {
  const close = closeOf(code, open);
  const found: (readonly [number, number])[] = [];
  for (let from = open + 1; from < close; ) {
    const to = argumentEnd(code, from, close);
    if (to > from) found.push([from, to]);
    from = to + 1;
  }
  return found;
}

function splits(code: Code, open: number, mark: string): boolean {
  for (let at = open + 1; at < closeOf(code, open); at += 1) {
    if (textOf(code, at) === mark) return true;
    if (isMatchedOpen(code, at)) at = closeOf(code, at);
  }
  return false;
}

/** Tokens between comments and line breaks, without these. */
const textBetween = ({ source, tokens }: Code, from: number, to: number): string =>
  tokens
    .slice(from, to)
    .map(({ start, end }) => source.slice(start, end))
    .join("");
