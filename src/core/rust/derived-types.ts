// Which types of a source tree compare and show themselves by their fields alone.
import { closeOf, type Code, isMatchedOpen, readCode, textOf } from "./code.ts";

/** What is written by hand for a type: `impl fmt::Debug for Name`. */
const BY_HAND = /\b(?:PartialEq|Debug)\b(?:\s*<[^{};]{0,200}>)?\s+for\s+(?:&\s*)?(?:\w+\s*::\s*)*(\w+)/g;

/**
 * Names of the structures and enumerations that derive both `Debug` and `PartialEq`, in any of these Rust sources, and for which nowhere in
 * them either is written by hand.
 */
export function derivedTypes(sources: Iterable<string>): ReadonlySet<string> {
  const [derived, byHand] = [new Set<string>(), new Set<string>()];
  for (const source of sources) {
    for (const name of derivedIn(readCode(source))) derived.add(name);
    for (const [, name = ""] of source.matchAll(BY_HAND)) byHand.add(name);
  }
  return new Set([...derived].filter((name) => !byHand.has(name)));
}

function derivedIn(code: Code): string[] {
  const names: string[] = [];
  for (let at = 0; at < code.tokens.length; at += 1) {
    if (!isAttribute(code, at)) continue;
    const [derives, end] = attributesFrom(code, at);
    const item = behindVisibility(code, end);
    at = end - 1;
    if (["struct", "enum"].includes(textOf(code, item)) && ["Debug", "PartialEq"].every((name) => derives.has(name))) names.push(textOf(code, item + 1));
  }
  return names;
}

const isAttribute = (code: Code, at: number): boolean => textOf(code, at) === "#" && textOf(code, at + 1) === "[" && isMatchedOpen(code, at + 1);

/** What the attributes from this one on derive, and the token behind the last. */
function attributesFrom(code: Code, first: number): readonly [derives: ReadonlySet<string>, end: number] {
  const derives = new Set<string>();
  let at = first;
  while (isAttribute(code, at) || code.source.startsWith("/", code.tokens[at]?.start)) {
    if (!isAttribute(code, at)) at += 1;
    else {
      const close = closeOf(code, at + 1);
      // `derive(Debug, std::cmp::PartialEq)`: each path's last name.
      if (textOf(code, at + 2) === "derive")
        for (let word = at + 4; word < close; word += 1) if (textOf(code, word + 1) !== "::") derives.add(textOf(code, word));
      at = close + 1;
    }
  }
  return [derives, at];
}

function behindVisibility(code: Code, at: number): number {
  if (textOf(code, at) !== "pub") return at;
  return isMatchedOpen(code, at + 1) ? closeOf(code, at + 1) + 1 : at + 1;
}
