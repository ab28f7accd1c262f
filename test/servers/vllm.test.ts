// Whole runs over a real vLLM that the run itself starts, its model of random weights. `npm run test:vllm` installs it and runs this.
import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { EventOf } from "../../src/core/trial/event.ts";
import { bakeoff, ROOT } from "../cli/bakeoff.ts";
import { readStored } from "../cli/served-world.ts";
import { layTinySuite } from "../cli/tiny-suite.ts";
import { scratch } from "../setup/scratch.ts";
import { freePort } from "./free-port.ts";
import { rehearsedPolicy } from "./rehearsed-policy.ts";

const PYTHON = process.env["BAKEOFF_VLLM_PYTHON"] ?? "";
const MODEL_SCRIPT = new URL("vllm/tiny_model.py", import.meta.url).pathname;

/** A policy whose one candidate is started by the run. */
async function servedPolicy(): Promise<string> {
  const home = await scratch();
  const model = join(home, "model");
  execFileSync(PYTHON, [MODEL_SCRIPT, model], { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, TMPDIR: home } });
  const folder = join(home, "policy");
  await mkdir(folder);
  const port = await freePort();
  const shipped = await readFile(join(ROOT, "policy", "model_policy.toml"), "utf8");
  await writeFile(join(folder, "model_policy.toml"), rehearsedPolicy({ shipped, candidate: "tiny" }));
  const words = ["serve", model, "--served-model-name", "tiny", "--port", String(port), "--dtype", "bfloat16", "--max-model-len", "32768", "--enforce-eager"];
  const entry = {
    name: "tiny",
    provider: "vllm",
    model: "tiny",
    endpoint: `http://127.0.0.1:${port}/v1`,
    temperature: 0,
    max_output_tokens: 256,
    // It leaves its sockets behind.
    start: ["env", `TMPDIR=${home}`, PYTHON.replace(/python$/, "vllm"), ...words].join(" "),
    vram: "none: it runs on the processor",
  };
  const lines = Object.entries(entry).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  await writeFile(join(folder, "candidates.toml"), `format = 1\n\n[[candidate]]\n${lines.join("\n")}\n`);
  return join(folder, "model_policy.toml");
}

describe.skipIf(PYTHON === "")("a real vLLM that a run starts", () => {
  test("answers every call, and the run verifies and replays", async () => {
    const [policy, cwd, suite] = [await servedPolicy(), await scratch(), await layTinySuite(await scratch())];
    const env = { VLLM_CPU_KVCACHE_SPACE: "1", HF_HUB_OFFLINE: "1", BAKEOFF_CACHE: await scratch() };
    const words = ["run", "--serve", "--policy", policy, "--suite", suite, "--candidates", "tiny", "--limit", "2"];
    const ended = await bakeoff(words, { cwd, env });
    expect(ended.code, ended.stderr).toBe(0);
    const [name = ""] = (await readdir(join(cwd, "capsules"))).filter((file) => file.endsWith(".capsule.jsonl"));
    const capsule = join(cwd, "capsules", name);
    const calls = (await readStored(capsule)).events.flatMap(({ payload }) =>
      payload.type === "ModelCallEnvelope" && payload.mode === "Reflex" ? [payload as EventOf<"ModelCallEnvelope">] : [],
    );
    expect(calls.length).toBeGreaterThanOrEqual(2);
    for (const call of calls) {
      // Random weights fill a string until the limit; what came before it is of the schema.
      expect(["truncated", null]).toContain(call.failure);
      expect(call).toMatchObject({ served_model: "tiny" });
      expect(call.prompt_tokens).toBeGreaterThan(500);
      expect(call.response_tokens).toBeGreaterThan(0);
    }
    expect((await bakeoff(["capsule", "verify", capsule], { cwd, env })).code).toBe(0);
    expect((await bakeoff(["replay", capsule], { cwd, env })).code).toBe(0);
  }, 600_000);
});
