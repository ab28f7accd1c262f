// Macros that a module imports under the names of the standard library's, imported once more for a module inside of it.
import { type Code, textOf } from "../../rust/code.ts";
import type { ModuleItem } from "../../rust/items.ts";

/** Of the standard prelude: a glob import of another macro of such a name is ambiguous (E0659), a single one is not. */
const PRELUDE = new Set([
  "assert",
  "assert_eq",
  "assert_ne",
  "debug_assert",
  "debug_assert_eq",
  "debug_assert_ne",
  "matches",
  "panic",
  "todo",
  "unimplemented",
  "unreachable",
  "print",
  "println",
  "eprint",
  "eprintln",
  "dbg",
  "format",
  "format_args",
  "vec",
  "write",
  "writeln",
]);

/** `use super::assert_eq;` for each such macro that the module (null: the file) itself imports by name. */
export function macroImports(code: Code, module: ModuleItem | null): string {
  const [from, to] = module === null ? [0, code.source.length] : [module.start, module.end];
  const names = new Set<string>();
  let depth = 0;
  for (const [index, { start, end }] of code.tokens.entries()) {
    if (start < from || end > to) continue;
    const word = textOf(code, index);
    if (word === "use" && depth === (module === null ? 0 : 1)) for (const name of importedNames(code, index)) if (PRELUDE.has(name)) names.add(name);
    if (word === "{") depth += 1;
    if (word === "}") depth -= 1;
  }
  return [...names]
    .toSorted()
    .map((name) => `#[allow(unused_imports)]\nuse super::${name};\n`)
    .join("");
}

/** The names that a `use` binds: the last of each path, or what follows its `as`. */
function importedNames(code: Code, use: number): string[] {
  const names: string[] = [];
  for (let index = use + 1; index < code.tokens.length && textOf(code, index) !== ";"; index += 1) {
    const next = textOf(code, index + 1);
    if (code.tokens[index]?.kind === "ident" && [";", ",", "}"].includes(next)) names.push(textOf(code, index));
  }
  return names;
}
