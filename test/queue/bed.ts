// What the queue's tests share: a redis-server, coordinators and workers as processes, and the run that nobody disturbed.
import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, beforeAll, expect } from "vitest";
import { checkCapsule } from "../../src/adapters/capsules/check.ts";
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import { runBakeoff } from "../../src/app/run/bakeoff.ts";
import { scratch } from "../setup/scratch.ts";
import { told } from "../unit/app/queue/queue-world.ts";
import { headerOf, memoryJournal, optionsFor } from "../unit/run/fakes.ts";
import { queueSketch } from "./queue-sketch.ts";
import { type TestRedis, testRedis } from "./redis.ts";

const folder = await scratch();
const ROOT = new URL("../..", import.meta.url).pathname;
// Beside node_modules: the queue's packages are not bundled.
const program = join(ROOT, "node_modules", ".cache", `queue-process-${process.pid}.mjs`);
let undisturbed: readonly unknown[] = [];

beforeAll(async () => {
  await build({
    entryPoints: [join(ROOT, "test", "queue", "queue-process.ts")],
    outfile: program,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: ["bullmq", "ioredis"],
    define: { "import.meta.url": JSON.stringify(`file://${join(ROOT, "test", "unit", "run", "fakes.ts")}`) },
    banner: { js: 'import { createRequire as r } from "node:module"; const require = r(import.meta.url);' },
    logLevel: "error",
  });
  const header = headerOf(queueSketch);
  const journal = memoryJournal(header);
  await runBakeoff(optionsFor(queueSketch, journal));
  undisturbed = told(journal, header);
});

const started = new Set<ChildProcess>();
const servers: TestRedis[] = [];
afterEach(async () => {
  for (const child of started) child.kill("SIGKILL");
  started.clear();
  for (const server of servers.splice(0)) await server.kill();
});

export interface Running {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

function start(env: Readonly<Record<string, string>>, ...words: readonly string[]): Running {
  const child = spawn(process.execPath, [program, ...words], { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  started.add(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => void (said += text));
  return { child, said: () => said, ended: new Promise((resolve) => child.once("exit", (code) => resolve(code))) };
}

interface WorldSettings {
  /** Settings of the redis-server. */
  readonly redis?: readonly string[];
  /** Where the capsule is written. */
  readonly at?: string;
}

interface WorkerSettings {
  readonly version?: string;
  readonly url?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What of a step it does. */
  readonly steps?: "model" | "verify" | "model,verify";
}

export async function world(name: string, settings: WorldSettings = {}) {
  const place = join(folder, name);
  const redis = await testRedis(place, settings.redis);
  servers.push(redis);
  const [capsule, calls] = [join(settings.at ?? place, "run-1.capsule.jsonl"), join(place, "calls")];
  let workers = 0;
  return {
    redis,
    capsule,
    coordinate: () => start({}, "coordinator", redis.url, "-", capsule),
    /** `url`: by which it reaches the server, if not directly. */
    work: ({ version = "0.1.0", url = redis.url, env = {}, steps = "model,verify" }: WorkerSettings = {}) =>
      start(env, "worker", url, `w${(workers += 1)}`, calls, version, steps),
    /** Each call that came back, by what was asked: more than once only where nobody had been told of it. */
    calls: async () =>
      (await readFile(calls, "utf8"))
        .split("\n")
        .filter((line) => line.startsWith("came "))
        .map((line) => line.split(" ").slice(2).join(" ")),
  };
}

/** The capsule verifies, and says what the undisturbed run's says. */
export async function same(capsule: string): Promise<void> {
  const checked = await checkCapsule(capsule, []);
  expect(checked.faults).toEqual([]);
  const { events, header } = await readCapsule(capsule);
  expect(told({ events: [...events] }, header)).toEqual(undisturbed);
}

export const SLOW = 120_000;
