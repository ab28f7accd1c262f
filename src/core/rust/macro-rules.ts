// Reads `macro_rules!` definitions: what their rules take, and where what they write stands.
import { closeOf, type Code, endOf, isMatchedOpen, startOf, textOf } from "./code.ts";

export interface Fragment {
  readonly kind: "fragment";
  readonly name: string;
  readonly specifier: string;
}
interface Literal {
  readonly kind: "literal";
  readonly text: string;
}
interface Group {
  readonly kind: "group";
  readonly open: string;
  readonly inner: readonly Element[];
}
export interface Repetition {
  readonly kind: "repetition";
  readonly inner: readonly Element[];
  readonly separator: string | null;
  readonly operator: string;
}
export type Element = Fragment | Literal | Group | Repetition;

/** `from` and `to`: tokens of the definition's file, `to` exclusive. */
interface Rule {
  readonly pattern: readonly Element[];
  readonly from: number;
  readonly to: number;
}

export interface MacroDefinition {
  readonly name: string;
  readonly code: Code;
  readonly rules: readonly Rule[];
}

/** All definitions of a file, at any depth, in source order. */
export function readMacros(code: Code): MacroDefinition[] {
  return code.tokens.flatMap((_, index): MacroDefinition[] => {
    const opener = index + 3;
    if (textOf(code, index) !== "macro_rules" || textOf(code, index + 1) !== "!" || !isMatchedOpen(code, opener)) return [];
    return [{ name: textOf(code, index + 2), code, rules: rulesIn(code, opener + 1, closeOf(code, opener)) }];
  });
}

function rulesIn(code: Code, from: number, to: number): Rule[] {
  const rules: Rule[] = [];
  for (let index = from; index < to; ) {
    const body = closeOf(code, index) + 2;
    if (!isMatchedOpen(code, index) || textOf(code, body - 1) !== "=>" || !isMatchedOpen(code, body)) return rules;
    rules.push({ pattern: elementsIn(code, index + 1, closeOf(code, index)), from: body + 1, to: closeOf(code, body) });
    index = closeOf(code, body) + 1;
    if (textOf(code, index) === ";") index += 1;
  }
  return rules;
}

function elementsIn(code: Code, from: number, to: number): Element[] {
  const elements: Element[] = [];
  for (let index = from; index < to; ) {
    const [element, next] = elementAt(code, index);
    elements.push(element);
    index = next;
  }
  return elements;
}

function elementAt(code: Code, index: number): [Element, number] {
  const text = textOf(code, index);
  if (text === "$" && textOf(code, index + 1) === "(") return repetitionAt(code, index + 1);
  if (text === "$" && textOf(code, index + 2) === ":")
    return [{ kind: "fragment", name: textOf(code, index + 1), specifier: textOf(code, index + 3) }, index + 4];
  if (isMatchedOpen(code, index)) return [{ kind: "group", open: text, inner: elementsIn(code, index + 1, closeOf(code, index)) }, closeOf(code, index) + 1];
  return [{ kind: "literal", text }, index + 1];
}

const OPERATORS = new Set(["*", "+", "?"]);

/** After a closing parenthesis: an operator, or a separator and one. */
export function operatorAfter(code: Code, close: number): { readonly separator: string | null; readonly operator: string; readonly next: number } {
  const [first, second] = [textOf(code, close + 1), textOf(code, close + 2)];
  if (OPERATORS.has(first) && !(OPERATORS.has(second) && first !== "*" && startOf(code, close + 2) === endOf(code, close + 1)))
    return { separator: null, operator: first, next: close + 2 };
  return { separator: first, operator: second, next: close + 3 };
}

function repetitionAt(code: Code, open: number): [Repetition, number] {
  const close = closeOf(code, open);
  const { separator, operator, next } = operatorAfter(code, close);
  return [{ kind: "repetition", inner: elementsIn(code, open + 1, close), separator, operator }, next];
}

/** Does a rule write this sequence of tokens? */
export const writes = ({ code, rules }: MacroDefinition, ...words: readonly string[]): boolean =>
  rules.some(({ from, to }) =>
    Array.from({ length: to - from }, (_, at) => from + at).some((index) => words.every((word, at) => textOf(code, index + at) === word)),
  );
