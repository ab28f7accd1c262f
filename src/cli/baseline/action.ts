// `bakeoff baseline`: agrees on what is normal, and shows what was agreed on.
import { composeBaselines } from "../../app/compose/trend.ts";
import { findPlaces } from "../../app/places.ts";
import { acknowledgeRegression, agreedBaselines, blessBaseline } from "../../app/trend/baselines.ts";
import { counted, oneLine } from "../../core/report/format.ts";
import type { BaselineEntry } from "../../core/report/trend/baseline.ts";
import { stopSignal } from "../stop-signal.ts";
import type { AcknowledgeOptions, BaselineListOptions, BlessOptions } from "./flags.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

export async function baselineBless(run: string, options: BlessOptions): Promise<number> {
  const { by, reason, key, since, json } = options;
  const ports = composeBaselines(findPlaces(options));
  return told(await blessBaseline(ports, { run, by, reason, keyFile: key ?? null, since: since ?? null }, stopSignal()), json, ports.log.path);
}

export async function baselineAcknowledge(run: string, options: AcknowledgeOptions): Promise<number> {
  const { by, reason, key, candidates, json } = options;
  const ports = composeBaselines(findPlaces(options));
  const request = { run, by, reason, keyFile: key ?? null, candidates: candidates ?? [] };
  return told(await acknowledgeRegression(ports, request, stopSignal()), json, ports.log.path);
}

export async function baselineList(options: BaselineListOptions): Promise<number> {
  const entries = await agreedBaselines(composeBaselines(findPlaces(options)));
  if (options.json) printDocument<"baseline list">({ format: 1, entries });
  else printText(entries.length === 0 ? "Nothing was agreed on: a run is held against all comparable runs before it.\n" : entries.map(line).join(""));
  return 0;
}

function told(entry: BaselineEntry, json: boolean, log: string): number {
  if (json) printDocument<"baseline bless">({ format: 1, entries: [entry] });
  else printText(line(entry));
  process.stderr.write(`Commit ${log}.\n`);
  return 0;
}

function line(entry: BaselineEntry): string {
  const { at, by, reason } = entry;
  return `${at.slice(0, 10)} ${oneLine(by)} ${whatOf(entry)}: ${oneLine(reason)}\n`;
}

function whatOf(entry: BaselineEntry): string {
  if (entry.does === "bless") return `blessed ${counted(entry.runs.length, "run")} up to ${oneLine(entry.runs.at(-1)?.run ?? "")}`;
  const whose = entry.candidates.length === 0 ? "all candidates" : entry.candidates.map(oneLine).join(", ");
  return `acknowledged that ${whose} did worse in ${oneLine(entry.run.run)}`;
}
