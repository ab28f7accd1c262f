// What a test file takes from outside itself: crates and modules in other files, which its copy in a module of the same file can't declare again.
import { closeOf, type Code, endOf, isMatchedOpen, startOf, textOf } from "../../rust/code.ts";
import type { Change } from "../../rust/syntax.ts";

/** One `extern crate name;` or `mod name;` at a file's own level, by its tokens. */
interface Declaration {
  readonly keyword: "extern" | "mod";
  readonly name: string;
  /** Token indexes of its attributes' `#`. */
  readonly attributes: readonly number[];
  /** Of its visibility, or its keyword. */
  readonly first: number;
  readonly last: number;
}

/** Those of a file, in order; those in its blocks and inline modules are not among them. */
function declarations(code: Code): Declaration[] {
  const found: Declaration[] = [];
  let attributes: number[] = [];
  for (let at = 0; at < code.tokens.length; ) {
    if (code.tokens[at]?.kind === "comment") at += 1;
    else if (textOf(code, at) === "#" && textOf(code, at + 1) === "[" && isMatchedOpen(code, at + 1)) {
      attributes.push(at);
      at = closeOf(code, at + 1) + 1;
    } else {
      const one = declarationAt(code, at, attributes);
      if (one !== null) found.push(one);
      attributes = [];
      at = one === null ? behindItem(code, at) : one.last + 1;
    }
  }
  return found;
}

/** The token behind the next `;` or block. */
function behindItem(code: Code, first: number): number {
  for (let at = first; at < code.tokens.length; at += 1) {
    if (textOf(code, at) === ";") return at + 1;
    if (!isMatchedOpen(code, at)) continue;
    const isBlock = textOf(code, at) === "{";
    at = closeOf(code, at);
    // Inner attributes end with their bracket: what follows them may carry attributes of its own.
    if (isBlock || textOf(code, first + 1) === "!") return at + 1;
  }
  return code.tokens.length;
}

function declarationAt(code: Code, first: number, attributes: readonly number[]): Declaration | null {
  const isScoped = textOf(code, first) === "pub" && textOf(code, first + 1) === "(";
  let at = first;
  if (textOf(code, first) === "pub") at = isScoped ? closeOf(code, first + 1) + 1 : first + 1;
  const keyword = textOf(code, at);
  if (keyword === "mod" && textOf(code, at + 2) === ";") return { keyword, name: rawText(code, at + 1), attributes, first, last: at + 2 };
  if (keyword !== "extern" || textOf(code, at + 1) !== "crate") return null;
  let last = at;
  while (last < code.tokens.length - 1 && textOf(code, last) !== ";") last += 1;
  return { keyword, name: rawText(code, at + 2), attributes, first, last };
}

/** With the `r#` of a raw identifier. */
const rawText = (code: Code, at: number): string => code.source.slice(startOf(code, at), endOf(code, at));

/** The declarations alone, on one line: what a copy needs about it where the file itself is not there. */
export function declarationsAlone(code: Code): string {
  return declarations(code)
    .flatMap(({ attributes, first, last }) => [...attributes.map((at) => joined(code, at, closeOf(code, at + 1))), joined(code, first, last)])
    .join(" ");
}

/** Token by token: a comment between them would hide what follows it on the line. */
const joined = (code: Code, first: number, last: number): string =>
  Array.from({ length: last - first + 1 }, (_, index) => rawText(code, first + index)).join(" ");

/** In a module of the file: the file's modules are used from there, and macros of crates are everybody's already. No line moves. */
export function declaredOutside(code: Code): Change[] {
  return declarations(code).flatMap(({ keyword, name, attributes, first, last }) => {
    const gone = attributes.filter((at) => OUTER_ONLY.has(textOf(code, at + 2)));
    const changes = gone.map((at) => replaced(code, at, closeOf(code, at + 1), ""));
    return keyword === "mod" ? [...changes, replaced(code, first, last, `use super::${name};`)] : changes;
  });
}

const OUTER_ONLY = new Set(["macro_use", "path"]);

function replaced(code: Code, first: number, last: number, text: string): Change {
  const [start, end] = [startOf(code, first), endOf(code, last)];
  return { start, end, text: `${text}${"\n".repeat(code.source.slice(start, end).split("\n").length - 1)}` };
}
