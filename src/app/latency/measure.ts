// Latency of model servers without cargo: interleaved blocks of calls, each block one candidate, prefix and load.
import { createRandom } from "../../core/base/random.ts";
import { poissonSchedule } from "../../core/metrics/statistics/arrivals.ts";
import type { CallSample } from "../../core/metrics/latency/latency.ts";
import { type DelayLook, type OwnLateness, ownLateness, stallsIn } from "../../core/metrics/latency/own-delay.ts";
import { closedLoop, type Loaded, type LoadPorts, openLoop, type Shot } from "./load.ts";
import type { CacheCounters, DelayMeter, RoundTimer, ServerControl } from "../../ports/servers.ts";
import type { Message, ModelProvider, ModelReply, ModelRequest } from "../../ports/models.ts";

export type Prefix = "cold" | "warm";

/** Either so many callers, or so many requests a second. */
export type Load = { readonly kind: "closed"; readonly concurrency: number } | { readonly kind: "open"; readonly ratePerS: number };

export interface TimedCandidate {
  readonly name: string;
  readonly provider: ModelProvider;
  readonly control: ServerControl;
  /** The server reports cached tokens: then saying nothing of them means none. */
  readonly reportsCache: boolean;
}

export interface LatencyPlan {
  readonly candidates: readonly TimedCandidate[];
  readonly prefixes: readonly Prefix[];
  readonly loads: readonly Load[];
  readonly rounds: number;
  /** Requests of one block. */
  readonly requests: number;
  readonly seed: number;
  /** Makes the prompts of this measurement unlike those of any other. */
  readonly nonce: string;
  /** What is asked, in turn; all begin alike. */
  readonly prompts: readonly Pick<ModelRequest, "messages" | "schema" | "material">[];
  readonly timeoutMs: number;
  /** Told of each block that is done. */
  readonly watch?: (block: BlockDone) => void;
}

export interface BlockDone {
  readonly name: string;
  /** 1-based. */
  readonly round: number;
  readonly answered: number;
  readonly failed: number;
  readonly durationMs: number;
}

/** All blocks of one candidate, prefix and load. */
export interface LatencyCell {
  readonly candidate: string;
  readonly prefix: Prefix;
  readonly load: Load;
  readonly samples: readonly TimedCall[];
  readonly durationMs: number;
  /** Was the server's cache emptied before each cold block? Where not, the prompts alone are new. */
  readonly flushed: boolean;
  /** Share of prompt tokens from the cache by the server's own counters; null where it has none. */
  readonly countedShare: number | null;
  /** How late this process itself was meanwhile, looked at again and again. */
  readonly ownDelaysMs: readonly number[];
}

/** A call, and how late this process may have read what came of it. */
export type TimedCall = CallSample & { readonly own: OwnLateness };

/** What a measurement needs of the ports. */
export interface MeasurePorts extends LoadPorts {
  readonly timer: RoundTimer;
  readonly meter: DelayMeter;
}

interface Cell {
  readonly candidate: TimedCandidate;
  readonly prefix: Prefix;
  readonly load: Load;
  readonly blocks: Loaded<TimedCall>[];
  /** By block. */
  readonly ownDelaysMs: (readonly number[])[];
  flushed: boolean;
  /** Over all blocks, by the server's own counters; null once it could not say. */
  counted: CacheCounters | null;
}

/** Runs every block, rounds interleaved so that a change of the machine's or the server's pace meets all alike. */
export async function measureLatency(plan: LatencyPlan, ports: MeasurePorts): Promise<readonly LatencyCell[]> {
  const cells = plan.loads.flatMap((load) =>
    plan.prefixes.flatMap((prefix) =>
      plan.candidates.map(
        (candidate): Cell => ({
          candidate,
          prefix,
          load,
          blocks: [],
          ownDelaysMs: [],
          flushed: prefix === "cold",
          counted: { cachedTokens: 0, promptTokens: 0 },
        }),
      ),
    ),
  );
  const arms = cells.map((cell) => ({
    name: nameOf(cell),
    run: async (round: number) => {
      const block = await runBlock(plan, ports, { cell, round });
      cell.blocks.push(block);
      plan.watch?.(blockDone(cell, round, block));
      return block.durationMs;
    },
  }));
  for (const candidate of plan.candidates) await warmUp(plan, ports, candidate);
  await ports.timer.interleave(plan.rounds, arms);
  return cells.map(cellResult);
}

/** One call of each that is not timed: the first of a process runs code that was never run, and a server's first may load what it needs. */
async function warmUp(plan: LatencyPlan, ports: MeasurePorts, candidate: TimedCandidate): Promise<void> {
  await call(plan, ports, { candidate, text: `${plan.nonce} first`, index: 0 });
}

export const loadName = (load: Load): string => (load.kind === "closed" ? `concurrency ${load.concurrency}` : `${load.ratePerS}/s`);

/** Connections that stand before an open loop begins; it opens more where it needs them. */
const OPEN_CONNECTIONS = 16;

const nameOf = ({ candidate, prefix, load }: Cell): string => `${candidate.name}, ${prefix}, ${loadName(load)}`;

function blockDone(cell: Cell, round: number, { results, durationMs }: Loaded<TimedCall>): BlockDone {
  const failed = results.filter(({ failure }) => failure !== null).length;
  return { name: nameOf(cell), round: round + 1, answered: results.length - failed, failed, durationMs };
}

