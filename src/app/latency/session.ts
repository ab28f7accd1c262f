// One latency measurement from the words of the command line to its figures.
import { BakeoffError } from "../../core/base/errors.ts";
import { isEmbedded } from "../../core/policy/rules/rules.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { sglangBenchRecord } from "../../core/metrics/latency/export.ts";
import { ownError } from "../../core/metrics/latency/own-delay.ts";
import { latencyFigures } from "../../core/metrics/latency/latency.ts";
import { quantileEstimate } from "../../core/metrics/statistics/quantile.ts";
import { tally } from "../../core/metrics/summary/rate.ts";
import { latencyNotes } from "../../core/report/latency/notes.ts";
import { failureName, type LatencyReport, type LatencyRow, type TimedServer } from "../../core/report/latency/table.ts";
import type { Suite } from "../../core/suite/suite.ts";
import { firstPrompt } from "./first-prompt.ts";
import { type BlockDone, type LatencyCell, type LatencyPlan, type Load, loadName, measureLatency, type Prefix, type TimedCandidate } from "./measure.ts";
import { lineUp } from "../run/lineup.ts";
import type { Clock } from "../../ports/clock.ts";
import type { LoadPolicy } from "../../ports/policies.ts";
import type { DelayMeter, RoundTimer } from "../../ports/servers.ts";
import type { Serving } from "../../ports/serving.ts";
import type { LoadSuite } from "../../ports/suites.ts";
import type { TextFiles } from "../../ports/text-files.ts";

export interface LatencyPorts {
  readonly clock: Clock;
  /** Resolves after so many milliseconds; rejects as soon as the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A text that no other measurement has. */
  readonly nonce: () => string;
  readonly timer: RoundTimer;
  readonly meter: DelayMeter;
  readonly loadPolicy: LoadPolicy;
  readonly loadSuite: LoadSuite;
  readonly serving: (snapshot: PolicySnapshot) => Pick<Serving, "readiness" | "networkProviders" | "control" | "inspectors" | "redactor">;
  readonly texts: Pick<TextFiles, "write">;
}

export interface LatencyRequest {
  readonly suite: string;
  readonly policyFile: string;
  /** Null: every candidate whose server answers. */
  readonly candidates: readonly string[] | null;
  readonly prefixes: readonly Prefix[];
  readonly concurrencies: readonly number[];
  readonly ratesPerS: readonly number[];
  readonly rounds: number;
  readonly requests: number;
  readonly seed: number;
  /** File for one line a candidate, prefix and load, in the keys of SGLang's bench; null: none. */
  readonly out: string | null;
  /** Told of each block that is done. */
  readonly watch: (block: BlockDone) => void;
}

/** How many tasks lend their prompts: what is said of others is as sure as so many make it. */
const PROMPTS = 16;

/** Times the servers of the candidates, and reports. Throws `environment` where no server answers. */
export async function latencySession(ports: LatencyPorts, request: LatencyRequest, signal: AbortSignal): Promise<LatencyReport> {
  const embedded = request.candidates?.find(isEmbedded);
  if (embedded) throw new BakeoffError("usage", `${embedded} answers inside this process: there is no server to time`, "name candidates of candidates.toml");
  const { clock, wait, timer, meter } = ports;
  const snapshot = await ports.loadPolicy(request.policyFile);
  const suite = await ports.loadSuite(request.suite);
  const serving = ports.serving(snapshot);
  const timed = await timedCandidates(serving, snapshot, request.candidates, signal);
  const loads: Load[] = [
    ...request.concurrencies.map((concurrency) => ({ kind: "closed" as const, concurrency })),
    ...request.ratesPerS.map((ratePerS) => ({ kind: "open" as const, ratePerS })),
  ];
  const plan: LatencyPlan = {
    ...request,
    candidates: timed.map(({ candidate }) => candidate),
    loads,
    nonce: ports.nonce(),
    prompts: promptsOf(suite, snapshot),
    timeoutMs: snapshot.policy.limits.request_timeout_ms,
  };
  const cells = await measureLatency(plan, { clock, wait, signal, timer, meter });
  const { scrub } = serving.redactor;
  const clean = cells.map((cell) => scrubbed(cell, scrub));
  const servers = timed.map(({ server }) => ({ ...server, facts: scrubbedFacts(server.facts, scrub) }));
  if (request.out !== null) await ports.texts.write(request.out, benchLines(clean, servers));
  return reportOf(clean, request, servers);
}

interface Timed {
  readonly candidate: TimedCandidate;
  readonly server: TimedServer;
}

