// Suites of one small crate, by each way of making them, as a user calls them: what `npm run test:long` goes into, in a minute.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { folderDigest, git, layHistory } from "../history/git-history.ts";
import { scratch } from "../setup/scratch.ts";
import { sample } from "../setup/sample.ts";
import { bakeoff } from "./bakeoff.ts";

const MANIFEST = '[package]\nname = "scale"\nversion = "0.1.0"\nedition = "2021"\n\n[features]\nfine = []\n';
const SPAN = `/// The width of a span, its ends included.
pub fn width(low: i64, high: i64) -> i64 {
    if high < low {
        return 0;
    }
    high - low + 1
}
`;
const tests = (name: string, cases: readonly string[]): string =>
  `\n#[cfg(test)]\nmod tests {\n    use super::*;\n${cases.map((body, index) => `\n    #[test]\n    fn ${name}_${index + 1}() {\n        ${body}\n    }\n`).join("")}}\n`;
const SPAN_TESTS = tests("spans", ["assert_eq!(width(1, 3), 3);", "assert_eq!(width(5, 5), 1);", "assert_eq!(width(3, 1), 0);"]);
const fine = (body: string, cases: readonly string[]): string =>
  `/// Steps of a tenth in a length.\npub fn steps(length: u32) -> u32 {\n    ${body}\n}\n${tests("steps", cases)}`;
const clamp = (body: string, cases: readonly string[]): string =>
  `/// A value within bounds.\npub fn clamp(value: i64, low: i64, high: i64) -> i64 {\n    ${body}\n}\n${tests("clamps", cases)}`;
const gap = (body: string, doc: string): string => `${doc}pub fn gap(a: i64, b: i64) -> i64 {\n    ${body}\n}\n`;
// What the compiler says of the parentheses shows the line: nothing of it may stay in the workspace.
const GAP = "/// ```\n/// assert_eq!(scale::gap::gap(5, 2), 3);\n/// assert_eq!(scale::gap::gap(9, 1), 8);\n/// ```\n";
const FINE = ["assert_eq!(steps(1), 10);", "assert_eq!(steps(3), 30);"];
const CLAMP = ["assert_eq!(clamp(7, 1, 5), 5);", "assert_eq!(clamp(9, 1, 5), 5);"];

const HISTORY = [
  {
    message: "Begin",
    files: {
      "Cargo.toml": MANIFEST,
      "Cargo.lock": 'version = 4\n\n[[package]]\nname = "scale"\nversion = "0.1.0"\n',
      "src/lib.rs": 'pub mod clamp;\n#[cfg(feature = "fine")]\npub mod fine;\npub mod gap;\npub mod span;\n',
      "src/span.rs": SPAN + SPAN_TESTS,
      "src/clamp.rs": clamp("value.max(low)", []),
      "src/fine.rs": fine("length + 10", []),
      "src/gap.rs": gap("b - a", ""),
      "notes.txt": "To do: value.max(low).min(high)\n",
    },
  },
  { message: "Clamp from above too", files: { "src/clamp.rs": clamp("value.max(low).min(high)", CLAMP) } },
  { message: "Steps are tenths", files: { "src/fine.rs": fine("length.saturating_mul(10)", FINE) } },
  { message: "A gap is never negative", files: { "src/gap.rs": gap("if (a > b) { a - b } else { b - a }", GAP) } },
];

const madeSchema = z.object({
  tasks: z.array(z.object({ origin: z.string(), kind: z.string(), leaks: z.object({ lines: z.number(), leaks: z.array(z.unknown()) }) })),
  dropped: z.array(z.looseObject({ reason: z.string() })),
});

let work: string;
let ids: string[];
let env: Readonly<Record<string, string>>;
const call = (...args: readonly string[]) => bakeoff(args, { cwd: work, env });

beforeAll(async () => {
  work = await scratch();
  env = { BAKEOFF_CACHE: join(work, "cache") };
  ids = await layHistory(join(work, "scale"), HISTORY);
});

async function ratesOf(suite: string): Promise<readonly (readonly [string, number | null])[]> {
  const ran = await call("run", "--suite", suite, "--candidates", "oracle,nop", "--json");
  expect([ran.code, ran.code === 0 ? "" : ran.stderr]).toEqual([0, ""]);
  const rate = z.object({ pass: z.object({ value: z.number().nullable() }) });
  const report = z.object({ summary: z.object({ candidates: z.array(z.object({ name: z.string(), slot: rate })) }) }).parse(JSON.parse(ran.stdout));
  return report.summary.candidates.map(({ name, slot }) => [name, slot.pass.value] as const);
}

const member = (name: string, lib: string): Readonly<Record<string, string>> => ({
  [`crates/${name}/Cargo.toml`]: `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n`,
  [`crates/${name}/src/lib.rs`]: lib,
});
const DEGREES = 'pub const STEPS: &str = include_str!("../data/steps.txt");\n\n';
const warm = (body: string): string => `${DEGREES}pub fn warm(degrees: i64) -> bool {\n    ${body}\n}\n`;
const WARM_TESTS = tests("warm", ["assert!(warm(30));", "assert!(!warm(10));", 'assert!(warm(21) && STEPS.contains("21"));']);

