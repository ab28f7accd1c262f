// Writes what an invocation of a `macro_rules!` macro expands to, for the plain ones: by tokens, without hygiene.
import { closeOf, type Code, endOf, isMatchedOpen, startOf, textOf } from "./code.ts";
import { type Element, type Fragment, type MacroDefinition, operatorAfter, type Repetition } from "./macro-rules.ts";

/** What a name stands for: a text, or one for each time round its repetition. */
type Bound = string | readonly Bound[];
type Bindings = ReadonlyMap<string, Bound>;

interface Matched {
  readonly bindings: Map<string, Bound>;
  readonly next: number;
}

/** Text of what this invocation's arguments (tokens `from` to `to`, exclusive) expand to; null where no rule takes them, or one can't be written out. */
export function expandMacro(definition: MacroDefinition, code: Code, from: number, to: number): string | null {
  for (const rule of definition.rules) {
    const matched = matchAll({ code, to }, rule.pattern, from);
    if (matched?.next === to) return transcribe(definition.code, rule.from, rule.to, matched.bindings);
  }
  return null;
}

interface Input {
  readonly code: Code;
  readonly to: number;
}

function matchAll(input: Input, pattern: readonly Element[], from: number): Matched | null {
  const bindings = new Map<string, Bound>();
  let next = from;
  for (const element of pattern) {
    const matched = matchOne(input, element, next);
    if (matched === null) return null;
    for (const [name, bound] of matched.bindings) bindings.set(name, bound);
    next = matched.next;
  }
  return { bindings, next };
}

function matchOne(input: Input, element: Element, from: number): Matched | null {
  const { code, to } = input;
  switch (element.kind) {
    case "literal":
      return from < to && textOf(code, from) === element.text ? { bindings: new Map(), next: from + 1 } : null;
    case "group": {
      if (from >= to || textOf(code, from) !== element.open || !isMatchedOpen(code, from)) return null;
      const inner = matchAll({ code, to: closeOf(code, from) }, element.inner, from + 1);
      return inner?.next === closeOf(code, from) ? { bindings: inner.bindings, next: closeOf(code, from) + 1 } : null;
    }
    case "fragment":
      return matchFragment(input, element, from);
    case "repetition":
      return matchRepetition(input, element, from);
  }
}

function matchRepetition(input: Input, { inner, separator, operator }: Repetition, from: number): Matched | null {
  const rounds: Map<string, Bound>[] = [];
  let next = from;
  const most = operator === "?" ? 1 : Number.POSITIVE_INFINITY;
  while (next < input.to && rounds.length < most) {
    const begin = rounds.length > 0 && separator !== null ? next + 1 : next;
    if (begin > next && textOf(input.code, next) !== separator) break;
    const round = matchAll(input, inner, begin);
    if (round === null || round.next === begin) break;
    rounds.push(round.bindings);
    next = round.next;
  }
  if (operator === "+" && rounds.length === 0) return null;
  return { bindings: new Map(inner.flatMap(namesOf).map((name) => [name, rounds.flatMap((round) => round.get(name) ?? [])])), next };
}

function namesOf(element: Element): string[] {
  if (element.kind === "literal") return [];
  return element.kind === "fragment" ? [element.name] : element.inner.flatMap(namesOf);
}

/** What may follow an expression, a type and the like; where a pattern says what does, that too. */
const ENDS: Readonly<Record<string, ReadonlySet<string>>> = {
  expr: new Set([",", ";", "=>"]),
  stmt: new Set([",", ";", "=>"]),
  ty: new Set(["{", "[", ",", "=>", ":", "=", ">", ";", "|", "as", "where"]),
  path: new Set(["{", "[", ",", "=>", ":", "=", ">", ";", "|", "as", "where"]),
  pat: new Set(["=>", ",", "=", "if", "in"]),
  pat_param: new Set(["=>", ",", "=", "|", "if", "in"]),
  meta: new Set<string>(),
};

function matchFragment({ code, to }: Input, { name, specifier }: Fragment, from: number): Matched | null {
  const end = from < to ? fragmentEnd(code, specifier, from, to) : null;
  if (end === null || end <= from || end > to) return null;
  const text = code.source.slice(startOf(code, from), endOf(code, end - 1));
  // An expression stays one wherever it is put.
  const bound = specifier === "expr" && !isPostfix(code, from, end) ? `(${text})` : text;
  return { bindings: new Map([[name, bound]]), next: end };
}

const OPENS_MORE = new Set(["as", "move", "if", "match", "return", "unsafe", "async", "loop", "while", "for", "break"]);

/** A path, a call, a field, a macro's call: nothing that an operator next to it could tear apart. */
function isPostfix(code: Code, from: number, end: number): boolean {
  for (let index = from; index < end; index += 1) {
    const text = textOf(code, index);
    if (text === "{" || !isTight(code, index, index > from)) return false;
    if (isMatchedOpen(code, index)) index = closeOf(code, index);
  }
  return true;
}

