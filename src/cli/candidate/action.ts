// The actions of `bakeoff candidate`: each one call, and what came of it in lines.
import { askCandidate } from "../../app/candidate/ask.ts";
import { addCandidate, removeCandidate } from "../../app/candidate/edit.ts";
import { gatedNames, listCandidates, testCandidate } from "../../app/candidate/list.ts";
import { composeCandidate } from "../../app/compose/candidate.ts";
import { findPlaces } from "../../app/places.ts";
import type { CandidateAddOptions, CandidateListOptions, CandidateOptions, CandidateTestOptions } from "./flags.ts";
import { stopSignal } from "../stop-signal.ts";
import { askedLines } from "./text.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

const say = (line: string): void => printText(`${line}\n`);

export async function candidateList(options: CandidateListOptions): Promise<number> {
  const places = findPlaces(options);
  const ports = composeCandidate(places);
  const policyFile = places.policyFile(options.policy);
  const rows = await listCandidates(ports, { policyFile, changedFrom: options.changedFrom ?? null });
  if (options.forGate) (await gatedNames(ports, policyFile, rows)).forEach(say);
  else if (options.json) printDocument<"candidate list">({ format: 1, candidates: rows });
  else for (const { name, model, endpoint, provider } of rows) say(options.names ? name : `${name}: ${model} on ${provider}, ${endpoint}`);
  return 0;
}

export async function candidateAdd(name: string, options: CandidateAddOptions): Promise<number> {
  const places = findPlaces(options);
  const { endpoint, model = null, keyEnv = null, start = null } = options;
  const added = await addCandidate(composeCandidate(places), { policyFile: places.policyFile(options.policy), name, endpoint, model, keyEnv, start });
  const context = added.contextTokens === null ? "it does not say how long its context is" : `context ${added.contextTokens} tokens`;
  say(`${name} is in ${added.file}: ${added.model} on ${endpoint}, spoken to as ${added.dialect}; ${context}, answers up to ${added.maxOutputTokens}`);
  process.stderr.write(`next: ${places.calledAs} run --candidates ${name},rustc-suggestions --limit 5\n`);
  process.stderr.write(`before you commit it: ${places.calledAs} policy bump --reason "…"\n`);
  return 0;
}

export async function candidateTest(name: string, options: CandidateTestOptions): Promise<number> {
  const places = findPlaces(options);
  const ports = composeCandidate(places);
  const request = { policyFile: places.policyFile(options.policy), name };
  const now = await testCandidate(ports, request);
  say(now.ready ? `${name}: its server answers and serves it (${now.latencyMs.toFixed(0)} ms)` : `${name}: ${now.reason}`);
  if (!now.ready) return 4;
  if (!options.ask) return 0;
  const asked = await askCandidate(ports, request, stopSignal());
  askedLines(asked).forEach(say);
  return asked.reply.outcome === "answered" ? 0 : 4;
}

export async function candidateRemove(name: string, options: CandidateOptions): Promise<number> {
  const places = findPlaces(options);
  say(`${name} is no longer in ${await removeCandidate(composeCandidate(places), { policyFile: places.policyFile(options.policy), name })}`);
  return 0;
}