/** A member that compiles nowhere, one that nothing builds by default, and a file that git does not have. */
const WORKSPACE = [
  {
    message: "Begin",
    files: {
      "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\ndefault-members = ["crates/notes"]\nresolver = "2"\n',
      "Cargo.lock": `version = 4\n${["meter", "notes", "panel"].map((name) => `\n[[package]]\nname = "${name}"\nversion = "0.1.0"\n`).join("")}`,
      ".gitignore": "data/\n",
      ...member("meter", warm("degrees < 20")),
      ...member("notes", "pub fn notes() {}\n"),
      ...member("panel", 'compile_error!("needs a panel");\n'),
    },
  },
  { message: "Twenty is not warm yet", files: { "crates/meter/src/lib.rs": warm("degrees > 20") + WARM_TESTS } },
];

/** One way of the three is drawn. */
const DRAWN = sample("ways of making", ["from its history", "from mutants", "from a part of a workspace"], 1);
const itDrawn = (way: string): typeof it | (() => void) => (DRAWN.includes(way) ? it : () => undefined);

describe("a small crate with tests behind a feature", () => {
  itDrawn("from its history")(
    "is mined: doctests, a commit that needs the feature, and none whose answer lies in a file beside it; nothing is written to it",
    async () => {
      const before = await folderDigest(join(work, "scale"));
      const ended = await call("suite", "mine", "--repo", "scale", "--features", "fine", "--json");
      expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining("task 1:")]);
      const made = madeSchema.parse(JSON.parse(ended.stdout));
      expect([made.tasks.map(({ kind, leaks }) => [kind, leaks]), made.dropped.map(({ reason }) => reason)]).toEqual([
        [
          ["test", { lines: 1, leaks: [] }],
          ["test", { lines: 1, leaks: [] }],
        ],
        ["leak"],
      ]);
      expect(made.tasks.map(({ origin }) => ids.findIndex((id) => id.startsWith(origin.replace("commit ", ""))))).toEqual([3, 2]);
      expect(await readFile(join(work, "suites/scale-mined/suite.toml"), "utf8")).toContain('features = ["fine"]');
      expect(await readFile(join(work, "suites/scale-mined/suite.md"), "utf8")).toMatch(/- features besides the default ones: fine\n[\s\S]*\| 0 of 1 \|/);
      expect(await folderDigest(join(work, "scale"))).toBe(before);
      expect(await ratesOf("suites/scale-mined")).toEqual([
        ["nop", 0],
        ["oracle", 1],
      ]);
    },
  );

  itDrawn("from mutants")("is mutated, and what is made runs", async () => {
    const ended = await call("suite", "mutate", "--repo", "scale", "--kinds", "behaviour", "--max", "2", "--all-features", "--json");
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining("is written")]);
    const made = madeSchema.parse(JSON.parse(ended.stdout));
    expect(made.tasks.map(({ leaks }) => leaks.leaks)).toEqual([[], []]);
    expect(await ratesOf("suites/scale-mutants")).toEqual([
      ["nop", 0],
      ["oracle", 1],
    ]);
  });

  itDrawn("from a part of a workspace")("builds, mines and mutates the members that are named, with a file that git ignores", async () => {
    await layHistory(join(work, "house"), WORKSPACE);
    const refused = await call("suite", "mine", "--repo", "house", "--package", "metre");
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/has no package metre[\s\S]*there are meter, notes, panel/)]);
    const unbuilt = await call("suite", "mine", "--repo", "house", "--json");
    expect([unbuilt.code, unbuilt.stderr]).toEqual([2, expect.stringContaining("other-package (--package meter)")]);
    await mkdir(join(work, "house/crates/meter/data"));
    await writeFile(join(work, "house/crates/meter/data/steps.txt"), "19 20 21\n");
    const include = ["--include", "crates/*/data/*", "--json"];
    for (const how of [
      ["mine", "--exclude", "panel"],
      ["mutate", "--package", "met*", "--kinds", "behaviour", "--max", "2"],
    ]) {
      const [verb = "", ...flags] = how;
      const made = await call("suite", verb, "--repo", "house", ...flags, ...include);
      expect([made.code, made.code === 0 ? "" : made.stderr]).toEqual([0, ""]);
    }
    expect(await readFile(join(work, "suites/house-mined/suite.toml"), "utf8")).toContain('packages = ["meter", "notes"]');
    expect(await readFile(join(work, "suites/house-mutants/suite.toml"), "utf8")).toContain('packages = ["meter"]');
    for (const suite of ["suites/house-mined", "suites/house-mutants"])
      expect(await ratesOf(suite)).toEqual([
        ["nop", 0],
        ["oracle", 1],
      ]);
  });

  itDrawn("from its history")("goes out as SWE-bench lines and comes in again", async () => {
    const out = await call("suite", "export", "scale-mined", "--json");
    expect([out.code, JSON.parse(out.stdout)]).toMatchObject([0, { exported: 2, refused: [], features: ["fine"], packages: [] }]);
    git(work, ["init", "-q", "repository"]);
    git(join(work, "repository"), ["fast-import", "--quiet"], undefined, await readFile(join(work, "exports/scale-mined/repository.fast-import")));
    const source = ["import", "--format", "swe-bench", "exports/scale-mined/tasks.jsonl", "--repo", "repository", "--json"];
    const back = await call("suite", ...source, "--features", "fine");
    expect([back.code, back.stderr]).toEqual([0, expect.stringContaining("proved")]);
    const imported = madeSchema.parse(JSON.parse(back.stdout));
    expect(imported.dropped).toEqual([]);
    expect(imported.tasks.map(({ kind, leaks }) => [kind, leaks.leaks])).toEqual([
      ["test", []],
      ["test", []],
    ]);
  });
});