function isTight(code: Code, index: number, isInside: boolean): boolean {
  const text = textOf(code, index);
  if (code.tokens[index]?.kind === "ident") return !OPENS_MORE.has(text);
  return code.tokens[index]?.kind !== "punct" || text === "." || text === "::" || (text === "!" && isInside && isMatchedOpen(code, index + 1));
}

type FragmentReader = (code: Code, from: number) => number | null;

const group: FragmentReader = (code, from) => (isMatchedOpen(code, from) ? closeOf(code, from) + 1 : null);

/** Fragments whose end is told by themselves: the token after them, or null where there is none. */
const FRAGMENTS: Readonly<Record<string, FragmentReader>> = {
  ident: (code, from) => (code.tokens[from]?.kind === "ident" ? from + 1 : null),
  lifetime: (code, from) => (code.tokens[from]?.kind === "lifetime" ? from + 1 : null),
  tt: (code, from) => group(code, from) ?? from + 1,
  literal: literalEnd,
  block: (code, from) => (textOf(code, from) === "{" ? group(code, from) : null),
};

function fragmentEnd(code: Code, specifier: string, from: number, to: number): number | null {
  const read = FRAGMENTS[specifier];
  if (read) return read(code, from);
  const ends = ENDS[specifier];
  return ends === undefined ? null : runEnd(code, ends, from, to);
}

function literalEnd(code: Code, from: number): number | null {
  const at = textOf(code, from) === "-" ? from + 1 : from;
  const kind = code.tokens[at]?.kind;
  return kind === "string" || kind === "char" || kind === "number" || ["true", "false"].includes(textOf(code, at)) ? at + 1 : null;
}

/** Up to a token that may follow, outside of all delimiters, of a type's angles and of a closure's parameters. */
function runEnd(code: Code, ends: ReadonlySet<string>, from: number, to: number): number {
  const hasAngles = ends.has(">");
  let angles = 0;
  let index = closureBody(code, from, to);
  for (; index < to; index += 1) {
    const text = textOf(code, index);
    if (angles === 0 && index > from && ends.has(text)) return index;
    if (isMatchedOpen(code, index)) index = closeOf(code, index);
    else if (hasAngles && text === "<") angles += 1;
    else if (hasAngles && text === ">") angles -= 1;
  }
  return index;
}

/** Where an expression is a closure: the token after its parameters. */
function closureBody(code: Code, from: number, to: number): number {
  const bar = textOf(code, from) === "move" ? from + 1 : from;
  if (textOf(code, bar) !== "|") return from;
  for (let index = bar + 1; index < to; index += 1) {
    if (isMatchedOpen(code, index)) index = closeOf(code, index);
    else if (textOf(code, index) === "|") return index + 1;
  }
  return from;
}

/** A rule's body with its names filled in; null where one has no text at its place. */
function transcribe(code: Code, from: number, to: number, bindings: Bindings): string | null {
  const parts: string[] = [];
  let place = from < to ? startOf(code, from) : 0;
  for (let index = from; index < to; index += 1) {
    if (textOf(code, index) !== "$") continue;
    const filled = filledAt(code, index, bindings);
    if (filled === null) return null;
    parts.push(code.source.slice(place, startOf(code, index)), filled.text);
    place = endOf(code, filled.last);
    index = filled.last;
  }
  return from < to ? parts.join("") + code.source.slice(place, endOf(code, to - 1)) : "";
}

interface Filled {
  readonly text: string;
  /** The last token that it stands for. */
  readonly last: number;
}

function filledAt(code: Code, dollar: number, bindings: Bindings): Filled | null {
  const name = textOf(code, dollar + 1);
  if (name === "(") return filledRepetition(code, dollar + 1, bindings);
  if (name === "crate") return { text: "crate", last: dollar + 1 };
  const bound = bindings.get(name);
  return typeof bound === "string" ? { text: bound, last: dollar + 1 } : null;
}

function filledRepetition(code: Code, open: number, bindings: Bindings): Filled | null {
  const close = closeOf(code, open);
  const { separator, next } = operatorAfter(code, close);
  const used = [...bindings].filter(([name, bound]) => typeof bound !== "string" && names(code, open, close).has(name));
  const rounds = Math.max(0, ...used.map(([, bound]) => bound.length));
  const texts: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const inner = new Map(bindings);
    for (const [name, bound] of used) inner.set(name, bound[round] ?? "");
    const text = transcribe(code, open + 1, close, inner);
    if (text === null) return null;
    texts.push(text);
  }
  return { text: texts.join(separator === null ? "\n" : `${separator} `), last: next - 1 };
}

/** Names that stand behind a `$` between two tokens. */
function names(code: Code, open: number, close: number): ReadonlySet<string> {
  const found = new Set<string>();
  for (let index = open; index < close; index += 1) if (textOf(code, index) === "$") found.add(textOf(code, index + 1));
  return found;
}
