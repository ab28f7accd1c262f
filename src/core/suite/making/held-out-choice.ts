// Chooses which of a repair's tests are held out: half of them, and none that asks for a name which nobody could know.
import { sha256 } from "../../base/canonical.ts";
import type { DraftResult, Repair } from "./repair.ts";
import { assertingHelpers, firstHalf } from "./assertions.ts";
import { isMovable, namesIn, type SourceTest, testKey, treeText, withoutTests } from "./source-test.ts";

export type HeldOutChoice =
  | { readonly ok: true; readonly whole: ReadonlySet<string>; readonly halved: ReadonlyMap<string, string | null> }
  | Extract<DraftResult, { ok: false }>;

/** A test that was made to be held out is; else they go in the order of the hashes of their own keys, so that the same repair always gives the same choice. */
export function chooseHeldOut(repair: Repair): HeldOutChoice {
  const derived = repair.tests.filter(({ isDerived }) => isDerived === true);
  if (derived.length > 0) return { ok: true, whole: new Set(derived.map(testKey)), halved: new Map() };
  const ordered = repair.tests.toSorted((a, b) => (sha256(testKey(a)) < sha256(testKey(b)) ? -1 : 1));
  const [fresh, known] = [newNames(repair), knownNames(repair)];
  const needed = (text: string): string[] => [...namesIn(text)].filter((name) => fresh.has(name) && !known.has(name));
  const free = new Set(ordered.filter((test) => isMovable(treeText(repair.clean, test.path) ?? "", test)));
  const moved = movable(ordered, free, needed);
  if (moved.size > 0) return { ok: true, whole: moved, halved: new Map() };
  const halfOf = (test: SourceTest) => firstHalf(test.text, assertingHelpers(treeText(repair.clean, test.path) ?? ""), test.earlier ?? null);
  const half = ordered.find((test) => free.has(test) && isFairlyHalved(test, halfOf(test), ordered, needed));
  if (half) return { ok: true, whole: new Set(), halved: new Map([[testKey(half), half.earlier ?? null]]) };
  if (free.size === 0 && ordered.length > 0) return refused("what its tests say depends on where they stand");
  return refused(repair.tests.length === 1 ? "its one test has fewer than two assertions to divide" : "each test is the only one that shows some new name");
}

const refused = (detail: string): HeldOutChoice => ({ ok: false, drop: { reason: "held-out", detail } });

/** Takes tests as long as what stays visible shows every new name that the taken ones use. */
function movable(ordered: readonly SourceTest[], free: ReadonlySet<SourceTest>, needed: (text: string) => string[]): ReadonlySet<string> {
  const needs = new Map(ordered.map((test) => [testKey(test), needed(test.text)]));
  const taken = new Set<string>();
  for (const test of ordered) {
    if (taken.size >= Math.floor(ordered.length / 2)) break;
    if (!free.has(test)) continue;
    const asked = new Set([...taken, testKey(test)]);
    const shown = new Set([...needs].flatMap(([key, names]) => (asked.has(key) ? [] : names)));
    if ([...asked].every((key) => needs.get(key)?.every((name) => shown.has(name)) === true)) taken.add(testKey(test));
  }
  return taken;
}

function isFairlyHalved(test: SourceTest, half: string | null, all: readonly SourceTest[], needed: (text: string) => string[]): boolean {
  if (half === null) return false;
  const shown = new Set([...needed(half), ...all.flatMap((other) => (other === test ? [] : needed(other.text)))]);
  return needed(test.text).every((name) => shown.has(name));
}

/** Names that the repaired sources have and the broken ones lack. */
function newNames({ clean, before }: Repair): ReadonlySet<string> {
  const [now, then] = [new Set<string>(), new Set<string>()];
  for (const [path, content] of before) {
    const repaired = clean.get(path);
    if (typeof repaired === "string") for (const name of namesIn(withoutTests(repaired))) now.add(name);
    if (content !== null) for (const name of namesIn(withoutTests(content))) then.add(name);
  }
  return new Set([...now].filter((name) => !then.has(name)));
}

/** Names that a reader finds elsewhere: in the message, or in files that the repair left alone. */
function knownNames({ clean, before, message, tests }: Repair): ReadonlySet<string> {
  const touched = new Set([...before.keys(), ...tests.map(({ path }) => path)]);
  const known = new Set(message.match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? []);
  for (const [path, content] of clean) {
    if (path.endsWith(".rs") && typeof content === "string" && !touched.has(path)) for (const name of namesIn(content)) known.add(name);
  }
  return known;
}
