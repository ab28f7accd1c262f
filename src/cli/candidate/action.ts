// The actions of `bakeoff candidate`: each one call, and what came of it in lines.
import { addCandidate, removeCandidate } from "../../app/candidate/edit.ts";
import { listCandidates, testCandidate } from "../../app/candidate/list.ts";
import { composeCandidate } from "../../app/compose/candidate.ts";
import { findPlaces } from "../../app/places.ts";
import type { CandidateAddOptions, CandidateListOptions, CandidateOptions } from "./flags.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

export async function candidateList(options: CandidateListOptions): Promise<number> {
  const places = findPlaces(options);
  const rows = await listCandidates(composeCandidate(places), { policyFile: places.policyFile(options.policy), changedFrom: options.changedFrom ?? null });
  if (options.json) say(JSON.stringify(rows, null, 2));
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
  return 0;
}

export async function candidateTest(name: string, options: CandidateOptions): Promise<number> {
  const places = findPlaces(options);
  const now = await testCandidate(composeCandidate(places), { policyFile: places.policyFile(options.policy), name });
  say(now.ready ? `${name}: its server answers and serves it (${now.latencyMs.toFixed(0)} ms)` : `${name}: ${now.reason}`);
  return now.ready ? 0 : 4;
}

export async function candidateRemove(name: string, options: CandidateOptions): Promise<number> {
  const places = findPlaces(options);
  say(`${name} is no longer in ${await removeCandidate(composeCandidate(places), { policyFile: places.policyFile(options.policy), name })}`);
  return 0;
}
