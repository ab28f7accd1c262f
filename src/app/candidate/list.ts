// The candidates of a policy: all, those that differ from a revision's, and whether their servers serve them.
import { hashOf } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { nearest } from "../../core/base/nearest.ts";
import { gatePlayers } from "../../core/gate/players.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { Readiness } from "../../ports/servers.ts";
import { fromRevision, fromWorkingTree } from "../policy/compared.ts";
import type { CandidatePorts } from "./ports.ts";

export interface CandidateRow {
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  readonly endpoint: string;
}

export interface CandidateListRequest {
  readonly policyFile: string;
  /** Only those that this git revision does not have just so; null: all. */
  readonly changedFrom: string | null;
}

/** The names of those rows, with whom a gate compares them: all that one run needs. Of no rows, none. */
export async function gatedNames(ports: CandidatePorts, policyFile: string, rows: readonly CandidateRow[]): Promise<readonly string[]> {
  if (rows.length === 0) return [];
  const { snapshot } = await fromWorkingTree(ports, policyFile);
  const { reachable } = ports.serving(snapshot);
  return gatePlayers(snapshot, [...rows.map(({ name }) => name), snapshot.policy.reflex.candidate], reachable);
}

/** Throws `usage` for a revision that holds no policy. */
export async function listCandidates(ports: CandidatePorts, { policyFile, changedFrom }: CandidateListRequest): Promise<readonly CandidateRow[]> {
  const { snapshot } = await fromWorkingTree(ports, policyFile);
  const rows = snapshot.candidates.map((candidate) => rowOf(snapshot, candidate));
  if (changedFrom === null) return rows;
  const before = await fromRevision(ports, changedFrom, policyFile);
  if (!before.ok)
    throw new BakeoffError("usage", `the policy of ${changedFrom} can't be read: ${before.reason}`, "name a branch, a tag or a commit that holds it");
  const known = served(before.value.snapshot);
  const now = served(snapshot);
  return rows.filter(({ name }) => now.get(name) !== known.get(name));
}

/** An entry with its provider: another address of that is another server. */
const served = ({ candidates, policy }: PolicySnapshot): ReadonlyMap<string, string> =>
  new Map(candidates.map((candidate) => [candidate.name, hashOf([candidate, policy.providers[candidate.provider] ?? null])]));

const rowOf = ({ policy }: PolicySnapshot, { name, provider, model, endpoint }: PolicySnapshot["candidates"][number]): CandidateRow => ({
  name,
  provider,
  model,
  endpoint: endpoint ?? policy.providers[provider]?.endpoint ?? "",
});

/** Does its server serve it now? Throws `usage` for a name that is none. */
export async function testCandidate(ports: CandidatePorts, { policyFile, name }: { readonly policyFile: string; readonly name: string }): Promise<Readiness> {
  const { snapshot } = await fromWorkingTree(ports, policyFile);
  const candidate = snapshot.candidates.find((one) => one.name === name);
  if (candidate) return ports.serving(snapshot).readiness(candidate);
  const names = snapshot.candidates.map((one) => one.name);
  throw new BakeoffError(
    "usage",
    `there is no candidate ${name}`,
    names.length === 0 ? "bakeoff candidate add" : `did you mean ${nearest(name, names).join(" or ")}?`,
  );
}