interface Block {
  readonly cell: Cell;
  readonly round: number;
}

async function runBlock(plan: LatencyPlan, ports: MeasurePorts, { cell, round }: Block): Promise<Loaded<TimedCall>> {
  const { candidate, prefix, load } = cell;
  if (prefix === "cold") cell.flushed = (await candidate.control.flush(ports.signal)) && cell.flushed;
  // Not timed, and its answer is not looked at: it only lays the prefix into the cache.
  else await call(plan, ports, { candidate, text: `${plan.nonce} warm`, index: 0 });
  await candidate.provider.connect?.(load.kind === "closed" ? load.concurrency : Math.min(plan.requests, OPEN_CONNECTIONS), ports.signal);
  const before = await candidate.control.cacheCounters(ports.signal);
  const shot: Shot<SentCall> = async (index, intendedAt) => {
    const text = prefix === "warm" ? `${plan.nonce} warm` : `${plan.nonce} ${round} ${loadName(load)} ${index}`;
    const askedAt = ports.clock.now();
    const reply = await call(plan, ports, { candidate, text, index });
    const facts = { prompt: index % plan.prompts.length, lateMs: Math.max(0, askedAt - intendedAt), queueCounts: load.kind === "open" };
    return { sample: sampleOf(reply, { ...facts, reportsCache: candidate.reportsCache }), sentAt: askedAt + reply.times.queueMs };
  };
  const stop = ports.meter.start();
  let looks: readonly DelayLook[] = [];
  const block = await putLoad(plan, ports, { cell, round }, shot).finally(() => (looks = stop()));
  cell.ownDelaysMs.push(looks.map(({ lateMs }) => lateMs));
  countCache(cell, before, await candidate.control.cacheCounters(ports.signal));
  const stalls = stallsIn(looks);
  return { ...block, results: block.results.map(({ sample, sentAt }) => ({ ...sample, own: ownLateness(sample, sentAt, stalls) })) };
}

interface SentCall {
  readonly sample: CallSample;
  /** When its request was at its socket. */
  readonly sentAt: number;
}

function putLoad(plan: LatencyPlan, ports: LoadPorts, { cell, round }: Block, shot: Shot<SentCall>): Promise<Loaded<SentCall>> {
  const { load } = cell;
  if (load.kind === "closed") return closedLoop(ports, { workers: load.concurrency, count: Math.max(plan.requests, load.concurrency) }, shot);
  const random = createRandom(`${plan.seed}/${cell.candidate.name}/${cell.prefix}/${load.ratePerS}/${round}`);
  return openLoop(ports, poissonSchedule(random, load.ratePerS, plan.requests), shot);
}

/** The mark stands at the head of the prompt: a server whose prefix cache knows nothing of the mark knows nothing of the rest. */
function call(
  plan: LatencyPlan,
  ports: LoadPorts,
  of: { readonly candidate: TimedCandidate; readonly text: string; readonly index: number },
): Promise<ModelReply> {
  const prompt = plan.prompts[of.index % plan.prompts.length];
  if (!prompt) throw new RangeError("a measurement without prompts");
  const [first, ...rest] = prompt.messages;
  const messages: Message[] = first ? [{ ...first, content: `[${of.text}]\n${first.content}` }, ...rest] : [];
  const { candidate } = of;
  return candidate.provider.call({ ...prompt, messages, purpose: "patch", model: candidate.name, timeoutMs: plan.timeoutMs }, ports.signal);
}

interface Sent {
  readonly prompt: number;
  readonly lateMs: number;
  readonly queueCounts: boolean;
  readonly reportsCache: boolean;
}

function sampleOf(reply: ModelReply, { prompt, lateMs, queueCounts, reportsCache }: Sent): CallSample {
  const { times, usage } = reply;
  const cached = usage.cachedTokens ?? (reportsCache && usage.promptTokens !== null ? 0 : null);
  return {
    prompt,
    queueMs: lateMs + times.queueMs,
    queueCounts,
    ttftMs: times.ttftMs,
    firstOutputMs: times.firstOutputMs,
    totalMs: times.totalMs,
    gapsMs: times.gapsMs,
    promptTokens: usage.promptTokens,
    outputTokens: usage.responseTokens,
    cachedTokens: cached,
    text: reply.outcome === "answered" ? reply.text : null,
    failure: reply.outcome === "failed" ? `${reply.failure}: ${reply.detail}` : null,
  };
}

function countCache(cell: Cell, before: CacheCounters | null, after: CacheCounters | null): void {
  if (before === null || after === null || cell.counted === null) {
    cell.counted = null;
    return;
  }
  const cachedTokens = cell.counted.cachedTokens + after.cachedTokens - before.cachedTokens;
  cell.counted = { cachedTokens, promptTokens: cell.counted.promptTokens + after.promptTokens - before.promptTokens };
}

function cellResult({ candidate, prefix, load, blocks, flushed, counted, ownDelaysMs }: Cell): LatencyCell {
  return {
    candidate: candidate.name,
    prefix,
    load,
    samples: blocks.flatMap(({ results }) => results),
    durationMs: blocks.reduce((sum, { durationMs }) => sum + durationMs, 0),
    flushed,
    ownDelaysMs: ownDelaysMs.flat(),
    countedShare: counted === null || counted.promptTokens <= 0 ? null : counted.cachedTokens / counted.promptTokens,
  };
}