async function timedCandidates(
  serving: ReturnType<LatencyPorts["serving"]>,
  snapshot: PolicySnapshot,
  requested: readonly string[] | null,
  signal: AbortSignal,
): Promise<readonly Timed[]> {
  const { policy, candidates } = snapshot;
  const chosen = await lineUp({ policy, candidates, requested, readiness: serving.readiness, reachable: () => false });
  const playing = chosen.candidates.filter(({ name }) => candidates.some((candidate) => candidate.name === name));
  const [first] = chosen.leftOut;
  if (playing.length === 0)
    throw new BakeoffError("environment", "no candidate's server answers", first ? `start one: ${first.start}` : "add one to candidates.toml");
  const names = playing.map(({ provider }) => provider);
  const providers = serving.networkProviders();
  const servers = serving.inspectors(names);
  return Promise.all(
    playing.map(async ({ name, provider: providerName, model }): Promise<Timed> => {
      const provider = providers.get(providerName);
      if (!provider) throw new BakeoffError("invariant", `no provider ${providerName} was built`);
      const said = await servers.get(providerName)?.inspect(signal);
      const facts = said?.ok === true ? said.facts : null;
      const control = serving.control(providerName);
      const candidate = { name, provider, control, reportsCache: facts?.["enable_cache_report"] === true };
      return { candidate, server: { candidate: name, provider: providerName, model, endpoint: endpointOf(snapshot, name), facts } };
    }),
  );
}

function endpointOf({ policy, candidates }: PolicySnapshot, name: string): string {
  const candidate = candidates.find((one) => one.name === name);
  return candidate?.endpoint ?? policy.providers[candidate?.provider ?? ""]?.endpoint ?? "";
}

/** First attempts at low-risk tasks of one base: alike up to the task, as in a run. */
function promptsOf(suite: Suite, snapshot: PolicySnapshot): LatencyPlan["prompts"] {
  const [base] = suite.bases;
  const tasks = suite.tasks.filter((task) => task.risk === "low" && task.base.digest === base?.digest).slice(0, PROMPTS);
  if (!base || tasks.length === 0) throw new BakeoffError("usage", `suite ${suite.name} has no low-risk task to take a prompt from`, "name another suite");
  return tasks.map((task) => firstPrompt(suite, task, snapshot, "edits"));
}

function reportOf(cells: readonly LatencyCell[], request: LatencyRequest, servers: readonly TimedServer[]): LatencyReport {
  const rows = cells.map((cell): LatencyRow => {
    const failures = tally(cell.samples.flatMap((sample) => failureName(sample) ?? []));
    return {
      ...cell,
      load: loadName(cell.load),
      figures: latencyFigures(cell.samples),
      ownDelay: quantileEstimate(cell.ownDelaysMs, 0.99),
      ownError: ownError(cell.samples),
      failures,
    };
  });
  return { servers, rows: rows.map(withoutSamples), notes: latencyNotes(rows, request) };
}

/** One line a candidate, prefix and load, in the keys of SGLang's bench. */
function benchLines(cells: readonly LatencyCell[], servers: readonly TimedServer[]): string {
  const lines = cells.map(({ candidate: model, prefix, load, samples, durationMs }) => {
    const server = servers.find(({ candidate }) => candidate === model);
    const facts = {
      model,
      backend: server?.provider ?? "",
      ratePerS: load.kind === "open" ? load.ratePerS : null,
      maxConcurrency: load.kind === "closed" ? load.concurrency : null,
      durationMs,
    };
    return JSON.stringify({ ...sglangBenchRecord(facts, samples, latencyFigures(samples)), prefix, server_info: server?.facts ?? null });
  });
  return `${lines.join("\n")}\n`;
}

/** Whatever a server said may hold what is secret here. */
function scrubbed(cell: LatencyCell, scrub: (text: string) => string): LatencyCell {
  const clean = (text: string | null): string | null => (text === null ? null : scrub(text.toWellFormed()));
  return { ...cell, samples: cell.samples.map((sample) => ({ ...sample, text: clean(sample.text), failure: clean(sample.failure) })) };
}

function scrubbedFacts(facts: TimedServer["facts"], scrub: (text: string) => string): TimedServer["facts"] {
  if (facts === null) return null;
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, typeof value === "string" ? scrub(value) : value]));
}

function withoutSamples({ candidate, prefix, load, figures, failures, flushed, countedShare, ownDelay, ownError: error }: LatencyRow): LatencyRow {
  return { candidate, prefix, load, figures, failures, flushed, countedShare, ownDelay, ownError: error };
}
