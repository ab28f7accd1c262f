// `suite mutate` as a user calls it: a repository in, a proven suite out, that validates and runs with no edit by hand.
import { createHash } from "node:crypto";
import { cp, lstat, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { scratch } from "../setup/scratch.ts";
import { bakeoff } from "./bakeoff.ts";

const REPOSITORY: Readonly<Record<string, string>> = {
  "Cargo.toml": '[workspace]\nmembers = ["meter", "derive"]\nresolver = "2"\n',
  "meter/Cargo.toml":
    '[package]\nname = "meter"\nversion = "0.1.0"\nedition = "2018"\nbuild = "build.rs"\n\n[features]\ndefault = ["wide"]\nwide = []\n\n[dependencies]\nderive = { path = "../derive" }\n',
  "meter/build.rs": 'fn main() { println!("cargo:rustc-env=METER_UNIT=m"); }\n',
  "derive/Cargo.toml": '[package]\nname = "derive"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\nproc-macro = true\n',
  "derive/src/lib.rs":
    'use proc_macro::TokenStream;\n\n/// Makes a constant.\n#[proc_macro]\npub fn seven(_: TokenStream) -> TokenStream {\n    "7".parse().unwrap()\n}\n',
  "meter/src/lib.rs": `pub mod range;

pub fn unit() -> &'static str {
    env!("METER_UNIT")
}

#[cfg(feature = "wide")]
pub const WIDTH: u32 = derive::seven!();
`,
  "meter/src/range.rs": `use std::collections::BTreeMap;

/// A half-open range of readings.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    pub low: i64,
    pub high: i64,
}

impl Range {
    pub fn new(low: i64, high: i64) -> Option<Range> {
        if low > high {
            return None;
        }
        Some(Range { low, high })
    }

    pub fn holds(&self, value: i64) -> bool {
        value >= self.low && value < self.high
    }

    pub fn length(&self) -> i64 {
        self.high - self.low
    }
}

pub fn count(ranges: &[Range], values: &[i64]) -> BTreeMap<i64, usize> {
    let mut counts = BTreeMap::new();
    for range in ranges {
        let inside = values.iter().filter(|value| range.holds(**value)).count();
        *counts.entry(range.low).or_insert(0) += inside;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(low: i64, high: i64) -> Range {
        Range::new(low, high).unwrap()
    }

    #[test]
    fn holds_its_low_end() {
        assert!(range(1, 3).holds(1));
        assert!(!range(1, 3).holds(3));
    }

    #[test]
    fn holds_nothing_when_empty() {
        assert!(!range(2, 2).holds(2));
        assert_eq!(range(2, 2).length(), 0);
    }

    #[test]
    fn refuses_the_wrong_way_round() {
        assert_eq!(super::Range::new(3, 1), None);
        assert_eq!(self::range(1, 4).length(), 3);
    }

    #[test]
    fn counts() {
        let counts = count(&[range(0, 2), range(2, 5)], &[0, 1, 2, 4, 5]);
        assert_eq!(counts[&0], 2);
        assert_eq!(counts[&2], 2);
    }

    #[test]
    fn counts_none() {
        assert_eq!(count(&[range(0, 2)], &[2, -1])[&0], 0);
        assert_eq!(count(&[range(0, 2)], &[1])[&0], 1);
    }

    #[test]
    fn opens_the_network() {
        std::net::TcpStream::connect("127.0.0.1:1").map(|_| ()).unwrap();
    }
}
`,
};

let folder = "";
let cache: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  folder = await scratch();
  cache = { BAKEOFF_CACHE: join(folder, "cache") };
  for (const [path, content] of Object.entries(REPOSITORY)) {
    await mkdir(dirname(join(folder, "repo", path)), { recursive: true });
    await writeFile(join(folder, "repo", path), content);
  }
});

async function digest(root: string, skipped: readonly string[] = []): Promise<string> {
  const hash = createHash("sha256");
  for (const path of (await readdir(root, { recursive: true })).toSorted()) {
    const info = await lstat(join(root, path));
    if (skipped.includes(path)) continue;
    hash.update(`${path} ${info.mode}\n`);
    if (info.isFile()) hash.update(await readFile(join(root, path)));
  }
  return hash.digest("hex");
}

