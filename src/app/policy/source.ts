// From the words of the command line to a policy: files, layers, overrides, revisions, snapshots.
import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { compileTexts } from "../../core/policy/compile.ts";
import { readSnapshot, type PolicySnapshot } from "../../core/policy/snapshot.ts";
import { clock, world } from "../compose.ts";
import { defaultPolicy } from "../places.ts";

/** The options that every command on a policy shares. */
export interface PolicyOptions {
  readonly policy?: string;
  readonly spec?: string;
  readonly set?: readonly string[];
  readonly allowOverride?: boolean;
}

type Sources = Parameters<typeof world.readPolicy>[0];

/** Throws `usage` for overrides that were not allowed. */
export function sourcesOf({ policy, spec, set = [], allowOverride = false }: PolicyOptions): Sources {
  if (set.length > 0 && !allowOverride)
    throw new BakeoffError(
      "usage",
      "--set overrides the policy for one run, which is not done unseen",
      "say --allow-override as well: it is recorded, or write it into the policy",
    );
  const policyFile = policy ?? defaultPolicy();
  return { policyFile, specFile: spec === undefined ? null : world.specFileOf(spec, policyFile), overrides: set };
}

/** A policy that is compared with another: the working tree's, one of a file, or one of a git revision. */
export interface Compared {
  readonly name: string;
  readonly snapshot: PolicySnapshot;
}

export async function fromWorkingTree(policyFile: string): Promise<Compared> {
  return { name: "the working tree", snapshot: (await world.readPolicy(world.onlyFile(policyFile), clock.wall())).snapshot };
}

/** A .toml file with candidates.toml beside it, a folder with both, a snapshot (.json), or a git revision of the policy file. */
export async function fromWord(word: string, policyFile: string): Promise<Compared> {
  if (existsSync(word)) {
    const file = statSync(word).isDirectory() ? join(word, basename(policyFile)) : word;
    const snapshot = file.endsWith(".json")
      ? readSnapshot(await readFile(file, "utf8"), word)
      : (await world.readPolicy(world.onlyFile(file), clock.wall())).snapshot;
    return { name: word, snapshot };
  }
  const found = await fromRevision(word, policyFile);
  if (found.ok) return found.value;
  throw new BakeoffError("usage", `${word} is no file, and ${found.reason}`, "name a policy file, a snapshot, or a git revision");
}

/** The policy before the last commit that changed it; where there is none, why. */
export async function fromBeforeLastChange(policyFile: string): Promise<AtRevision> {
  const revision = await world.beforeLastChange(dirname(policyFile), [basename(policyFile), "candidates.toml"], new AbortController().signal);
  if (revision === null) return { ok: false, reason: "no commit has changed it" };
  const found = await fromRevision(revision, policyFile);
  return found.ok ? { ok: true, value: { ...found.value, name: `git ${revision.slice(0, 10)}~1` } } : found;
}

export type AtRevision = { readonly ok: true; readonly value: Compared } | { readonly ok: false; readonly reason: string };

/** The policy as a git revision has it. Throws `written-file` where it is there and not valid. */
export async function fromRevision(revision: string, policyFile: string): Promise<AtRevision> {
  const { signal } = new AbortController();
  const read = (name: string) => world.readAtRevision(dirname(policyFile), revision, name, signal);
  const [policy, candidates] = await Promise.all([read(basename(policyFile)), read("candidates.toml")]);
  if (!policy.ok) return policy;
  if (!candidates.ok) return candidates;
  const texts = [
    { path: `${revision}:${basename(policyFile)}`, text: policy.text },
    { path: `${revision}:candidates.toml`, text: candidates.text },
  ] as const;
  return { ok: true, value: { name: `git ${revision}`, snapshot: compileTexts(...texts, clock.wall()) } };
}
