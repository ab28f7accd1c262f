// Our latency figures beside vLLM's own bench, in turn on one real server: its build for the processor, over a model of random weights.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ownDelay } from "../src/adapters/measure/own-delay.ts";
import { tinybenchRounds } from "../src/adapters/measure/tinybench-rounds.ts";
import { openAiCompatibleProvider } from "../src/adapters/providers/openai-compatible.ts";
import { serverControl } from "../src/adapters/providers/server-control.ts";
import { clock, wait } from "../src/app/compose/parts/system.ts";
import { measureLatency } from "../src/app/latency/measure.ts";
import { latencyFigures } from "../src/core/metrics/latency/latency.ts";
import { freePort } from "../test/servers/free-port.ts";
import { materialOf } from "../test/servers/material.ts";
import type { Figure } from "./figure.ts";

const VENV = resolve("node_modules/.cache/vllm-venv/bin");
/** One token a byte. */
const [PROMPT_TOKENS, ANSWER_TOKENS, CALLS] = [200, 20, 48];
const METRICS = ["ttft", "tpot", "itl", "e2e"] as const;
type Percentiles = Readonly<Record<(typeof METRICS)[number], { readonly p50: number; readonly p95: number }>>;

/** Ours ÷ vLLM's, each round one ratio: of the median, and of the 95th percentile. */
export async function serverFigures(rounds: number): Promise<Figure[]> {
  if (!existsSync(join(VENV, "vllm"))) throw new Error("vLLM is not installed here: npm run test:vllm does it, which takes gigabytes and many minutes");
  const folder = mkdtempSync(join(tmpdir(), "bakeoff-bench-vllm-"));
  const model = join(folder, "model");
  if (spawnSync(join(VENV, "python"), [resolve("test/servers/vllm/tiny_model.py"), model], { stdio: "ignore" }).status !== 0)
    throw new Error("no model could be written");
  const port = await freePort();
  const words = ["serve", model, "--served-model-name", "tiny", "--port", String(port), "--dtype", "bfloat16", "--max-model-len", "4096", "--enforce-eager"];
  const env = { ...process.env, VLLM_CPU_KVCACHE_SPACE: "1", HF_HUB_OFFLINE: "1", PATH: `${VENV}:${process.env["PATH"] ?? ""}` };
  const server = spawn(join(VENV, "vllm"), words, { stdio: "ignore", env, detached: true });
  try {
    await answering(`http://127.0.0.1:${port}/v1/models`);
    const figures: Figure[] = [];
    for (const concurrency of [1, 4, 16]) {
      const pairs: { readonly ours: Percentiles; readonly theirs: Percentiles }[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const theirs = vllmBench({ model, port, concurrency, folder, env });
        pairs.push({ theirs, ours: await ourFigures(port, concurrency) });
      }
      for (const metric of METRICS) {
        for (const at of ["p50", "p95"] as const) {
          const shown = pairs.map(({ ours, theirs }) => `${ours[metric][at].toFixed(2)}/${theirs[metric][at].toFixed(2)} ms`).join(", ");
          const samples = pairs.map(({ ours, theirs }) => ours[metric][at] / theirs[metric][at]);
          figures.push({ name: `${metric} ${at}, ${concurrency} at a time, ours ÷ vLLM's (${shown})`, unit: "×", samples, bound: Number.POSITIVE_INFINITY });
        }
      }
    }
    return figures;
  } finally {
    if (server.pid !== undefined) process.kill(-server.pid, "SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  }
}

async function answering(url: string): Promise<void> {
  for (let look = 0; look < 300; look += 1) {
    const isUp = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((settle) => setTimeout(settle, 1000));
  }
  throw new Error("vLLM does not answer after five minutes");
}

interface VllmBench {
  readonly model: string;
  readonly port: number;
  readonly concurrency: number;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

function vllmBench({ model, port, concurrency, folder, env }: VllmBench): Percentiles {
  const options = {
    backend: "openai-chat",
    "base-url": `http://127.0.0.1:${port}`,
    endpoint: "/v1/chat/completions",
    model: "tiny",
    tokenizer: model,
    "dataset-name": "random",
    "random-input-len": PROMPT_TOKENS,
    "random-output-len": ANSWER_TOKENS,
    "num-prompts": CALLS,
    "max-concurrency": concurrency,
    "percentile-metrics": "ttft,tpot,itl,e2el",
    "metric-percentiles": "50,95",
    "result-dir": folder,
    "result-filename": "theirs.json",
  };
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { status, stderr } = spawnSync(join(VENV, "vllm"), ["bench", "serve", ...words, "--ignore-eos", "--save-result", "--disable-tqdm"], {
    env,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status !== 0) throw new Error(`vllm bench serve ended with ${String(status)}: ${stderr.slice(-2000)}`);
  const told = JSON.parse(readFileSync(join(folder, "theirs.json"), "utf8")) as Record<string, number>;
  const of = (key: string) => ({ p50: told[`p50_${key}_ms`] ?? Number.NaN, p95: told[`p95_${key}_ms`] ?? Number.NaN });
  return { ttft: of("ttft"), tpot: of("tpot"), itl: of("itl"), e2e: of("e2el") };
}

async function ourFigures(port: number, concurrency: number): Promise<Percentiles> {
  const endpoint = `http://127.0.0.1:${port}/v1`;
  const provider = openAiCompatibleProvider({
    name: "vllm",
    kind: "vllm",
    api: "chat",
    endpoint,
    apiKey: null,
    clock,
    models: { m: { model: "tiny", effort: null, temperature: 0, maxOutputTokens: ANSWER_TOKENS } },
    limits: { maxAnswerChars: 100_000, connectMs: 5000, firstTokenMs: 60_000, idleMs: 30_000 },
  });
  const [cell] = await measureLatency(
    {
      candidates: [{ name: "m", provider, control: serverControl({ kind: "vllm", endpoint, apiKey: null, timeoutMs: 2000 }), reportsCache: true }],
      prefixes: ["cold"],
      loads: [{ kind: "closed", concurrency }],
      rounds: 1,
      requests: CALLS,
      seed: 1,
      nonce: String(Date.now()),
      prompts: [{ messages: [{ role: "user", content: "x".repeat(PROMPT_TOKENS) }], schema: null, material: materialOf() }],
      timeoutMs: 60_000,
    },
    { clock, wait, signal: new AbortController().signal, timer: tinybenchRounds, meter: ownDelay },
  );
  const { ttft, tpot, itl, e2e } = latencyFigures(cell?.samples ?? []);
  // Each answer is cut by its limit, and ran until then.
  if (ttft.n !== CALLS) throw new Error(`${ttft.n} of ${CALLS} calls were timed`);
  const of = (spread: typeof ttft) => ({ p50: spread.p50.value ?? Number.NaN, p95: spread.p95.value ?? Number.NaN });
  return { ttft: of(ttft), tpot: of(tpot), itl: of(itl), e2e: of(e2e) };
}
