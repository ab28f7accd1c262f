// Policies to compare: the working tree's, one of a file or a snapshot, one of a git revision.
import { basename, dirname, join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { compileTexts } from "../../core/policy/compile.ts";
import { type PolicySnapshot, readSnapshot } from "../../core/policy/snapshot.ts";
import type { Clock } from "../../ports/clock.ts";
import type { PolicyFiles } from "../../ports/policies.ts";
import type { Revisions } from "../../ports/revisions.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import { onlyPolicy } from "./sources.ts";

export interface ComparePorts {
  readonly clock: Pick<Clock, "wall">;
  readonly policies: Pick<PolicyFiles, "read">;
  readonly texts: Pick<TextFiles, "read" | "exists">;
  readonly revisions: Revisions;
}

export interface ComparedPolicies {
  readonly name: string;
  readonly snapshot: PolicySnapshot;
}

export async function fromWorkingTree({ policies, clock }: Pick<ComparePorts, "policies" | "clock">, policyFile: string): Promise<ComparedPolicies> {
  return { name: "the working tree", snapshot: (await policies.read(onlyPolicy(policyFile), clock.wall())).snapshot };
}

/** A .toml file with candidates.toml beside it, a folder with both, a snapshot (.json), or a git revision of the policy file. */
export async function fromWord(ports: ComparePorts, word: string, policyFile: string): Promise<ComparedPolicies> {
  const { texts, policies, clock } = ports;
  if (await texts.exists(word)) {
    const inside = join(word, basename(policyFile));
    const file = (await texts.exists(inside)) ? inside : word;
    const snapshot = file.endsWith(".json")
      ? readSnapshot((await texts.read(file)) ?? "", word)
      : (await policies.read(onlyPolicy(file), clock.wall())).snapshot;
    return { name: word, snapshot };
  }
  const found = await fromRevision(ports, word, policyFile);
  if (found.ok) return found.value;
  throw new BakeoffError("usage", `${word} is no file, and ${found.reason}`, "name a policy file, a snapshot, or a git revision");
}

export type PolicyAtRevision = { readonly ok: true; readonly value: ComparedPolicies } | { readonly ok: false; readonly reason: string };

interface RevisionPorts extends Pick<ComparePorts, "clock"> {
  readonly revisions: Pick<Revisions, "read">;
}

/** The policy as a git revision has it. Throws `written-file` where it is there and not valid. */
export async function fromRevision({ revisions, clock }: RevisionPorts, revision: string, policyFile: string): Promise<PolicyAtRevision> {
  const read = (name: string) => revisions.read(dirname(policyFile), revision, name);
  const [policy, candidates] = await Promise.all([read(basename(policyFile)), read("candidates.toml")]);
  if (!policy.ok) return policy;
  if (!candidates.ok) return candidates;
  const texts = [
    { path: `${revision}:${basename(policyFile)}`, text: policy.text },
    { path: `${revision}:candidates.toml`, text: candidates.text },
  ] as const;
  return { ok: true, value: { name: `git ${revision}`, snapshot: compileTexts(...texts, clock.wall()) } };
}

/** The policy before the last commit that changed it; where there is none, why. */
export async function fromBeforeLastChange(ports: RevisionPorts & Pick<ComparePorts, "revisions">, policyFile: string): Promise<PolicyAtRevision> {
  const revision = await ports.revisions.beforeLastChange(dirname(policyFile), [basename(policyFile), "candidates.toml"]);
  if (revision === null) return { ok: false, reason: "no commit has changed it" };
  const found = await fromRevision(ports, revision, policyFile);
  return found.ok ? { ok: true, value: { ...found.value, name: `git ${revision.slice(0, 10)}~1` } } : found;
}
