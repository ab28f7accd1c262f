// The latency table for stdout, and the same as a JSON document.
import type { Estimate } from "../../metrics/statistics/interval.ts";
import type { OwnError } from "../../metrics/latency/own-delay.ts";
import type { CallSample, LatencyFigures } from "../../metrics/latency/latency.ts";
import { millisecondsText, NOTHING, percent } from "../format.ts";
import { left, right, textPage } from "../grid.ts";

export const LATENCY_FORMAT = 1;

/** One candidate under one prefix and load. */
export interface LatencyRow {
  readonly candidate: string;
  readonly prefix: string;
  readonly load: string;
  readonly figures: LatencyFigures;
  /** By kind of failure. */
  readonly failures: readonly { readonly key: string; readonly count: number }[];
  /** Was the server's cache emptied before each cold block? */
  readonly flushed: boolean;
  /** Share of prompt tokens from the cache, by the server's own counters. */
  readonly countedShare: number | null;
  /** How late this process itself was, 99th percentile: its own delays look like the server's. */
  readonly ownDelay: Estimate;
  /** What that may have done to the calls that it hit. */
  readonly ownError: OwnError;
}

/** Who was timed. */
export interface TimedServer {
  readonly candidate: string;
  /** As the policy names it. */
  readonly provider: string;
  /** The server's own id of the model. */
  readonly model: string;
  readonly endpoint: string;
  /** What the server says it has loaded; null if it does not say. */
  readonly facts: Readonly<Record<string, string | number | boolean | null>> | null;
}

export interface LatencyReport {
  readonly servers: readonly TimedServer[];
  readonly rows: readonly LatencyRow[];
  /** Notes on the measurement. */
  readonly notes: readonly string[];
}

/** A block for each candidate: what was timed, and a row for each prefix and load. */
export function latencyTable({ servers, rows, notes }: LatencyReport, width?: number): string {
  const page = textPage(width);
  const blocks = servers.map((server) => {
    const own = rows.filter(({ candidate }) => candidate === server.candidate);
    return [...page.wrap(serverText(server), "  "), "", ...page.grid({ columns: COLUMNS.map(({ column }) => column), rows: own.map(cellsOf) })];
  });
  return `${[["LATENCY, milliseconds"], ...blocks, notes.flatMap((note) => page.wrap(note, "  "))].map((block) => block.join("\n")).join("\n\n")}\n`;
}

const SHOWN_FACTS = ["model_path", "quantization", "version"];

function serverText({ candidate, model, endpoint, facts }: TimedServer): string {
  const said = SHOWN_FACTS.flatMap((name) => (typeof facts?.[name] === "string" ? [`${name} ${facts[name]}`] : []));
  const loaded = said.length > 0 ? said.join(", ") : "does not say what it has loaded";
  return `${candidate}: ${model} at ${endpoint} (${loaded})`;
}

const share = (value: number | null): string => (value === null ? "unknown" : percent(value));

const COLUMNS: readonly { readonly column: ReturnType<typeof left>; readonly cell: (row: LatencyRow) => string }[] = [
  { column: left("prefix, load"), cell: ({ prefix, load }) => `${prefix}, ${load}` },
  { column: right("answered"), cell: ({ figures }) => String(figures.completed) },
  { column: right("failed"), cell: failedText },
  { column: right("TTFT p50"), cell: ({ figures }) => millisecondsText(figures.ttft.p50) },
  { column: right("TTFT p95"), cell: ({ figures }) => millisecondsText(figures.ttft.p95) },
  { column: right("end to end p50"), cell: ({ figures }) => millisecondsText(figures.e2e.p50) },
  { column: right("end to end p95"), cell: ({ figures }) => millisecondsText(figures.e2e.p95) },
  { column: right("queue p95"), cell: ({ figures }) => millisecondsText(figures.queue.p95) },
  { column: right("first output p50"), cell: ({ figures }) => millisecondsText(figures.firstOutput.p50) },
  { column: right("decode p50"), cell: ({ figures }) => millisecondsText(figures.decode.p50) },
  { column: right("TPOT p50"), cell: ({ figures }) => millisecondsText(figures.tpot.p50) },
  { column: right("ITL p50"), cell: ({ figures }) => millisecondsText(figures.itl.p50) },
  { column: right("ITL p99"), cell: ({ figures }) => millisecondsText(figures.itl.p99) },
  { column: right("tokens/s p50"), cell: ({ figures }) => millisecondsText(figures.tokensPerS.p50) },
  { column: right("own delay p99"), cell: ({ ownDelay }) => millisecondsText(ownDelay) },
  { column: right("from cache"), cell: ({ figures }) => share(figures.cachedShare) },
  { column: right("by counters"), cell: ({ countedShare }) => share(countedShare) },
];

const cellsOf = (row: LatencyRow): string[] => COLUMNS.map(({ cell }) => cell(row));

function failedText({ figures, failures }: LatencyRow): string {
  return figures.failed === 0 ? "0" : `${figures.failed}: ${failures.map(({ key, count }) => `${key} ${count}`).join(", ") || NOTHING}`;
}

/** Every percentile with its interval; the samples themselves are in the JSONL export. */
export function latencyJson({ servers, rows, notes }: LatencyReport): string {
  return `${JSON.stringify({ format: LATENCY_FORMAT, servers, notes, rows }, null, 2)}\n`;
}

/** Which failures there were, by name. */
export const failureName = ({ failure }: CallSample): string | null => failure?.split(":", 1)[0] ?? null;
