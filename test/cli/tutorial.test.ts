// The documents' own command lines, run one after the other in an empty home folder, in a crate called my-crate.
import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { LINES } from "../documents/lines.ts";
import { allPages, commandLinesOf } from "../documents/pages.ts";
import { runCache, scratch } from "../setup/scratch.ts";
import { bakeoff, type Ended } from "./bakeoff.ts";

const CRATE: Readonly<Record<string, string>> = {
  "Cargo.toml": '[package]\nname = "my-crate"\nversion = "0.1.0"\nedition = "2021"\n',
  "src/lib.rs": "//! Ranges and totals.\npub mod range;\npub mod total;\n",
  "src/range.rs": `//! Half-open ranges.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_upside_down() {
        assert_eq!(Range::new(3, 2), None);
        assert!(Range::new(2, 2).is_some());
    }

    #[test]
    fn holds_its_low_end_only() {
        let range = Range::new(1, 4).unwrap();
        assert!(range.holds(1) && range.holds(3) && !range.holds(4) && !range.holds(0));
    }

    #[test]
    fn is_as_long_as_what_it_holds() {
        assert_eq!(Range::new(1, 4).unwrap().length(), 3);
        assert_eq!(Range::new(5, 5).unwrap().length(), 0);
    }
}
`,
  "src/total.rs": `//! Totals.
/// The sum of what is positive.
pub fn gains(values: &[i64]) -> i64 {
    values.iter().filter(|value| **value > 0).sum()
}

/// The largest step between neighbours.
pub fn widest_step(values: &[i64]) -> i64 {
    let mut widest = 0;
    for pair in values.windows(2) {
        let step = (pair[1] - pair[0]).abs();
        if step > widest {
            widest = step;
        }
    }
    widest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_what_is_positive() {
        assert_eq!(gains(&[1, -2, 3, 0]), 4);
        assert_eq!(gains(&[-1]), 0);
    }

    #[test]
    fn finds_the_widest_step() {
        assert_eq!(widest_step(&[1, 4, 2, 2]), 3);
        assert_eq!(widest_step(&[9]), 0);
    }

    #[test]
    fn looks_at_steps_down_too() {
        assert_eq!(widest_step(&[9, 1, 2]), 8);
    }
}
`,
};

const root = await scratch();
const crate = join(root, "my-crate");
const home = join(root, "home");
const capsules = join(crate, "bakeoff", "capsules");
const lines = new Map(
  allPages()
    .flatMap(commandLinesOf)
    .map(({ line, words }) => [line, words]),
);
const ran = new Set<string>();

beforeAll(async () => {
  await mkdir(home);
  for (const [path, content] of Object.entries(CRATE)) {
    await mkdir(dirname(join(crate, path)), { recursive: true });
    await writeFile(join(crate, path), content);
  }
  for (const args of ["init -q", "config user.email a@b", "config user.name a", "add -A", "commit -qm first"])
    execFileSync("git", args.split(" "), { cwd: crate });
});

/** Runs a line as it stands in a document; `given`: what its placeholders stand for. */
async function follow(text: string, given: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const words = lines.get(text);
  if (words === undefined) throw new Error(`no document has the line ${text}`);
  ran.add(text);
  const put = (word: string): string => Object.entries(given).reduce((done, [name, value]) => done.replaceAll(name, value), word.replace(/^~/, home));
  return bakeoff(words.slice(1).map(put), { cwd: crate, env: { HOME: home, BAKEOFF_CACHE: runCache(), ...rust() } });
}

/** Where rustup is, whatever the home folder: it is the machine's. */
const rust = (): Readonly<Record<string, string>> => ({
  RUSTUP_HOME: process.env["RUSTUP_HOME"] ?? join(process.env["HOME"] ?? "", ".rustup"),
  CARGO_HOME: process.env["CARGO_HOME"] ?? join(process.env["HOME"] ?? "", ".cargo"),
});

const newestRun = async (): Promise<string> =>
  (await readdir(capsules))
    .filter((name) => /^\d.*\.capsule\.jsonl$/.test(name))
    .toSorted()
    .at(-1)
    ?.replace(".capsule.jsonl", "") ?? "";

const someTask = async (): Promise<string> =>
  ((await readdir(join(crate, "bakeoff", "suites", "my-crate-mutants", "tasks"))).toSorted()[0] ?? "").replace(".toml", "");

