// Test modules of real files are found whatever is broken before them: guard, twins and prompts read code that no compiler would.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../src/core/base/random.ts";
import { readCode } from "../../../../src/core/rust/code.ts";
import { readItems, testModules } from "../../../../src/core/rust/items.ts";

const suites = new URL("../../../../suites/", import.meta.url);
const sources = readdirSync(suites, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".rs"))
  .toSorted()
  .map((path) => readFileSync(new URL(path, suites), "utf8"));

const modulesOf = (source: string) => testModules(readItems(readCode(source)));

const random = createRandom("damage");
const below = (limit: number): number => Math.floor(random.next() * limit);
const inserted = (text: string, place: number, part: string): string => text.slice(0, place) + part + text.slice(place);
const lineBefore = (text: string): number => text.lastIndexOf("\n", below(text.length)) + 1;

/** Damage to what stands before the module; the first three tear brackets apart, the others say things that look like code. */
const DAMAGE: Readonly<Record<string, (before: string) => string>> = {
  "a bracket too few": (before) => {
    const places = [...before.matchAll(/[{}()[\]]/g)].map(({ index }) => index);
    const place = random.pick(places.length === 0 ? [before.length] : places);
    return before.slice(0, place) + before.slice(place + 1);
  },
  "a bracket too many": (before) => inserted(before, lineBefore(before), random.pick([..."{}()[]"])),
  "half an item": (before) =>
    inserted(before, lineBefore(before), random.pick(["fn", "impl X for", "#[cfg(", "pub struct A {", "match x { 1 =>", "use a::{b,"])),
  "a raw string": (before) => inserted(before, lineBefore(before), 'const S: &str = r##"# " } mod tests { "# fn "##;\n'),
  "a nested comment": (before) => inserted(before, lineBefore(before), "/* a /* } \" ' */ { #[cfg(test)] mod t {} */\n"),
  "a macro": (before) => inserted(before, lineBefore(before), "macro_rules! made { ($($t:tt)*) => { #[cfg(test)] mod inner { $($t)* } } }\nmade! { fn a(] }\n"),
};

describe("a test module", () => {
  const files = sources.flatMap((source) => {
    const [only, ...others] = modulesOf(source);
    return only && others.length === 0 && only.start > 40
      ? [{ before: source.slice(0, only.start), module: source.slice(only.start, only.end), after: source.slice(only.end) }]
      : [];
  });

  it.each(Object.keys(DAMAGE))("is found behind %s", (name) => {
    expect(files.length).toBeGreaterThan(30);
    for (const { before, module, after } of Array.from({ length: 5 }, () => files).flat()) {
      const damaged = DAMAGE[name]?.(before) ?? before;
      const found = modulesOf(damaged + module + after).map(({ start, end }) => [start, end]);
      expect(found, damaged).toContainEqual([damaged.length, damaged.length + module.length]);
    }
  });
});
