// The provider against a bare undici request, and its latencies against the rehearsal server's own clock.
import { spawn, spawnSync } from "node:child_process";
import { build } from "esbuild";
import { Agent, fetch } from "undici";
import { ownDelay } from "../src/adapters/measure/own-delay.ts";
import { tinybenchRounds } from "../src/adapters/measure/tinybench-rounds.ts";
import { chatBody } from "../src/adapters/providers/apis/chat.ts";
import { DIALECTS } from "../src/adapters/providers/dialects/dialects.ts";
import { openAiCompatibleProvider } from "../src/adapters/providers/openai-compatible.ts";
import { clock, wait } from "../src/app/compose/parts/system.ts";
import { latencyFigures } from "../src/core/metrics/latency/latency.ts";
import { quantileEstimate } from "../src/core/metrics/statistics/quantile.ts";
import { ownError } from "../src/core/metrics/latency/own-delay.ts";
import { type Load, loadName, measureLatency, type TimedCall } from "../src/app/latency/measure.ts";
import type { ModelProvider } from "../src/ports/models.ts";
import type { ServerControl } from "../src/ports/servers.ts";
import { materialOf, requestOf } from "../test/servers/material.ts";
import type { PlayedTimes } from "../test/servers/rehearsal-stage.ts";
import type { Figure } from "./figure.ts";

const { signal } = new AbortController();
const SERVED = { model: "m-1", effort: null, temperature: null, maxOutputTokens: 100 };
const CALLS = 300;
const WARM_UP = 50;

interface Rehearsal {
  readonly endpoint: string;
  /** The server's own times of what it played since the last call. */
  played(): Promise<readonly PlayedTimes[]>;
  close(): void;
}

async function startRehearsal(...profile: readonly number[]): Promise<Rehearsal> {
  const outfile = "node_modules/.cache/bakeoff-bench/rehearsal.mjs";
  await build({
    entryPoints: ["test/servers/rehearsal-main.ts"],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "warning",
  });
  const child = spawn(process.execPath, [outfile, ...profile.map(String)], { stdio: ["ignore", "pipe", "inherit"] });
  const endpoint = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (text: Buffer) => resolve(text.toString().trim()));
    child.once("exit", (code) => reject(new Error(`the rehearsal server ended with ${String(code)}`)));
  });
  const page = endpoint.replace("/v1", "/rehearsal/played");
  return { endpoint, played: async () => (await (await fetch(page)).json()) as PlayedTimes[], close: () => void child.kill("SIGKILL") };
}

function providerAt(endpoint: string): ModelProvider {
  const limits = { maxAnswerChars: 100_000, connectMs: 5000, firstTokenMs: 60_000, idleMs: 30_000 };
  return openAiCompatibleProvider({ name: "bench", kind: "sglang", api: "chat", endpoint, apiKey: null, clock, models: { m: SERVED }, limits });
}

const request = { ...requestOf(), model: "m" };

export async function providerFigures(): Promise<Figure[]> {
  process.stdout.write(`· ${raisePriority()}\n`);
  return [await overheadFigure(), await firstTextFigure(), ...(await percentileFigures())];
}

/**
 * What is measured is this program's error, not how busy its machine is: where it may, it goes before all other work.
 * The rehearsal server inherits that. A nice value would not do: Linux weighs those within a session only.
 */
function raisePriority(): string {
  const { status } = spawnSync("chrt", ["--fifo", "--pid", "1", String(process.pid)], { stdio: "ignore" });
  if (status === 0) return "client and rehearsal server run before all other work (chrt --fifo)";
  return "no real-time priority could be had: other work on this machine shows in these figures";
}

/** Pairs of a bare request, read to its end, and a provider call. */
async function overheadFigure(): Promise<Figure> {
  const rehearsal = await startRehearsal(0, 0, 5, 0);
  const provider = providerAt(rehearsal.endpoint);
  const dispatcher = new Agent();
  const body = JSON.stringify(chatBody({ dialect: DIALECTS.sglang, served: SERVED, request, form: "json_schema" }));
  const headers = { "content-type": "application/json", accept: "text/event-stream" };
  const bare = async () => {
    const start = clock.now();
    const response = await fetch(`${rehearsal.endpoint}/chat/completions`, { method: "POST", headers, body, dispatcher });
    let text = "";
    const decoder = new TextDecoder();
    for await (const part of response.body ?? []) text += decoder.decode(part as Uint8Array, { stream: true });
    if (!text.includes("[DONE]")) throw new Error("the bare request was cut");
    return clock.now() - start;
  };
  const whole = async () => {
    const start = clock.now();
    const { outcome } = await provider.call(request, signal);
    if (outcome !== "answered") throw new Error("the provider's call failed");
    return clock.now() - start;
  };
  const samples: number[] = [];
  for (let call = 0; call < WARM_UP + CALLS; call += 1) {
    // In turn, and which is first in turn, too: the machine's pace meets both alike.
    const [first, second] = call % 2 === 0 ? [await bare(), await whole()] : [await whole(), await bare()];
    if (call >= WARM_UP) samples.push(call % 2 === 0 ? second - first : first - second);
  }
  rehearsal.close();
  return { name: "provider call − bare undici request", unit: " ms", samples, bound: 1 };
}

