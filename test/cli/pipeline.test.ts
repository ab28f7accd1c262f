// The pipeline that `init --ci github` writes, run job by job on a repository of its own, over rehearsal servers: a candidate that is
// promoted, one that is held, a pull request that loosens the policy, and the one that brings Bakeoff in the first place.
import { execFile } from "node:child_process";
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCache, scratch } from "../setup/scratch.ts";
import { bakeoff } from "./bakeoff.ts";
import { candidateEntry, openPromotionWorld, type PromotionWorld } from "./promotion-world.ts";
import { type PlayedJob, playPullRequest } from "./workflow-runner.ts";

const MINUTES = 60_000;
const SECRETS = { OPENAI_API_KEY: "sk-a-rehearsal-0123456789" };
const WORKFLOW = ".github/workflows/bakeoff.yml";

let origin: string;
let world: PromotionWorld;

beforeAll(async () => {
  origin = await crate();
  world = await openPromotionWorld(null, join(origin, "bakeoff"));
  expect(await bakeoff(["init", "--ci", "github"], { cwd: origin })).toMatchObject({ code: 0 });
  const workflow = await readFile(join(origin, WORKFLOW), "utf8");
  // What its owner changes: thirty tasks are run twice, as this policy wants.
  await writeFile(join(origin, WORKFLOW), workflow.replace(/SUITE: .*/, "SUITE: thirty").replace("EPOCHS: 6", "EPOCHS: 2"));
  await commit("A home");
});
afterAll(() => world.close());

/** What a branch with these changes to the policy's files comes to. */
async function pullRequest(branch: string, secrets: Readonly<Record<string, string>> | null, change: (policy: string) => Promise<unknown>) {
  await git(origin, "checkout", "--quiet", "-b", branch, "main");
  await change(join(origin, "bakeoff", "policy"));
  await commit(branch);
  await git(origin, "checkout", "--quiet", "main");
  const folder = await scratch();
  const env = { BAKEOFF_CACHE: runCache(), RUSTUP_HOME: `${process.env["HOME"] ?? ""}/.rustup`, CARGO_HOME: `${process.env["HOME"] ?? ""}/.cargo` };
  const jobs = await playPullRequest({ workflow: await readFile(join(origin, WORKFLOW), "utf8"), origin, branch, folder, secrets, env });
  return { folder, jobs, job: (name: string): PlayedJob => jobs.get(name) ?? { status: "skipped", said: `no job ${name}` } };
}

const statuses = (jobs: ReadonlyMap<string, PlayedJob>) => Object.fromEntries([...jobs].map(([name, { status }]) => [name, status]));
const allSaid = (jobs: ReadonlyMap<string, PlayedJob>) => [...jobs].map(([name, { said }]) => `## ${name}\n${said}`).join("\n");

const adds = (name: string, model: string) => async (policy: string) => {
  await appendFile(join(policy, "candidates.toml"), candidateEntry(name, "sglang", model, "temperature = 0.0\n"));
  const bumped = await bakeoff(["policy", "bump", "--reason", "Another model", "--policy", join(policy, "model_policy.toml")], { cwd: origin });
  expect(bumped, bumped.stderr).toMatchObject({ code: 0 });
};

