// `suite mine` as a user calls it: from a real history to a suite that is proved and run with no edit by hand.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { folderDigest, git, layHistory } from "../history/git-history.ts";
import { LEDGER } from "../history/ledger.ts";
import { scratch } from "../setup/scratch.ts";
import { bakeoff } from "./bakeoff.ts";

const minedSchema = z.object({
  suite: z.string(),
  folder: z.string(),
  root: z.string(),
  commits: z.number(),
  tasks: z.array(z.object({ id: z.string(), origin: z.string(), kind: z.string(), split: z.string(), failToPass: z.number(), heldOut: z.number() })),
  dropped: z.array(z.object({ commit: z.string(), reason: z.string() })),
  passedOver: z.record(z.string(), z.number()),
  funnel: z.object({ commits: z.number(), repairs: z.number(), tasks: z.number(), share: z.number() }),
});

let work: string;
let cache: string;
let ids: string[];
const env = () => ({ BAKEOFF_CACHE: cache });

beforeAll(async () => {
  work = await scratch();
  cache = await scratch();
  ids = await layHistory(join(work, "ledger"), LEDGER);
}, 300_000);

describe("suite mine", () => {
  it("goes on after Ctrl-C where it was, and the user's repository is never written to", async () => {
    const before = await folderDigest(join(work, "ledger"));
    let stopped = false;
    const first = await bakeoff(["suite", "mine", "--repo", "ledger"], {
      cwd: work,
      env: env(),
      onStderr: (text, kill) => {
        if (stopped || !text.includes("task 1:")) return;
        stopped = true;
        kill("SIGINT");
      },
    });
    expect(first.code).toBe(130);
    expect(await readdir(join(work, "suites")).catch(() => [])).toEqual([]);
    const again = await bakeoff(["suite", "mine", "--repo", "ledger", "--json"], { cwd: work, env: env() });
    expect(again.stderr).toContain("task 1:");
    expect(again.code).toBe(0);
    const mined = minedSchema.parse(JSON.parse(again.stdout));
    const fates = ids.map((id) => fateOf(mined, id));
    expect(fates).toEqual(LEDGER.map(({ fate }) => (["root", "no-source", "no-tests"].includes(fate) ? "counted" : fate)));
    expect(mined.passedOver).toEqual({ root: 1, "no-source": 2, "no-tests": 1 });
    expect(mined.tasks.every(({ failToPass, heldOut }) => failToPass > 0 && heldOut > 0)).toBe(true);
    const repairs = mined.tasks.length + mined.dropped.filter(({ reason }) => reason !== "not-broken").length;
    expect(mined.funnel).toMatchObject({ commits: mined.commits, repairs, tasks: mined.tasks.length, share: mined.tasks.length / repairs });
    expect(await folderDigest(join(work, "ledger"))).toBe(before);
  }, 400_000);

  it("gives the same suite again from what it kept, but for nothing", async () => {
    const bases = await readdir(join(cache, "bases"));
    const again = await bakeoff(["suite", "mine", "--repo", "ledger", "--out", "again/ledger-mined", "--json"], { cwd: work, env: env() });
    expect(again.code).toBe(0);
    expect(await readdir(join(cache, "bases"))).toEqual(bases);
    expect(await folderDigestOfTexts(join(work, "again", "ledger-mined"))).toEqual(await folderDigestOfTexts(join(work, "suites", "ledger-mined")));
  });

  it("keeps the answer out of what a model is told", async () => {
    const folder = join(work, "suites", "ledger-mined", "tasks");
    const task = (await readdir(folder)).find((name) => name.startsWith("read-negative")) ?? "";
    const instruction = /instruction = '''([\s\S]*?)'''/.exec(await readFile(join(folder, task), "utf8"))?.[1] ?? "";
    expect(instruction).toContain("A minus sign made the amount unreadable");
    expect(instruction.replaceAll(/\s/g, "")).not.toContain("Some(sign*(whole*100+part))");
    const bases = join(work, "suites", "ledger-mined", "bases");
    const texts = await Promise.all(
      (await readdir(bases, { recursive: true })).filter((path) => path.endsWith("CHANGELOG.md")).map((path) => readFile(join(bases, path), "utf8")),
    );
    // Only later bases, in which the line is old news, may have it.
    expect((await readdir(join(bases))).filter((name) => name.includes("read-negative"))).toHaveLength(1);
    expect(texts.length).toBeLessThanOrEqual(1);
  });

  it("makes a suite that validates, oracle passes all of and nop nothing", async () => {
    const proved = await bakeoff(["suite", "validate", "ledger-mined", "--repeats", "2", "--json"], { cwd: work, env: env() });
    expect(proved.stderr).not.toContain("flaw");
    expect(proved.code).toBe(0);
    const run = await bakeoff(["run", "--suite", "ledger-mined", "--candidates", "nop,oracle"], { cwd: work, env: env() });
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^oracle +100\.0% /m);
    expect(run.stdout).toMatch(/^nop +0\.0% /m);
  });
});

