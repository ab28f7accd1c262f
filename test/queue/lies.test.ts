// A worker that lies about what cargo found, in runs of the built program: the coordinator works it out again, and the capsule passes no gate.
import { type ChildProcess, spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, expect, it } from "vitest";
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import type { WorkerMessage } from "../../src/app/queue/messages.ts";
import { canonicalJson, sha256 } from "../../src/core/base/canonical.ts";
import { RECHECK_DISAGREED } from "../../src/core/capsule/rechecked.ts";
import { readVerdict } from "../../src/core/verdict/stored-verdict.ts";
import { summariseVerdict } from "../../src/core/verdict/summary.ts";
import type { TrialEvent } from "../../src/core/trial/event.ts";
import { bakeoff, MAIN } from "../cli/bakeoff.ts";
import { layTinySuite } from "../cli/tiny-suite.ts";
import { runCache, scratch } from "../setup/scratch.ts";
import { SLOW } from "./bed.ts";
import { type LyingLine, lyingLine } from "./lying-line.ts";
import { type TestRedis, testRedis } from "./redis.ts";

const home = await scratch();
const suite = join(home, "tiny");
const started: ChildProcess[] = [];
const lines: LyingLine[] = [];
const servers: TestRedis[] = [];

beforeAll(() => layTinySuite(home));
afterEach(async () => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  for (const line of lines.splice(0)) line.close();
  for (const server of servers.splice(0)) await server.kill();
});

/** What failed is said to have passed, with a verdict that says so throughout: nothing of its shape is wrong. */
function embellished(said: WorkerMessage): WorkerMessage {
  if (said.say !== "step") return said;
  const texts = new Map(said.bodies.map(({ text }) => [sha256(text), text]));
  const bodies = [...said.bodies];
  const events = said.events.map((event): TrialEvent => {
    const text = event.type === "ToolResult" ? texts.get(event.output_hash) : undefined;
    const found = text === undefined ? null : readVerdict(text);
    if (event.type !== "ToolResult" || found?.status !== "failed") return event;
    const claimed = { status: "passed" as const, tests: found.tests.map((test) => ({ ...test, status: "passed" as const, output: "" })) };
    const body = { kind: "output" as const, text: canonicalJson(claimed) };
    bodies.push(body);
    return { ...event, success: true, verdict: summariseVerdict(claimed), output_hash: sha256(body.text) };
  });
  return { ...said, events, bodies };
}

function work(url: string, name: string) {
  const child = spawn(process.execPath, [MAIN, "worker", "--queue", url, "--name", name], {
    cwd: home,
    env: { ...process.env, BAKEOFF_CACHE: runCache() },
    stdio: ["ignore", "ignore", "pipe"],
  });
  started.push(child);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => void (said += text));
  return { said: () => said };
}

it("on real cargo: it is stopped by name, its trials are marked, and the gate refuses the capsule", { timeout: SLOW * 2 }, async () => {
  const redis = await testRedis(join(home, "redis"));
  servers.push(redis);
  const line = await lyingLine(redis.port, embellished);
  lines.push(line);
  const liar = work(line.url, "liar");
  let honest = false;
  const run = await bakeoff(["run", "--suite", suite, "--candidates", "nop,oracle", "--queue", redis.url, "--recheck", "100"], {
    cwd: home,
    onStderr: (text) => {
      if (honest || !text.includes("worker liar lost")) return;
      honest = true;
      work(redis.url, "honest");
    },
  });
  expect(run.code, run.stderr + liar.said()).toBe(0);
  expect(liar.said()).toMatch(/"event":"refused".*does not come out again/);
  const [name = ""] = (await readdir(join(home, "capsules"))).filter((file) => file.endsWith(".capsule.jsonl"));
  const { events } = await readCapsule(join(home, "capsules", name));
  const noted = events.flatMap(({ payload }) => (payload.type === "ErrorEvent" ? [[payload.error_code, payload.message] as const] : []));
  const marked = noted.filter(([code]) => code === RECHECK_DISAGREED).map(([, message]) => message);
  expect(marked.length).toBeGreaterThan(0);
  for (const message of marked) expect(message).toMatch(/^worker liar: its verdict on nop\/\S+ \(passed\) .* comes to failed, twice$/);
  expect(noted.filter(([code]) => code === "worker-refused").map(([, message]) => message)).toEqual([expect.stringMatching(/^worker liar was refused/)]);
  const gate = await bakeoff(["gate", "--candidate", "nop", "--incumbent", "oracle", "--capsule", join("capsules", name)], { cwd: home });
  expect(gate.stdout + gate.stderr).toMatch(/worker liar: .*run it again without that worker/);
  expect(gate.code).not.toBe(0);
});