async function firstTextFigure(): Promise<Figure> {
  const rehearsal = await startRehearsal(20, 60, 5, 2);
  const provider = providerAt(rehearsal.endpoint);
  const seen: number[] = [];
  for (let call = 0; call < 100; call += 1) seen.push((await provider.call(request, signal)).times.ttftMs ?? Number.NaN);
  const own = await rehearsal.played();
  rehearsal.close();
  const samples = seen.map((ms, index) => Math.abs(ms - (own[index]?.firstTextMs ?? Number.NaN)));
  return { name: "time to first text − the server's own", unit: " ms", samples: samples.slice(10), bound: 3 };
}

const TEXTS = 10;
const NO_CONTROL: ServerControl = { flush: async () => false, cacheCounters: async () => null };

/** What every percentile may be off by, unless the row says that it may. */
const allowed = (real: number): number => 0.02 * real + 1;

/** Percentiles against those of the server's clock: the error as a share of what is allowed. */
async function percentileFigures(): Promise<Figure[]> {
  const loads: readonly Load[] = [1, 4, 16].map((concurrency) => ({ kind: "closed" as const, concurrency }));
  const figures: Figure[] = [];
  for (const load of [...loads, { kind: "open" as const, ratePerS: 20 }]) {
    const rehearsal = await startRehearsal(40, 240, TEXTS, 4);
    const candidate = { name: "m", provider: providerAt(rehearsal.endpoint), control: NO_CONTROL, reportsCache: false };
    const plan = { candidates: [candidate], prefixes: ["cold" as const], rounds: 1, seed: 1, nonce: "bench", timeoutMs: 60_000 };
    const prompts = [{ messages: request.messages, schema: null, material: materialOf() }];
    const world = { clock, wait, signal, timer: tinybenchRounds, meter: ownDelay };
    const [cell] = await measureLatency({ ...plan, loads: [load], requests: 160, prompts }, world);
    // The first was not timed.
    const [, ...own] = await rehearsal.played();
    rehearsal.close();
    figures.push(worstError(loadName(load), cell?.samples ?? [], own));
  }
  return figures;
}

/** The worst of them counts: each percentile is promised. */
function worstError(load: string, calls: readonly TimedCall[], own: readonly PlayedTimes[]): Figure {
  const told = latencyFigures(calls);
  const { hit, figures } = ownError(calls);
  // What the server says that it made, not the texts that it sent.
  const tokens = (calls[0]?.outputTokens ?? 1) - 1;
  const real: Readonly<Record<"ttft" | "tpot" | "e2e", readonly number[]>> = {
    ttft: own.map(({ firstTextMs }) => firstTextMs ?? Number.NaN),
    tpot: own.map(({ firstTextMs, endMs }) => ((endMs ?? Number.NaN) - (firstTextMs ?? Number.NaN)) / tokens),
    e2e: own.map(({ endMs }) => endMs ?? Number.NaN),
  };
  const errors = (["ttft", "tpot", "e2e"] as const).flatMap((name) =>
    (
      [
        ["p50", 0.5],
        ["p95", 0.95],
      ] as const
    ).map(([at, q]) => {
      const truth = quantileEstimate(real[name], q).value ?? Number.NaN;
      const share = Math.abs((told[name][at].value ?? Number.NaN) - truth) / allowed(truth);
      const read = figures[name]?.[at];
      const isWarned = read !== undefined && (read.read - read.low > allowed(read.low) || read.high - read.read > allowed(read.high));
      return { share: isWarned ? 0 : share, isWarned };
    }),
  );
  const warned = errors.filter(({ isWarned }) => isWarned).length;
  process.stdout.write(
    `· ${load}: ${hit} of ${calls.length} calls were hit by the client's own stalls; ${warned} of ${errors.length} percentiles are doubted\n`,
  );
  return { name: `worst percentile error ÷ allowed (2 % + 1 ms), ${load}`, unit: "×", samples: [Math.max(...errors.map(({ share }) => share))], bound: 1 };
}
