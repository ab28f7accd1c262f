// A promotion from end to end as docs/EVIDENCE.md has it, by the built program over servers that speak the real protocols. Everything must be signed; a branch that brings its own key gets nowhere.
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newSigningKey } from "../../src/core/base/dsse.ts";
import { scratch } from "../setup/scratch.ts";
import { bakeoff } from "./bakeoff.ts";
import { documentedChain } from "./documented-chain.ts";
import { openPromotionWorld, type PromotionWorld } from "./promotion-world.ts";

const release = newSigningKey();
const own = newSigningKey();
const LINKS = ["signature", "registration", "log", "capsules", "policy", "suite", "decision", "age"];
const FROM_MAIN = ["--policy-from", "origin/main"] as const;

let world: PromotionWorld;

beforeAll(async () => {
  world = await openPromotionWorld(release.key.publicKey, await scratch());
});
afterAll(() => world.close());

it("goes from registration to the route and back, signed at each step, and not by a branch's own key", { timeout: 1_200_000 }, async () => {
  const { home, suite, policy } = world;
  const [key, ownKey] = await Promise.all([keyFile(home, "release.pem", release.pem), keyFile(home, "own.pem", own.pem)]);
  const env = { BAKEOFF_CACHE: join(home, "cache"), OPENAI_API_KEY: "sk-a-rehearsal-0123456789" };
  const chain = await documentedChain(home, env, {
    CANDIDATE: "new-model",
    INCUMBENT: "gpt-oss-20b",
    CLOUD: "cloud-high",
    SUITE: "thirty",
    "--epochs 6": "--epochs 2",
  });
  const step = async (...args: readonly string[]) => {
    const end = await bakeoff(args, { cwd: home, env });
    return { ...end, all: `${args.join(" ")}\n${end.stdout}\n${end.stderr}` };
  };
  const done = async (...args: readonly string[]) => {
    const end = await step(...args);
    expect(end.code, end.all).toBe(0);
    return end;
  };
  const candidates = ["--candidates", "new-model,gpt-oss-20b,cloud-high"];

  await done("policy", "sign", "--policy", policy, "--key", key);
  await git(home, "init", "--quiet", "--initial-branch", "main");
  await commit(home, "A policy");
  await git(home, "update-ref", "refs/remotes/origin/main", "main");

  await chain.next("export BAKEOFF_SIGNING_KEY");
  await chain.next("bakeoff gate register");
  await chain.next("git add");
  const run = await chain.next("bakeoff run");
  expect(run.stderr).not.toContain("stand-in:");
  const capsule = await newestCapsule(home);
  const began = (await readFile(join(home, "reports", "gates", "registrations.jsonl"), "utf8")).trimEnd().split("\n");
  expect(began).toHaveLength(2);

  const unregistered = await step("gate", "--candidate", "new-model", "--policy", policy, "--key", key);
  expect(unregistered.code, unregistered.all).toBe(5);
  expect(unregistered.stderr).toMatch(/without-registration: .*name its file with --registration/);

  const question = ["gate", "--candidate", "new-model", "--policy", policy, "--registration", "registration.json"];
  const untrusted = await step(...question, ...FROM_MAIN, "--key", ownKey);
  expect(untrusted.code, untrusted.all).not.toBe(0);
  expect(untrusted.stderr).toMatch(/trust/);
  const gate = await chain.next("bakeoff gate --candidate");
  expect(gate.stdout).toMatch(/^PROMOTE new-model in place of gpt-oss-20b: all \d+ criteria are met/);
  const [, decision = ""] = /Decision: (\S+)/.exec(gate.stderr) ?? [];

  chain.name("DECISION", basename(decision, ".json"));
  const verified = await chain.next("bakeoff gate verify");
  expect([...verified.stdout.matchAll(/^✓ (\w+)/gm)].map(([, link]) => link)).toEqual(LINKS);

  await git(home, "switch", "--quiet", "--create", "own-key");
  await branchTrustsItself(policy);
  await done("policy", "sign", "--policy", policy, "--key", ownKey);
  await commit(home, "A key of my own");
  const small = await done("run", "--suite", suite, "--policy", policy, ...candidates, "--task", "fix-00", "--key", ownKey);
  expect(small.code).toBe(0);
  const refused = await step("gate", "--candidate", "new-model", "--policy", policy, "--capsule", await newestCapsule(home), ...FROM_MAIN, "--key", key);
  expect(refused.code, refused.all).not.toBe(0);
  expect(refused.all).toMatch(/not-in-force/);
  expect(refused.all).toMatch(/not-signed/);
  const theirs = await step(
    "gate",
    "--candidate",
    "new-model",
    "--policy",
    policy,
    "--capsule",
    capsule,
    "--registration",
    "registration.json",
    "--key",
    ownKey,
  );
  expect(theirs.code, theirs.all).not.toBe(0);
  const unsaid = await step("promote", "--candidate", "new-model", "--decision", decision, "--policy", policy, "--by", "Eve");
  expect(unsaid.code, unsaid.all).not.toBe(0);
  await git(home, "switch", "--quiet", "main");

  const before = { policy: await readFile(policy, "utf8"), golden: await goldenTexts(home) };
  const promoted = await chain.next("bakeoff promote --candidate");
  expect(promoted.stdout).toMatch(/^\+\+\+ b\/policy\/model_policy\.toml$/m);
  expect(promoted.stdout).toMatch(/^\+\+\+ b\/policy\/CHANGELOG\.md$/m);
  expect(promoted.stdout).toMatch(/^\+\+\+ b\/policy\/golden\/shipped\.toml$/m);
  expect(promoted.stderr).toMatch(/policy sign/);
  const unsigned = await step("policy", "validate", "--policy", policy);
  expect(unsigned.code, unsigned.all).not.toBe(0);
  await chain.next("bakeoff policy sign");
  await done("policy", "validate", "--policy", policy);

  await done("run", "--suite", suite, "--policy", policy, "--candidates", "policy", "--task", "fix-00", "--json", "--key", key);
  const events = await done("capsule", "events", await newestCapsule(home), "--trial", "policy/fix-00/1", "--type", "RoutingDecision", "--json");
  expect(events.stdout).toMatch(/"model": ?"new-model"/);
  expect(events.stdout).not.toMatch(/gpt-oss-20b/);

  await chain.next("bakeoff promote --rollback");
  expect(await goldenTexts(home)).toEqual(before.golden);
  const version = /^version = "[^"]+"/m;
  const updated = /^updated = "[^"]+"/m;
  const plain = (text: string): string => text.replace(version, "").replace(updated, "").trimEnd();
  expect(plain(await readFile(policy, "utf8"))).toBe(plain(before.policy));
  await chain.next("bakeoff policy sign");
  await done("policy", "validate", "--policy", policy);
  expect(chain.left()).toEqual([]);
});

async function keyFile(home: string, name: string, pem: string): Promise<string> {
  const file = join(home, name);
  await writeFile(file, pem, { mode: 0o600 });
  return file;
}

/** On a branch: their own key among the trusted ones, in place of the release's. */
async function branchTrustsItself(policy: string): Promise<void> {
  const text = await readFile(policy, "utf8");
  expect(text).toContain(release.key.publicKey);
  await writeFile(policy, text.replace(release.key.publicKey, own.key.publicKey));
}

async function git(home: string, ...args: readonly string[]): Promise<void> {
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"];
  await promisify(execFile)("git", [...identity, ...args], { cwd: home });
}

async function commit(home: string, message: string): Promise<void> {
  await git(home, "add", "policy");
  await git(home, "commit", "--quiet", "--message", message);
}

async function goldenTexts(home: string): Promise<readonly string[]> {
  const folder = join(home, "policy", "golden");
  return Promise.all((await readdir(folder)).toSorted().map((file) => readFile(join(folder, file), "utf8")));
}

async function newestCapsule(home: string): Promise<string> {
  const files = (await readdir(join(home, "capsules"))).filter((file) => file.endsWith(".capsule.jsonl")).toSorted();
  return join(home, "capsules", files.at(-1) ?? "");
}
