// Servers that nobody here wrote, as processes: llama.cpp's own over a tiny model, and LiteLLM before it.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { openAiCompatibleProvider } from "../../src/adapters/providers/openai-compatible.ts";
import { probeReady } from "../../src/adapters/providers/ready.ts";
import type { ModelProvider, ModelRequest } from "../../src/ports/models.ts";
import { freePort } from "./free-port.ts";
import { CLOCK, requestOf } from "./material.ts";

const SCRIPTS = new URL("llama-cpp/", import.meta.url).pathname;

export interface StartedServer {
  readonly endpoint: string;
  stop(): void;
}

/** Serves `tiny` to four callers. `python`: one that has xllamacpp and gguf. */
export async function startLlama(python: string): Promise<StartedServer> {
  const folder = mkdtempSync(join(tmpdir(), "bakeoff-llama-"));
  const model = join(folder, "tiny.gguf");
  execFileSync(python, [join(SCRIPTS, "tiny_gguf.py"), model, "1"]);
  const port = await freePort();
  const server = spawn(python, [join(SCRIPTS, "serve.py"), model, "tiny", String(port), "4"], { stdio: ["ignore", "pipe", "pipe"] });
  return whenReady(server, port, folder);
}

/** `program`: LiteLLM's own. */
export async function startLiteLlm(program: string, before: string): Promise<StartedServer> {
  const folder = mkdtempSync(join(tmpdir(), "bakeoff-litellm-"));
  const config = join(folder, "config.yaml");
  const params = { model: "openai/tiny", api_base: before, api_key: "none" };
  // JSON is YAML. Its own retries would hide failures from those who count them.
  writeFileSync(config, JSON.stringify({ model_list: [{ model_name: "tiny", litellm_params: params }], router_settings: { num_retries: 0 } }));
  const port = await freePort();
  const env = { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: "True" };
  const server = spawn(program, ["--config", config, "--host", "127.0.0.1", "--port", String(port)], { stdio: ["ignore", "pipe", "pipe"], env });
  return whenReady(server, port, folder);
}

const START_MS = 120_000;

async function whenReady(server: ChildProcess, port: number, folder: string): Promise<StartedServer> {
  const endpoint = `http://127.0.0.1:${port}/v1`;
  let log = "";
  for (const stream of [server.stdout, server.stderr]) stream?.on("data", (text: Buffer) => (log = (log + text.toString()).slice(-8000)));
  const stop = (): void => {
    server.kill("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  };
  const look = async (): Promise<void> => {
    const found = await probeReady({ endpoint, model: "tiny", apiKey: null, timeoutMs: 1000, clock: CLOCK });
    if (!found.ready) throw new Error(`it is not ready: ${found.reason}\n${log}`);
  };
  try {
    await vi.waitFor(look, { timeout: START_MS, interval: 100 });
  } catch (error) {
    stop();
    throw error;
  }
  return { endpoint, stop };
}

/** Knows `tiny` as `alias`, and `gone`, which no server has. */
export function tinyProvider(endpoint: string, maxOutputTokens = 200): ModelProvider {
  const served = (model: string) => ({ model, effort: null, temperature: 0, maxOutputTokens });
  return openAiCompatibleProvider({
    name: "tiny",
    kind: "openai",
    api: "chat",
    endpoint,
    apiKey: null,
    clock: CLOCK,
    models: { alias: served("tiny"), gone: served("gone") },
    limits: { maxAnswerChars: 10_000, connectMs: 1000, firstTokenMs: 20_000, idleMs: 20_000 },
  });
}

export const askedOf = (content: string, more: Partial<ModelRequest> = {}): ModelRequest =>
  requestOf({ model: "alias", messages: [{ role: "user", content }], schema: null, timeoutMs: 20_000, ...more });
