// 5,000 seeded mutations of the written files: each is valid and says what it says, or has issues with a place.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "smol-toml";
import { createRandom, type Random } from "../../src/core/base/random.ts";
import { compilePolicy } from "../../src/core/policy/compile.ts";
import { isTable, leavesOf } from "../../src/core/policy/layer.ts";
import { snapshotVerifies } from "../../src/core/policy/snapshot.ts";
import { draws } from "../setup/sample.ts";

const read = (name: string): string => readFileSync(new URL(`../../policy/${name}`, import.meta.url), "utf8");
const FILES = { policy: read("model_policy.toml"), candidates: read("candidates.toml") };
type File = keyof typeof FILES;

const cut = (text: string, from: number, to: number, between = ""): string => text.slice(0, from) + between + text.slice(to);
/** A line `key = value`, and where its value stands. */
const values = (text: string): readonly (readonly [from: number, to: number])[] =>
  [...text.matchAll(/^[\w."-]+ = ([^\n#]+)/gm)].map((match) => [match.index + match[0].indexOf("= ") + 2, match.index + match[0].trimEnd().length] as const);
const lineStarts = (text: string): readonly number[] => [...text.matchAll(/^/gm)].map(({ index }) => index);

const SWAPS = [
  "1",
  "-1",
  "1.5",
  "0",
  "true",
  '"x"',
  '""',
  "[]",
  "[1]",
  "{}",
  "{ a = 1 }",
  "1979-05-27",
  "1979-05-27T07:32:00Z",
  "inf",
  "-inf",
  "nan",
  "1e308",
  "9007199254740993",
  "0x7fffffffffffffff",
  `"${"y".repeat(5000)}"`,
];
const EXTRAS = [
  "__proto__ = 1",
  "[__proto__]\nx = 1",
  "constructor = 1",
  "[constructor.prototype]\nx = 1",
  "[roles.reflex]\nmodel = 1",
  "\u0000",
  "\u2028",
  '"" = 1',
  "[[promotion]]",
  "[a.b.c.d]\ne = 1",
  "toString = 1",
];

const MUTATIONS: Readonly<Record<string, (text: string, random: Random) => string>> = {
  "a byte flipped": (text, random) => {
    const at = random.int(text.length);
    return cut(text, at, at + 1, String.fromCodePoint((text.codePointAt(at) ?? 0) ^ (1 << random.int(7))));
  },
  truncated: (text, random) => text.slice(0, random.int(text.length)),
  "a value of another type": (text, random) => {
    const [from, to] = random.pick(values(text));
    return cut(text, from, to, random.pick(SWAPS));
  },
  "a key twice": (text, random) => {
    const [from, to] = random.pick(values(text));
    const line = text.lastIndexOf("\n", from) + 1;
    return cut(text, to, to, `\n${text.slice(line, to)}`);
  },
  "a strange line": (text, random) => {
    const at = random.pick(lineStarts(text));
    return cut(text, at, at, `${random.pick(EXTRAS)}\n`);
  },
  "nested deep": (text, random) => {
    const [from, to] = random.pick(values(text));
    const depth = 1 + random.int(3000);
    return cut(
      text,
      from,
      to,
      random.int(2) === 0 ? `${"[".repeat(depth)}1${"]".repeat(depth)}` : `${"{ a = ".repeat(depth % 400)}1${" }".repeat(depth % 400)}`,
    );
  },
  "a huge number": (text, random) => {
    const [from, to] = random.pick(values(text));
    return cut(text, from, to, `${random.pick(["", "-"])}${"9".repeat(1 + random.int(400))}${random.pick(["", ".5", "e99"])}`);
  },
  "lines swapped": (text, random) => {
    const lines = text.split("\n");
    const [one, other] = [random.int(lines.length), random.int(lines.length)];
    [lines[one], lines[other]] = [lines[other] ?? "", lines[one] ?? ""];
    return lines.join("\n");
  },
  "a piece gone": (text, random) => {
    const at = random.int(text.length);
    return cut(text, at, at + 1 + random.int(200));
  },
};

const prototypeBefore = Object.getOwnPropertyNames(Object.prototype).join();

interface Outcome {
  readonly taken: boolean;
  /** What is not as it must be, or null. */
  readonly wrong: string | null;
}

function outcomeOf(file: File, text: string): Outcome {
  const texts = { ...FILES, [file]: text };
  const compiled = compilePolicy(
    { policy: { path: "policy", text: texts.policy }, candidates: { path: "candidates", text: texts.candidates }, spec: null, overrides: [] },
    "2026-11-22T00:00:00.000Z",
  );
  if (Object.getOwnPropertyNames(Object.prototype).join() !== prototypeBefore || "x" in {})
    return { taken: compiled.ok, wrong: "the prototype of all objects has changed" };
  if (!compiled.ok) return { taken: false, wrong: unplaced(compiled.issues, texts) };
  return { taken: true, wrong: snapshotVerifies(compiled.snapshot) ? unsaid(file, text, compiled.snapshot) : "its hash does not verify" };
}

function unplaced(issues: readonly { path: string; line: number; column: number; message: string }[], texts: typeof FILES): string | null {
  if (issues.length === 0) return "it is refused without a word";
  const lost = issues.find(({ path, line, column, message }) => {
    const lines = texts[path === "policy" ? "policy" : "candidates"].split("\n");
    return !(path in texts) || line < 1 || line > lines.length || column < 1 || message === "";
  });
  return lost ? `an issue without a place: ${JSON.stringify(lost)}` : null;
}

/** Every value of the text must be that of the snapshot; what the snapshot has beyond must be owned up to as a default. */
function unsaid(
  file: File,
  text: string,
  snapshot: { policy: object; candidates: readonly object[]; layers: Readonly<Record<string, string>> },
): string | null {
  const written = parse(text);
  const compiled: unknown = file === "policy" ? snapshot.policy : { format: 1, candidate: snapshot.candidates };
  const changed = leavesOf(written).find(
    ({ key, value }) =>
      !covers(
        key.reduce<unknown>((here, part) => (here as Record<string, unknown>)[part], compiled),
        value,
      ),
  );
  if (changed) return `${changed.key.join(".")} is written and not taken`;
  if (file === "candidates") return null;
  const said = new Set(leavesOf(written).map(({ key }) => key.join(".")));
  const silent = leavesOf(snapshot.policy as Record<string, unknown>).find(
    ({ key }) =>
      !said.has(key.join(".")) && !Object.entries(snapshot.layers).some(([name, layer]) => layer === "defaults" && name.replaceAll('"', "") === key.join(".")),
  );
  return silent ? `${silent.key.join(".")} is taken and written nowhere` : null;
}

/** Entries of lists may have members filled in by their schema; nothing that was written may be another. */
function covers(taken: unknown, written: unknown): boolean {
  if (Array.isArray(written)) return Array.isArray(taken) && taken.length === written.length && written.every((item, index) => covers(taken[index], item));
  if (isTable(written)) return isTable(taken) && Object.entries(written).every(([key, value]) => covers(taken[key], value));
  return Object.is(taken, written) || (taken === 0 && written === 0);
}

it("holds for 5,000 seeded mutations, some of them drawn anew each time, none of which takes long", () => {
  const { count, seed: drawnBy } = draws("policy mutations", { whole: 5000, part: 1000 });
  const kinds = Object.entries(MUTATIONS);
  const outcomes: string[] = [];
  const counts = { taken: 0, refused: 0 };
  for (let seed = 0; seed < count; seed += 1) {
    const random = createRandom(`${drawnBy} ${seed}`);
    const [kind, mutate] = kinds[seed % kinds.length] ?? ["", () => ""];
    const file = random.int(4) === 0 ? "candidates" : "policy";
    const text = mutate(FILES[file], random);
    const start = performance.now();
    const { taken, wrong } = outcomeOf(file, text);
    const ms = performance.now() - start;
    if (wrong !== null || ms > 5000) outcomes.push(`${drawnBy} ${seed}, ${kind} in ${file}: ${wrong ?? `${Math.round(ms)} ms`}`);
    counts[taken ? "taken" : "refused"] += 1;
  }
  expect(outcomes).toEqual([]);
  // Both sides of the promise are put to the test.
  expect(Math.min(counts.taken, counts.refused)).toBeGreaterThan(count / 10);
});