const mutate = (args: readonly string[], more: Partial<Parameters<typeof bakeoff>[1]> = {}) =>
  bakeoff(["suite", "mutate", "--repo", "repo", "--max", "8", ...args], { cwd: folder, env: cache, ...more });

describe("bakeoff suite mutate", () => {
  it("makes a suite of a workspace that validates and runs with no edit, and never writes to the repository", async () => {
    const before = await digest(join(folder, "repo"));
    let asked = false;
    const stopped = await mutate(["--name", "first", "--strength"], {
      onStderr: (text, kill) => {
        if (asked || !text.includes("mutants tried")) return;
        asked = true;
        kill("SIGINT");
      },
    });
    expect([stopped.code, await readdir(join(folder)).then((names) => names.includes("suites"))]).toEqual([130, false]);
    const made = await mutate(["--name", "first", "--strength", "--json"]);
    expect(made.stderr).toContain("tests that fail here set aside");
    expect(made.code).toBe(0);
    expect(await digest(join(folder, "repo"))).toBe(before);
    const facts = JSON.parse(made.stdout) as {
      tasks: { kind: string; notes: string[] }[];
      dropped: { reason: string }[];
      skipped: { what: string }[];
      funnel: { tried: number; notRun: number; misfits: number; misfitsProven: number; asMeant: number; proven: number };
    };
    const { tried, notRun, misfits, misfitsProven, asMeant, proven } = facts.funnel;
    expect([notRun + misfits + asMeant, proven + misfitsProven]).toEqual([tried, 8]);
    expect(facts.tasks).toHaveLength(8);
    expect(new Set(facts.tasks.map(({ kind }) => kind))).toEqual(new Set(["compile", "test"]));
    expect(facts.tasks.every(({ notes }) => /\d of \d changes of the solution survive/.test(notes.join()))).toBe(true);
    expect(facts.skipped.map(({ what }) => what)).toEqual(["meter/lib/range::tests::opens_the_network", "derive/src/lib.rs"]);
    const validated = await bakeoff(["suite", "validate", "suites/first", "--repeats", "2", "--leaks"], { cwd: folder, env: cache });
    expect([validated.code, validated.stderr.slice(-400)]).toEqual([0, expect.stringContaining("proved")]);
    const ran = await bakeoff(["run", "--suite", "suites/first", "--candidates", "oracle,nop", "--json"], { cwd: folder, env: cache });
    expect(ran.code).toBe(0);
    const text = await readFile(join(folder, "suites/first/suite.md"), "utf8");
    expect(text).toContain("## Error codes");
  });

  it("makes the same bytes for the same seed without running anything again, and others for another", async () => {
    await cp(join(folder, "suites/first"), join(folder, "kept"), { recursive: true });
    await mutate(["--out", "again/first", "--strength"]);
    expect(await digest(join(folder, "again/first"))).toBe(await digest(join(folder, "kept")));
    const other = await mutate(["--out", "other/first", "--seed", "2", "--kinds", "behaviour"]);
    expect(other.code).toBe(0);
    expect(await digest(join(folder, "other/first/tasks"))).not.toBe(await digest(join(folder, "kept/tasks")));
  });

  it("refuses what it can't do, with a way out", async () => {
    const cases: readonly (readonly [args: readonly string[], code: number, says: string])[] = [
      [["--kinds", "boundry"], 2, "did you mean boundary"],
      [["--name", "first"], 2, "exists already"],
      [["--name", "Not A Name"], 2, "lower-case letters"],
      [["--name", "a", "--out", "b"], 2, "make them the same"],
      [["--repo", "gone"], 2, "no folder gone"],
      [["--repo", "suites"], 2, "has no Cargo.toml"],
    ];
    for (const [args, code, says] of cases) {
      const ended = await mutate(args);
      expect([args, ended.code, ended.stderr]).toEqual([args, code, expect.stringContaining(says)]);
    }
  });
});
