// One latency measurement from the words of the command line to its figures.
import { BakeoffError, invariant } from "../../core/base/errors.ts";
import { EMBEDDED } from "../../core/policy/rules/rules.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { sglangBenchRecord } from "../../core/metrics/latency/export.ts";
import { latencyFigures } from "../../core/metrics/latency/latency.ts";
import { quantileEstimate } from "../../core/metrics/statistics/quantile.ts";
import { tally } from "../../core/metrics/summary/rate.ts";
import { latencyNotes } from "../../core/report/latency/notes.ts";
import { failureName, type LatencyReport, type LatencyRow, type TimedServer } from "../../core/report/latency/table.ts";
import { repositoryOutline } from "../../core/trial/prompt/outline.ts";
import { buildPrompt, firstAttemptFacts } from "../../core/trial/prompt/facts.ts";
import { brokenTree, type Suite } from "../../core/suite/suite.ts";
import { answerSchema } from "../../core/verdict/answer/answer.ts";
import { type BlockDone, type LatencyCell, type LatencyPlan, type Load, loadName, measureLatency, type Prefix, type TimedCandidate } from "./measure.ts";
import { lineUp } from "../run/lineup.ts";
import { clock, newRunId, wait, world } from "../compose.ts";
import { suiteFolders } from "../places.ts";

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
  /** Told of each block that is done. */
  readonly watch: (block: BlockDone) => void;
}

export interface LatencyOutcome {
  readonly report: LatencyReport;
  /** One line a candidate, prefix and load, in the keys of SGLang's bench. */
  readonly jsonl: string;
}

/** How many tasks lend their prompts. */
const PROMPTS = 8;

export async function latencySession(request: LatencyRequest, signal: AbortSignal): Promise<LatencyOutcome> {
  const embedded = request.candidates?.find((name) => (EMBEDDED as readonly string[]).includes(name));
  if (embedded) throw new BakeoffError("usage", `${embedded} answers inside this process: there is no server to time`, "name candidates of candidates.toml");
  const snapshot = await world.loadPolicy(request.policyFile, clock.wall());
  const suite = await world.loadSuite(await world.findSuite(request.suite, suiteFolders()));
  const timed = await timedCandidates(snapshot, request.candidates, signal);
  const loads: Load[] = [
    ...request.concurrencies.map((concurrency) => ({ kind: "closed" as const, concurrency })),
    ...request.ratesPerS.map((ratePerS) => ({ kind: "open" as const, ratePerS })),
  ];
  const plan: LatencyPlan = {
    ...request,
    candidates: timed.map(({ candidate }) => candidate),
    loads,
    nonce: newRunId(),
    prompts: promptsOf(suite, snapshot),
    timeoutMs: snapshot.policy.limits.request_timeout_ms,
  };
  const cells = await measureLatency(plan, { clock, wait, signal, timer: world.roundTimer, meter: world.ownDelay });
  const { scrub } = world.redactor(snapshot);
  return outcomeOf(
    cells.map((cell) => scrubbed(cell, scrub)),
    request,
    timed.map(({ server }) => ({ ...server, facts: scrubbedFacts(server.facts, scrub) })),
  );
}

interface Timed {
  readonly candidate: TimedCandidate;
  readonly server: TimedServer;
}

async function timedCandidates(snapshot: PolicySnapshot, requested: readonly string[] | null, signal: AbortSignal): Promise<readonly Timed[]> {
  const { policy, candidates } = snapshot;
  const chosen = await lineUp({ policy, candidates, requested, unready: world.unready(snapshot), reachable: () => false });
  const playing = chosen.candidates.filter(({ name }) => candidates.some((candidate) => candidate.name === name));
  const [first] = chosen.leftOut;
  if (playing.length === 0)
    throw new BakeoffError("environment", "no candidate's server answers", first ? `start one: ${first.start}` : "add one to candidates.toml");
  const names = playing.map(({ provider }) => provider);
  const providers = world.networkProviders(snapshot);
  const servers = world.servers(snapshot, names);
  return Promise.all(
    playing.map(async ({ name, provider: at, model }): Promise<Timed> => {
      const provider = providers.get(at);
      if (!provider) throw new BakeoffError("invariant", `no provider ${at} was built`);
      const said = await servers.get(at)?.inspect(signal);
      const facts = said?.ok === true ? said.facts : null;
      const control = world.serverControl(snapshot, at);
      const candidate = { name, provider, control, reportsCache: facts?.["enable_cache_report"] === true };
      return { candidate, server: { candidate: name, provider: at, model, endpoint: endpointOf(snapshot, name), facts } };
    }),
  );
}

function endpointOf({ policy, candidates }: PolicySnapshot, name: string): string {
  const candidate = candidates.find((one) => one.name === name);
  return candidate?.endpoint ?? policy.providers[candidate?.provider ?? ""]?.endpoint ?? "";
}

/** Nothing has been tried yet. */
const NO_TEXTS = { text: () => null, verdict: () => null };

/** First attempts at low-risk tasks of one base: alike up to the task, as in a run. */
function promptsOf(suite: Suite, snapshot: PolicySnapshot): LatencyPlan["prompts"] {
  const [base] = suite.bases;
  const tasks = suite.tasks.filter((task) => task.risk === "low" && task.base.digest === base?.digest).slice(0, PROMPTS);
  if (!base || tasks.length === 0) throw new BakeoffError("usage", `suite ${suite.name} has no low-risk task to take a prompt from`, "name another suite");
  const outline = repositoryOutline(base, suite.tasks, snapshot.policy.prompt.map_tokens);
  return tasks.map((task) => {
    const tree = brokenTree(task);
    const built = buildPrompt({ task, tree, outline, budget: snapshot.policy.prompt }, firstAttemptFacts("edits"), NO_TEXTS);
    invariant(built.ok, "a first attempt needs no text of the record");
    const material = { task, tree, diagnostics: [], lastChanges: null, verdict: null };
    return { messages: built.messages, schema: answerSchema("edits"), material };
  });
}

function outcomeOf(cells: readonly LatencyCell[], request: LatencyRequest, servers: readonly TimedServer[]): LatencyOutcome {
  const rows = cells.map((cell): LatencyRow => {
    const failures = tally(cell.samples.flatMap((sample) => failureName(sample) ?? []));
    return { ...cell, load: loadName(cell.load), figures: latencyFigures(cell.samples), ownDelay: quantileEstimate(cell.ownDelaysMs, 0.99), failures };
  });
  const lines = cells.map((cell) => {
    const { candidate: model, load, samples, durationMs } = cell;
    const server = servers.find(({ candidate }) => candidate === model);
    const facts = {
      model,
      backend: server?.provider ?? "",
      ratePerS: load.kind === "open" ? load.ratePerS : null,
      maxConcurrency: load.kind === "closed" ? load.concurrency : null,
      durationMs,
    };
    return JSON.stringify({ ...sglangBenchRecord(facts, samples, latencyFigures(samples)), prefix: cell.prefix, server_info: server?.facts ?? null });
  });
  const notes = latencyNotes(rows, request);
  return { report: { servers, rows: rows.map(withoutSamples), notes }, jsonl: `${lines.join("\n")}\n` };
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

function withoutSamples({ candidate, prefix, load, figures, failures, flushed, countedShare, ownDelay }: LatencyRow): LatencyRow {
  return { candidate, prefix, load, figures, failures, flushed, countedShare, ownDelay };
}
