// Puts a file's own test modules back into its patched version, so that a patch can't touch the tests that judge it.
import { readCode } from "../../rust/code.ts";
import { readItems, testModules } from "../../rust/items.ts";
import type { ModuleItem, RustItems } from "../../rust/items.ts";

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function placeOf({ parents, name }: ModuleItem): string {
  return [...parents, name].join("::");
}

function byPlace(modules: readonly ModuleItem[]): Map<string, ModuleItem[]> {
  const places = new Map<string, ModuleItem[]>();
  for (const item of modules) {
    const place = places.get(placeOf(item));
    if (place === undefined) places.set(placeOf(item), [item]);
    else place.push(item);
  }
  return places;
}

/** Modules of a file that are neither test-only nor inside a test-only one. */
function plainModules(items: RustItems): ModuleItem[] {
  const tests = testModules(items);
  let at = 0;
  return items.modules.filter((item) => {
    while (at < tests.length && (tests[at]?.end ?? 0) <= item.start) at += 1;
    return item.start < (tests[at]?.start ?? Number.POSITIVE_INFINITY);
  });
}

/** Modules of the patched file in the places of the base's test modules: disguised ones count, if the base has none. Last first. */
function standIns(base: RustItems, patched: RustItems): Map<string, ModuleItem[]> {
  const places = byPlace(testModules(patched));
  const known = byPlace(plainModules(base));
  for (const [place, items] of byPlace(plainModules(patched))) {
    if (!places.has(place) && !known.has(place)) places.set(place, items);
  }
  for (const items of places.values()) items.reverse();
  return places;
}

/** Where to put a test module whose place is gone: before the closing brace of its parent, else at the end of the file. */
function homeless(item: ModuleItem, text: string, patched: RustItems, length: number): Splice {
  const parent = item.parents.join("::");
  const home = item.parents.length === 0 ? undefined : patched.modules.find((module) => placeOf(module) === parent);
  const at = home?.closing ?? length;
  return { start: at, end: at, text: `\n${text}\n` };
}

/** Applies splices; the text of one inside a replaced range goes to the end of the file. */
function apply(source: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  const rest: string[] = [];
  let at = 0;
  for (const { start, end, text } of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < at) {
      rest.push(text);
      continue;
    }
    parts.push(source.slice(at, start), text);
    at = end;
  }
  return [...parts, source.slice(at), ...rest].join("");
}

/**
 * The patched file with the base's `#[cfg(test)] mod` items (inline or declared) in place of its own. Test modules that
 * the base lacks are removed. Byte for byte `patched` if the patch did not touch them. A module whose place no longer exists goes
 * to the end of its parent module, else of the file. A patch that breaks the delimiters still gets all of them.
 */
export function regraftTestModules(base: string, patched: string): string {
  const [before, after] = [readItems(readCode(base)), readItems(readCode(patched))];
  const places = standIns(before, after);
  const splices: Splice[] = [];
  const taken = new Set<ModuleItem>();
  for (const item of testModules(before)) {
    const text = base.slice(item.start, item.end);
    const place = places.get(placeOf(item))?.pop();
    if (place === undefined) splices.push(homeless(item, text, after, patched.length));
    else {
      taken.add(place);
      splices.push({ start: place.start, end: place.end, text });
    }
  }
  for (const item of testModules(after)) {
    if (!taken.has(item)) splices.push({ start: item.start, end: item.end, text: "" });
  }
  return apply(patched, splices);
}

/** A changed file as verification lays it over its base (`before`: its content there): a Rust source keeps the base's own test modules. */
export const regraftedFile = (path: string, before: string | Uint8Array | undefined, patched: string): string =>
  path.endsWith(".rs") ? regraftTestModules(typeof before === "string" ? before : "", patched) : patched;
