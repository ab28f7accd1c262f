// Chooses the twins of a file's tests: spread over modules, alternating kinds; which change and which place is drawn.
import type { Random } from "../../base/random.ts";
import type { Code } from "../../rust/code.ts";
import type { TestFunction } from "../../rust/items.ts";
import { spansLines, twinWays } from "./twin.ts";
import type { TokenChanges, TwinKind, TwinWays } from "./twin.ts";

export interface TwinChoice {
  readonly kind: TwinKind;
  readonly test: TestFunction;
  readonly changes: TokenChanges;
  /** Offset to insert at; null for the end of the file. */
  readonly place: number | null;
}

type Way = Exclude<keyof TwinWays, "others">;
const order: readonly (readonly [Way, TwinKind])[] = [
  ["mutate", "mutate"],
  ["flip", "flip"],
  ["unexpectedPanic", "unexpected-panic"],
];

interface Candidate {
  readonly test: TestFunction;
  readonly ways: TwinWays;
  readonly place: number | null;
}

/** By whoever does not know the draws, no twin can be told from its test: neither by what was changed nor by where it stands. */
export interface TwinDraw {
  readonly maxTwins: number;
  /** An equality that a patch owns is asked about each part of a value that these expect. */
  readonly areHeldOut: boolean;
  readonly random: Random;
}

/** Twins of a held-out test at the most, each with another part of what it expects changed. */
const MOST_PARTS = 4;

function byModule(tests: readonly TestFunction[]): TestFunction[][] {
  const modules = new Map<unknown, TestFunction[]>();
  for (const test of tests) {
    const group = modules.get(test.module);
    if (group === undefined) modules.set(test.module, [test]);
    else group.push(test);
  }
  return [...modules.values()];
}

/** A twin may bring line breaks only where no code comes after it. */
function isPlaceable(code: Code, { module }: TestFunction, spans: boolean): boolean {
  return !spans || module?.closing == null || code.tokens.at(-1)?.start === module.closing;
}

/** Tests that can be made to fail this way; for the other ways, those that "mutate" can't use come first. */
function queueOf(candidates: readonly Candidate[], way: Way): Candidate[] {
  const able = candidates.filter(({ ways }) => ways[way] !== null);
  if (way === "mutate") return able;
  return [...able.filter(({ ways }) => ways.mutate === null), ...able.filter(({ ways }) => ways.mutate !== null)];
}

/** The module's choices, best first: kinds alternate, and each test is used once unless a kind would be missing otherwise. */
function rank(candidates: readonly Candidate[]): TwinChoice[] {
  const used = new Set<TestFunction>();
  const chosen: TwinChoice[] = [];
  const queues = order.map(([way, kind]) => ({ way, kind, queue: queueOf(candidates, way), at: 0, taken: false }));
  for (let progress = true; progress; ) {
    progress = false;
    for (const turn of queues) {
      while (used.has(turn.queue[turn.at]?.test as TestFunction)) turn.at += 1;
      const next = turn.queue[turn.at] ?? (turn.taken ? undefined : turn.queue[0]);
      const changes = next?.ways[turn.way];
      if (next === undefined || changes == null) continue;
      used.add(next.test);
      turn.taken = true;
      progress = true;
      chosen.push({ kind: turn.kind, test: next.test, changes, place: next.place });
    }
  }
  return chosen;
}

/** What the ranking left out of tests that are held out: no equality then passes by one part of a value. */
function furtherParts(candidates: readonly Candidate[], ranked: readonly TwinChoice[]): TwinChoice[] {
  return candidates.flatMap(({ test, ways: { mutate, others }, place }) => {
    const parts = mutate === null ? [] : [mutate, ...others].slice(0, MOST_PARTS);
    const taken = new Set(ranked.flatMap((choice) => (choice.test === test ? [choice.changes] : [])));
    return parts.flatMap((changes) => (taken.has(changes) ? [] : [{ kind: "mutate" as const, test, changes, place }]));
  });
}

function choicesOf(code: Code, tests: readonly TestFunction[], { random, areHeldOut }: TwinDraw): TwinChoice[] {
  const candidates = random
    .shuffle(tests)
    .filter((test) => isPlaceable(code, test, spansLines(code, test)))
    .map((test) => ({ test, ways: twinWays(code, test, random), place: placeFor(code, test, tests, random) }));
  const chosen = rank(candidates);
  const ranked = areHeldOut ? [...chosen, ...furtherParts(candidates, chosen)] : chosen;
  const [test] = tests;
  if (ranked.length > 0 || test === undefined) return ranked;
  return [{ kind: "plain", test, changes: new Map(), place: test.module?.closing ?? null }];
}

/** At the end of its module, or right behind any test of it; on one line, so that nothing moves. */
function placeFor(code: Code, test: TestFunction, siblings: readonly TestFunction[], random: Random): number | null {
  const end = test.module?.closing ?? null;
  return spansLines(code, test) ? end : random.pick([end, ...siblings.map((sibling) => sibling.end)]);
}

/** At most `maxTwins` choices, taken from the file's modules in turn. */
export function selectTwins(code: Code, tests: readonly TestFunction[], draw: TwinDraw): TwinChoice[] {
  const { maxTwins } = draw;
  const modules = byModule(tests).map((group) => choicesOf(code, group, draw));
  const longest = modules.reduce((most, { length }) => Math.max(most, length), 0);
  const selected: TwinChoice[] = [];
  for (let round = 0; round < longest && selected.length < maxTwins; round += 1) {
    for (const choices of modules) {
      const choice = choices[round];
      if (choice !== undefined && selected.length < maxTwins) selected.push(choice);
    }
  }
  return selected;
}
