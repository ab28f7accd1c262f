// `bakeoff latency`: times the candidates' servers, without cargo, and prints the figures.
import { composeLatency } from "../../app/compose/latency.ts";
import { type LatencyRequest, latencySession } from "../../app/latency/session.ts";
import { findPlaces } from "../../app/places.ts";
import { DEFAULT_SUITE } from "../../app/run/session.ts";
import { latencyJson, latencyTable } from "../../core/report/latency/table.ts";
import { stopSignal } from "../stop-signal.ts";
import type { LatencyOptions } from "./flags.ts";
import { blockLine, closingLine } from "./text.ts";
import { outWidth } from "../text/width.ts";

export async function latency(options: LatencyOptions): Promise<number> {
  const places = findPlaces(options);
  const request = latencyRequest(options, places.policyFile(options.policy), (line) => void process.stderr.write(`${line}\n`));
  const report = await latencySession(composeLatency(places), request, stopSignal());
  process.stdout.write(options.json ? latencyJson(report) : latencyTable(report, outWidth()));
  process.stderr.write(`${closingLine(request.out)}\n`);
  return report.rows.some(({ figures }) => figures.completed > 0) ? 0 : 4;
}

export function latencyRequest(options: LatencyOptions, policyFile: string, say: (line: string) => void): LatencyRequest {
  const { rounds, requests, seed, rate, candidates = null, suite = DEFAULT_SUITE, out = null } = options;
  const both = options.cold === options.warm;
  return {
    suite,
    policyFile,
    candidates,
    prefixes: both ? ["cold", "warm"] : [options.cold ? "cold" : "warm"],
    // Rates alone are a measurement of their own.
    concurrencies: options.concurrency ?? (rate ? [] : [1]),
    ratesPerS: rate ?? [],
    rounds,
    requests,
    seed,
    out,
    watch: (block) => say(blockLine(block, rounds)),
  };
}