function fateOf(mined: z.infer<typeof minedSchema>, id: string): string {
  const task = mined.tasks.find(({ origin }) => id.startsWith(origin.replace("commit ", "")));
  if (task) return `task ${task.kind} ${task.split}`;
  return mined.dropped.find(({ commit }) => commit === id)?.reason ?? "counted";
}

/** Every file's text but that of the summary, which holds times. */
async function folderDigestOfTexts(folder: string): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && entry.name !== "suite.md") texts[path.slice(folder.length)] = await readFile(path, "utf8");
  }
  return texts;
}

describe("what can't be mined", () => {
  const refused = async (args: readonly string[], code: number, text: RegExp): Promise<void> => {
    const ended = await bakeoff(["suite", "mine", ...args], { cwd: work, env: env() });
    expect(ended.stderr).toMatch(text);
    expect([ended.code, ended.stdout]).toEqual([code, ""]);
  };

  it("no repository, no such folder, no name, a place that is taken", async () => {
    await mkdir(join(work, "plain"));
    await refused(["--repo", "plain"], 2, /is not a git repository/);
    await refused(["--repo", "nowhere"], 2, /no folder|is not a git repository/);
    await refused(["--repo", "ledger", "--name", "Not A Name"], 2, /no name for a suite/);
    await refused(["--repo", "ledger", "--out", "suites/ledger-mined"], 2, /exists already/);
    await refused(["--repo", "ledger", "--name", "x", "--since", "v9"], 2, /no commit v9/);
  });

  it("a history without Cargo.toml, or of merges alone, says how many commits and why", async () => {
    const test = "#[test]\nfn a() {\n    assert!(true);\n    assert!(true);\n}\n";
    await layHistory(join(work, "bare-bones"), [
      { message: "one", files: { "src/lib.rs": "pub fn a() {}\n" } },
      { message: "two", files: { "src/lib.rs": "pub fn b() {}\n", "tests/a.rs": test } },
    ]);
    await refused(["--repo", "bare-bones"], 2, /none of 2 commits makes a task \(1 no-manifest, 1 root/);
    const merges = join(work, "merges");
    await layHistory(merges, [{ message: "one", files: { "Cargo.toml": "[package]\n", "src/lib.rs": "" } }]);
    const root = git(merges, ["rev-parse", "HEAD"]).trim();
    const tree = git(merges, ["rev-parse", "HEAD^{tree}"]).trim();
    const side = git(merges, ["commit-tree", tree, "-p", root, "-m", "side"], 1_700_000_000).trim();
    let head = root;
    for (let count = 1; count <= 5; count++)
      head = git(merges, ["commit-tree", tree, "-p", head, "-p", side, "-m", `merge ${count}`], 1_700_000_000 + count).trim();
    git(merges, ["update-ref", "refs/heads/main", head]);
    await refused(["--repo", "merges"], 2, /5 merge, 1 no-source, 1 root/);
  });

  it("uncommitted changes are told", async () => {
    await writeFile(join(work, "bare-bones", "src", "lib.rs"), "pub fn c() {}\n");
    await refused(["--repo", "bare-bones"], 2, /1 file differs from the last commit/);
  });
});
