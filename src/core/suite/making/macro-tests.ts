// Writes tests that a macro of their own file makes as functions, so that they can be told apart, held out and halved like any other.
import { closeOf, type Code, endOf, isMatchedOpen, readCode, startOf, textOf } from "../../rust/code.ts";
import { expandMacro } from "../../rust/macro-expansion.ts";
import { type MacroDefinition, readMacros, writes } from "../../rust/macro-rules.ts";
import { type Cut, spliced } from "./surgery.ts";

/** A macro's rule may call the macro again. */
const MOST_ROUNDS = 4;

/** The source with each such invocation written out; itself where it has none, or none that could be written out. */
export function withWrittenTests(source: string): string {
  let written = source;
  for (let round = 0; round < MOST_ROUNDS && written.includes("macro_rules"); round += 1) {
    const code = readCode(written);
    const makers = code.balanced ? testMakers(code) : new Map<string, MacroDefinition>();
    const cuts = makers.size === 0 ? [] : invocations(code, makers);
    if (cuts.length === 0) return written;
    written = spliced(written, cuts);
  }
  return written;
}

/** Macros of which a rule writes a test. One that is defined twice is known by its place, which is not looked at. */
function testMakers(code: Code): ReadonlyMap<string, MacroDefinition> {
  const all = readMacros(code);
  const isOnce = (name: string): boolean => all.filter((other) => other.name === name).length === 1;
  return new Map(all.flatMap((macro) => (isOnce(macro.name) && writes(macro, "#", "[", "test", "]") ? [[macro.name, macro] as const] : [])));
}

/** Of macros in the place of items: in the file itself and in its modules, not in functions. */
function invocations(code: Code, makers: ReadonlyMap<string, MacroDefinition>): Cut[] {
  const cuts: Cut[] = [];
  for (let index = 0; index < code.tokens.length; index += 1) {
    if (isMatchedOpen(code, index) && !opensModule(code, index)) {
      index = closeOf(code, index);
      continue;
    }
    const cut = invocationAt(code, index, makers);
    if (cut === null) continue;
    if (cut.text !== null) cuts.push({ ...cut, text: cut.text });
    index = closeOf(code, index + 2);
  }
  return cuts;
}

const opensModule = (code: Code, index: number): boolean => textOf(code, index) === "{" && textOf(code, index - 2) === "mod";

/** `text`: null where it stays as it is. */
function invocationAt(code: Code, index: number, makers: ReadonlyMap<string, MacroDefinition>): { start: number; end: number; text: string | null } | null {
  const macro = makers.get(textOf(code, index));
  if (macro === undefined || textOf(code, index + 1) !== "!" || !isMatchedOpen(code, index + 2)) return null;
  const close = closeOf(code, index + 2);
  const end = textOf(code, close + 1) === ";" ? endOf(code, close + 1) : endOf(code, close);
  // An attribute or a doc comment before it would be that of the first item alone; a path before it names another macro.
  const isBare = !["]", "::"].includes(textOf(code, index - 1)) && code.tokens[index - 1]?.kind !== "comment";
  return { start: startOf(code, index), end, text: isBare ? expandMacro(macro, code, index + 3, close) : null };
}
