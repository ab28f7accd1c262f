// A promotion from end to end, by the built program over servers that speak the real protocols: registered, run, gated, verified, promoted, routed to, rolled back.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newSigningKey } from "../../src/core/base/dsse.ts";
import { bakeoff } from "./bakeoff.ts";
import { openPromotionWorld, type PromotionWorld } from "./promotion-world.ts";

let world: PromotionWorld;

beforeAll(async () => {
  world = await openPromotionWorld();
});
afterAll(() => world.close());

it("goes from registration to the route and back, each step by what the one before left", { timeout: 900_000 }, async () => {
  const { home, suite, policy } = world;
  const keyFile = join(home, "key.pem");
  await writeFile(keyFile, newSigningKey().pem, { mode: 0o600 });
  const env = { BAKEOFF_CACHE: join(home, "cache"), OPENAI_API_KEY: "sk-a-rehearsal-0123456789" };
  const step = async (...args: readonly string[]) => {
    const end = await bakeoff(args, { cwd: home, env });
    return { ...end, all: `${end.stdout}\n${end.stderr}` };
  };
  const key = ["--key", keyFile] as const;

  const registered = await step("gate", "register", "--candidate", "new-model", "--suite", suite, "--policy", policy, ...key, "--out", "registration.json");
  expect(registered.code, registered.all).toBe(0);

  const run = await step("run", "--suite", suite, "--policy", policy, "--candidates", "new-model,gpt-oss-20b,cloud-high", "--epochs", "2", ...key);
  expect(run.code, run.all).toBe(0);
  expect(run.stderr).not.toContain("stand-in:");

  const unregistered = await step("gate", "--candidate", "new-model", ...key);
  expect(unregistered.code, unregistered.all).toBe(10);
  expect(unregistered.stdout).toMatch(/violated: registered/);

  const gate = await step("gate", "--candidate", "new-model", "--registration", "registration.json", ...key);
  expect(gate.code, gate.all).toBe(0);
  expect(gate.stdout).toMatch(/^PROMOTE new-model in place of gpt-oss-20b: all 21 criteria are met/);
  const [, decision = ""] = /Decision: (\S+)/.exec(gate.stderr) ?? [];

  const verified = await step("gate", "verify", decision, ...key);
  expect(verified.code, verified.all).toBe(0);
  expect(verified.stdout.match(/^✓ \w+/gm)).toEqual(["✓ signature", "✓ registration", "✓ capsules", "✓ policy", "✓ decision"]);

  const before = { policy: await readFile(policy, "utf8"), golden: await goldenTexts(home) };
  const promoted = await step("promote", "--candidate", "new-model", "--decision", decision, "--policy", policy, "--by", "Ada", ...key);
  expect(promoted.code, promoted.all).toBe(0);
  expect(promoted.stdout).toMatch(/^\+\+\+ b\/policy\/model_policy\.toml$/m);
  expect(promoted.stdout).toMatch(/^\+\+\+ b\/policy\/CHANGELOG\.md$/m);
  expect(promoted.stdout).toMatch(/^\+\+\+ b\/policy\/golden\/shipped\.toml$/m);
  const valid = await step("policy", "validate", "--policy", policy);
  expect(valid.code, valid.all).toBe(0);

  const routed = await step("run", "--suite", suite, "--policy", policy, "--candidates", "policy", "--task", "fix-00", "--json");
  expect(routed.code, routed.all).toBe(0);
  const events = await step("capsule", "events", await newestCapsule(home), "--trial", "policy/fix-00/1", "--type", "RoutingDecision", "--json");
  expect(events.code, events.all).toBe(0);
  expect(events.stdout).toMatch(/"model": ?"new-model"/);
  expect(events.stdout).not.toMatch(/gpt-oss-20b/);

  const back = await step("promote", "--rollback", "--policy", policy);
  expect(back.code, back.all).toBe(0);
  expect(await goldenTexts(home)).toEqual(before.golden);
  const version = /^version = "[^"]+"/m;
  const updated = /^updated = "[^"]+"/m;
  const plain = (text: string): string => text.replace(version, "").replace(updated, "").trimEnd();
  expect(plain(await readFile(policy, "utf8"))).toBe(plain(before.policy));
  expect((await step("policy", "validate", "--policy", policy)).code).toBe(0);
});

async function goldenTexts(home: string): Promise<readonly string[]> {
  const folder = join(home, "policy", "golden");
  return Promise.all((await readdir(folder)).toSorted().map((file) => readFile(join(folder, file), "utf8")));
}

async function newestCapsule(home: string): Promise<string> {
  const files = (await readdir(join(home, "capsules"))).filter((file) => file.endsWith(".capsule.jsonl")).toSorted();
  return join(home, "capsules", files.at(-1) ?? "");
}