/** Suites are made and proved, with cargo, on a machine that does other work. */
describe("a newcomer", { timeout: 1_200_000 }, () => {
  it("makes a home, a pipeline and a suite", async () => {
    expect(await follow("bakeoff init")).toMatchObject({ code: 0 });
    expect(await follow("bakeoff init --ci github")).toMatchObject({ code: 0 });
    expect(await follow("bakeoff init --ci gitlab")).toMatchObject({ code: 0 });
    expect([0, 4]).toContain((await follow("bakeoff doctor")).code);
    execFileSync("git", ["add", "-A"], { cwd: crate });
    execFileSync("git", ["commit", "-qm", "home"], { cwd: crate });
    expect(await follow("bakeoff suite mutate --repo . --max 20")).toMatchObject({ code: 0 });
    const made = await readFile(join(crate, "bakeoff", "suites", "my-crate-mutants", "suite.md"), "utf8");
    expect(await follow("bakeoff init --suite"), "a suite that is there").toMatchObject({ code: 0 });
    expect(await readFile(join(crate, "bakeoff", "suites", "my-crate-mutants", "suite.md"), "utf8")).toBe(made);
    await rm(join(crate, "bakeoff", "suites"), { recursive: true });
    expect(await follow("bakeoff init --suite")).toMatchObject({ code: 0 });
  });

  it("runs it, looks at it, and is told why nobody is promoted", async () => {
    expect(await follow("bakeoff run --suite my-crate-mutants")).toMatchObject({ code: 0 });
    const given = { RUN: await newestRun() };
    const shown = await follow("bakeoff show RUN", given);
    expect(shown).toMatchObject({ code: 0 });
    expect((await follow("bakeoff show")).stdout.split("\n").slice(0, 3)).toEqual(shown.stdout.split("\n").slice(0, 3));
    expect(await follow("bakeoff show RUN rustc-suggestions/TASK", { ...given, TASK: await someTask() })).toMatchObject({ code: 0 });
    expect([10, 11]).toContain((await follow("bakeoff gate --candidate rustc-suggestions --incumbent nop")).code);
    expect([10, 11]).toContain((await follow("bakeoff gate --candidate oracle --incumbent rustc-suggestions")).code);
    expect(await follow("bakeoff gate plan --candidate my-model --suite my-crate-mutants")).toMatchObject({ code: 0 });
    expect(await follow("bakeoff trend --fail-on drift")).toMatchObject({ code: 0 });
  });

  it("signs it, and proves a part of it", async () => {
    const given = { RUN: await newestRun() };
    const signed = await follow("bakeoff capsule sign RUN --new-key ~/bakeoff.pem", given);
    const key = { ...given, PUBLIC_KEY: /[A-Za-z0-9+/]{43}=/.exec(`${signed.stdout}${signed.stderr}`)?.[0] ?? "no key" };
    expect(await follow("bakeoff capsule verify RUN --trust PUBLIC_KEY --require-signature", key)).toMatchObject({ code: 0 });
    await writeFile(join(crate, "proof.json"), (await follow("bakeoff capsule show RUN --prove 17", given)).stdout);
    expect(await follow("bakeoff capsule check-proof proof.json --trust PUBLIC_KEY", key)).toMatchObject({ code: 0 });
    expect(await follow("bakeoff policy sign --new-key policy-key.pem")).toMatchObject({ code: 0 });
  });

  it("asks of its policy, and says what should have gone to the cloud", async () => {
    const policy = await follow("bakeoff policy");
    expect(policy).toMatchObject({ code: 0 });
    expect(await follow("bakeoff policy explain reflex.max_attempts")).toMatchObject({ code: 0 });
    expect(await follow("bakeoff policy show")).toMatchObject({ code: 0 });
    expect(await follow("bakeoff policy init careful")).toMatchObject({ code: 0 });
    const given = { RUN: await newestRun(), TASK: await someTask() };
    expect(await follow("bakeoff policy scenario add RUN rustc-suggestions/TASK --should cloud", given)).toMatchObject({ code: 0 });
    expect(await follow("bakeoff policy")).toMatchObject({ code: 3 });
  });

  it("asks what a model would cost, once its server answers", async () => {
    expect(await follow("bakeoff run --suite my-crate-mutants --candidates my-model,rustc-suggestions --dry-run")).toMatchObject({ code: 2 });
    const candidates = join(crate, "bakeoff", "policy", "candidates.toml");
    await writeFile(
      candidates,
      `${await readFile(candidates, "utf8")}\n[[candidate]]\nname = "my-model"\nprovider = "vllm"\nmodel = "m"\nmax_output_tokens = 1000\n`,
    );
    expect(await follow("bakeoff run --suite my-crate-mutants --candidates my-model,rustc-suggestions --dry-run")).toMatchObject({ code: 4 });
  });
});

it("no line that is said to be run here was left out", () => {
  expect(Object.entries(LINES).filter(([text, fate]) => "run" in fate && !ran.has(text))).toEqual([]);
});
