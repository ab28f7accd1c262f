// `bakeoff latency`: times the candidates' servers, without cargo, and prints the figures.
import { BakeoffError } from "../../core/base/errors.ts";
import { latencyJson, latencyTable } from "../../core/report/latency/table.ts";
import { world } from "../../app/compose.ts";
import { type LatencyRequest, latencySession } from "../../app/latency/session.ts";
import { DEFAULT_SUITE } from "../../app/run/session.ts";
import { defaultPolicy } from "../../app/places.ts";

interface LatencyOptions {
  readonly suite?: string;
  readonly policy?: string;
  readonly candidates?: readonly string[];
  readonly rounds: number;
  readonly requests: number;
  readonly concurrency?: number[];
  readonly rate?: number[];
  readonly cold: boolean;
  readonly warm: boolean;
  readonly seed: number;
  readonly json: boolean;
  readonly out?: string;
}

export async function latency(options: LatencyOptions): Promise<number> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort(new BakeoffError("interrupted", "interrupted")));
  const { report, jsonl } = await latencySession(requestOf(options), stop.signal);
  if (options.out !== undefined) await world.replaceFile(options.out, jsonl);
  process.stdout.write(options.json ? latencyJson(report) : latencyTable(report));
  process.stderr.write(`${options.out === undefined ? "--out FILE.jsonl keeps each call, --json every percentile" : `each call is in ${options.out}`}\n`);
  return report.rows.some(({ figures }) => figures.completed > 0) ? 0 : 4;
}

function requestOf(options: LatencyOptions): LatencyRequest {
  const { rounds, requests, seed, rate, candidates = null, suite = DEFAULT_SUITE } = options;
  const both = options.cold === options.warm;
  return {
    suite,
    policyFile: options.policy ?? defaultPolicy(),
    candidates,
    prefixes: both ? ["cold", "warm"] : [options.cold ? "cold" : "warm"],
    // Rates alone are a measurement of their own.
    concurrencies: options.concurrency ?? (rate ? [] : [1]),
    ratesPerS: rate ?? [],
    rounds,
    requests,
    seed,
    watch: ({ name, round, answered, failed, durationMs }) =>
      void process.stderr.write(`[round ${round}/${rounds}] ${name}: ${answered} answered, ${failed} failed, ${(durationMs / 1000).toFixed(1)} s\n`),
  };
}