describe("a pull request that brings a candidate", () => {
  it("is promoted where that repairs what its incumbent repairs", { timeout: 20 * MINUTES }, async () => {
    const { folder, jobs, job } = await pullRequest("challenger", SECRETS, adds("challenger", "new-1"));
    expect(statuses(jobs), allSaid(jobs)).toEqual({ policy: "success", run: "success", candidate: "success", comment: "success" });
    expect(job("candidate").said).toMatch(/^PROMOTE challenger in place of gpt-oss-20b/m);
    expect(await readFile(join(folder, "artifacts", "bakeoff-candidate", "gate-challenger.md"), "utf8")).toMatch(/promote/i);
    expect(await readFile(join(folder, "comment.md"), "utf8")).toContain("rustc-suggestions");
  });

  it("is held where it repairs nothing; nobody lets it run, and nothing of it is called", { timeout: 20 * MINUTES }, async () => {
    const unapproved = await pullRequest("idler-waits", null, adds("idler", "idle-1"));
    expect(statuses(unapproved.jobs), allSaid(unapproved.jobs)).toEqual({ policy: "success", run: "success", candidate: "waiting", comment: "success" });
    const { jobs, job } = await pullRequest("idler", SECRETS, adds("idler", "idle-1"));
    expect(statuses(jobs), allSaid(jobs)).toMatchObject({ run: "success", candidate: "failure" });
    expect(job("candidate").said).toMatch(/^HOLD idler in place of gpt-oss-20b/m);
  });
});

describe("a pull request that loosens the policy", () => {
  it("is told that a change wants a version", { timeout: 5 * MINUTES }, async () => {
    const { jobs, job } = await pullRequest("loose-unsaid", null, (policy) => loosen(policy));
    expect(statuses(jobs)).toEqual({ policy: "failure", run: "skipped", candidate: "skipped", comment: "skipped" });
    expect(job("policy").said).toContain("policy bump");
  });

  it("is judged by the policy that is in force all the same", { timeout: 20 * MINUTES }, async () => {
    const { folder, jobs, job } = await pullRequest("loose", SECRETS, async (policy) => {
      await loosen(policy);
      await adds("idler", "idle-1")(policy);
    });
    expect(statuses(jobs), allSaid(jobs)).toEqual({ policy: "success", run: "success", candidate: "failure", comment: "success" });
    expect(job("candidate").said).toMatch(/not-in-force/);
    expect(job("candidate").said).not.toMatch(/^PROMOTE/m);
    // Who reads the log sees what was loosened, and that it decided nothing.
    expect(job("policy").said).toContain("non_inferiority_margin_percent");
    expect(await readFile(join(folder, "comment.md"), "utf8")).not.toContain("idler");
  });
});

describe("the pull request that brings Bakeoff", () => {
  it("has no policy to be judged by, and is not failed for that", { timeout: 5 * MINUTES }, async () => {
    const first = await crate();
    await git(first, "checkout", "--quiet", "-b", "first");
    expect(await bakeoff(["init", "--ci", "github"], { cwd: first })).toMatchObject({ code: 0 });
    await commit("Bakeoff", first);
    const workflow = await readFile(join(first, WORKFLOW), "utf8");
    const jobs = await playPullRequest({ workflow, origin: first, branch: "first", folder: await scratch(), secrets: null, env: {} });
    expect(statuses(jobs), allSaid(jobs)).toEqual({ policy: "success", run: "skipped", candidate: "skipped", comment: "skipped" });
  });
});

/** A cargo package in a repository, with a commit on main. */
async function crate(): Promise<string> {
  const folder = await scratch();
  await mkdir(join(folder, "src"));
  await writeFile(join(folder, "Cargo.toml"), '[package]\nname = "theirs"\nversion = "0.1.0"\nedition = "2021"\n');
  await writeFile(join(folder, "src", "lib.rs"), "//! Theirs.\n");
  await git(folder, "init", "--quiet", "--initial-branch", "main");
  await commit("A crate", folder);
  return folder;
}

/** A margin under which almost everybody is promoted. */
async function loosen(policy: string): Promise<void> {
  const file = join(policy, "model_policy.toml");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(/non_inferiority_margin_percent = \d+/, "non_inferiority_margin_percent = 25"));
}

async function git(folder: string, ...args: readonly string[]): Promise<void> {
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"];
  await promisify(execFile)("git", [...identity, ...args], { cwd: folder });
}

async function commit(message: string, folder = origin): Promise<void> {
  await git(folder, "add", "--all");
  await git(folder, "commit", "--quiet", "--message", message);
}
