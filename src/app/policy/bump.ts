// Writes the version that a policy's changes ask for, and an entry in the changelog beside it.
import { dirname, join } from "node:path";
import { BakeoffError, WrittenFileError } from "../../core/base/errors.ts";
import { changesBetween, type PolicyChange } from "../../core/policy/change/change.ts";
import { changeLine, withEntry } from "../../core/policy/change/changelog.ts";
import type { VersionLevel } from "../../core/policy/change/effect.ts";
import { claimedLevel, isAtLeast, neededLevel, nextVersion, withVersion } from "../../core/policy/change/version.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import { type ComparedPolicies, type ComparePorts, fromBeforeLastChange, fromRevision, fromWord, fromWorkingTree } from "./compared.ts";

export interface BumpPorts extends ComparePorts {
  readonly texts: TextFiles;
}

export interface BumpRequest {
  readonly policyFile: string;
  /** A larger step than needed; null: the one that is needed. */
  readonly level: VersionLevel | null;
  /** The policy before the change; null: git HEAD. */
  readonly against: string | null;
  /** Why, for the changelog. */
  readonly reason: string | null;
}

export interface Bump {
  /** The version that the policy has now. */
  readonly version: string;
  /** Null: nothing has changed. */
  readonly level: VersionLevel | null;
  readonly from: string;
  readonly changes: readonly PolicyChange[];
  /** What it was compared with. */
  readonly base: string;
  /** The files that were written, by the paths that people are shown; none where the version covers the change already. */
  readonly written: readonly string[];
}

/** Throws `usage` where there is nothing to compare with, where the asked step is too small, and where the file can't be edited. */
export async function bumpPolicy(ports: BumpPorts, { policyFile, level: asked, against, reason }: BumpRequest): Promise<Bump> {
  const { texts, clock } = ports;
  const now = await fromWorkingTree(ports, policyFile);
  const base = await baseOf(ports, policyFile, against, now);
  const changes = changesBetween(base.snapshot, now.snapshot);
  const [from, present] = [base.snapshot.policy.meta.version, now.snapshot.policy.meta.version];
  const level = chosenLevel(asked, changes, base.name);
  const about = { level, from, changes, base: base.name };
  if (level === null || (present !== from && isAtLeast(claimedLevel(from, present), level))) return { ...about, version: present, written: [] };
  const version = nextVersion(from, level);
  const day = clock.wall().slice(0, 10);
  const changelogFile = join(dirname(policyFile), "CHANGELOG.md");
  // The text is edited before anything is written: where that can't be done, nothing is half done.
  const text = withVersion((await texts.read(policyFile)) ?? "", version, day);
  const changelog = withEntry((await texts.read(changelogFile)) ?? "", { version, day, reason, lines: changes.map(changeLine) });
  await texts.write(policyFile, text);
  await texts.write(changelogFile, changelog);
  return { ...about, version, written: [policyFile, changelogFile].map(texts.shown) };
}

/** HEAD, or, where the working tree is as HEAD has it, the policy before the last commit that changed it: what `policy validate` compares with. */
async function baseOf(ports: BumpPorts, policyFile: string, against: string | null, now: ComparedPolicies): Promise<ComparedPolicies> {
  if (against !== null) return fromWord(ports, against, policyFile);
  const head = await fromRevision(ports, "HEAD", policyFile);
  if (!head.ok)
    throw new BakeoffError("usage", `there is nothing to compare the policy with: ${head.reason}`, "name the policy before the change: --against FILE");
  if (changesBetween(head.value.snapshot, now.snapshot).length > 0) return head.value;
  const earlier = await fromBeforeLastChange(ports, policyFile).catch((error: unknown) => {
    if (error instanceof WrittenFileError) return null;
    throw error;
  });
  return earlier?.ok ? earlier.value : head.value;
}

function chosenLevel(asked: VersionLevel | null, changes: readonly PolicyChange[], base: string): VersionLevel | null {
  const needed = neededLevel(changes);
  if (asked === null || isAtLeast(asked, needed)) return asked ?? needed;
  const why = changes.find(({ level }) => level === needed);
  throw new BakeoffError(
    "usage",
    `a ${asked} step is too small: the change since ${base} is ${needed}${why ? ` (${why.key} ${why.effect})` : ""}`,
    `leave --level out, or say --level ${needed ?? asked}`,
  );
}
