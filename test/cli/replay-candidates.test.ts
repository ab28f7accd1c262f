// Runs of every kind of candidate by the built program, replayed by it with cargo run again: an honest run is proven.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sharedCache } from "../setup/scratch.ts";
import { sample } from "../setup/sample.ts";
import { bakeoff, type Ended } from "./bakeoff.ts";
import { openServedWorld, type ServedWorld } from "./served-world.ts";

const env = { BAKEOFF_CACHE: await sharedCache(), OPENAI_API_KEY: "sk-rehearsal-0123456789abcdefghij" };
const eager = (policy: string): string =>
  policy.replace(/failures_to_open = \d+/, "failures_to_open = 2").replace("refused-connection = { tries = 2", "refused-connection = { tries = 1");

let world: ServedWorld;
beforeAll(async () => {
  world = await openServedWorld(eager);
});
afterAll(() => world.close());

const call = (args: readonly string[], more: Parameters<typeof bakeoff>[1] | object = {}): Promise<Ended> => bakeoff(args, { cwd: world.cwd, env, ...more });
const run = (...args: readonly string[]) => call(["run", "--suite", world.suite, "--policy", world.policy, "--concurrency", "1", ...args]);
const capsules = async (): Promise<readonly string[]> =>
  (await readdir(join(world.cwd, "capsules")).catch(() => [])).filter((name) => name.endsWith(".capsule.jsonl")).toSorted();

interface Told {
  readonly outcome: string;
  readonly findings: readonly unknown[];
  readonly gaps: { readonly steps: number };
  readonly levels: readonly { readonly name: string; readonly status: string; readonly counts: readonly { readonly checked: number }[] }[];
  readonly warnings: readonly string[];
}

/** Every capsule that the work left verifies, and every level of it is proven by something. */
async function proven(work: () => Promise<unknown>): Promise<readonly Told[]> {
  const before = await capsules();
  await work();
  const fresh = (await capsules()).filter((name) => !before.includes(name));
  expect(fresh.length).toBeGreaterThan(0);
  const all: Told[] = [];
  for (const name of fresh) {
    const path = join("capsules", name);
    expect((await call(["capsule", "verify", path])).code).toBe(0);
    const end = await call(["replay", path, "--reexecute", "--suite", world.suite, "--json"]);
    const told = JSON.parse(end.stdout) as Told;
    expect({ code: end.code, outcome: told.outcome, findings: told.findings, gaps: told.gaps.steps }, end.stderr).toEqual({
      code: 0,
      outcome: "proven",
      findings: [],
      gaps: 0,
    });
    for (const { name: level, status, counts } of told.levels)
      expect([level, status, counts.some(({ checked }) => checked > 0)]).toEqual([level, "proven", true]);
    all.push(told);
  }
  return all;
}

/** A run of each kind; two of them are drawn. */
const DRAWN = sample(
  "kinds of run",
  [
    "embedded candidates, a candidate over the network and the policy's own route",
    "a capability run",
    "a run that was stopped and gone on with",
    "batches until something is decided",
    "the policy's own route once its server is gone: the breaker opens, and the cloud goes on",
  ],
  2,
);
const itDrawn = (name: string, work: () => Promise<void>): void => {
  if (DRAWN.includes(name)) it(name, work);
};

itDrawn("embedded candidates, a candidate over the network and the policy's own route", async () => {
  await proven(async () => expect((await run("--candidates", "nop,oracle,small,policy")).code).toBe(0));
  expect(world.reflex.seen.length).toBeGreaterThan(0);
});

itDrawn("a capability run", async () => {
  await proven(async () => expect((await run("--candidates", "nop,small", "--capability")).code).toBe(0));
});

itDrawn("a run that was stopped and gone on with", async () => {
  const begun = { id: "", stopped: false };
  await proven(async () => {
    const stopped = await call(["run", "--suite", world.suite, "--policy", world.policy, "--concurrency", "1", "--candidates", "nop,policy"], {
      onStderr: (text: string, kill: (signal: NodeJS.Signals) => void) => {
        begun.id = / run (\S+)/.exec(text)?.[1] ?? "";
        if (begun.stopped || !text.includes("[2/6]")) return;
        begun.stopped = true;
        kill("SIGINT");
      },
    });
    expect(stopped.code, stopped.stderr).toBe(130);
    expect((await call(["run", "--resume", begun.id, "--suite", world.suite, "--policy", world.policy])).code).toBe(0);
  });
});

itDrawn("batches until something is decided", async () => {
  const all = await proven(async () => {
    const end = await run("--until-decided", "--candidate", "oracle", "--incumbent", "nop", "--epochs", "1", "--looks", "1");
    expect([10, 11]).toContain(end.code);
  });
  expect(all.length).toBe(1);
});

itDrawn("the policy's own route once its server is gone: the breaker opens, and the cloud goes on", async () => {
  await world.reflex.close();
  const [told] = await proven(async () => expect((await run("--candidates", "policy")).code).toBe(0));
  expect(told?.warnings.join("\n")).toContain("the breaker of sglang/");
});
