// Versions of a policy: which bump a change requires, and a new version written into the file without touching the rest.
import { editToml } from "../../base/toml-edit.ts";
import type { PolicyChange } from "./change.ts";
import type { VersionLevel } from "./effect.ts";

const LEVELS: readonly (VersionLevel | null)[] = [null, "patch", "minor", "major"];

/** The highest level among the changes; null if there are none. */
export function neededLevel(changes: readonly PolicyChange[]): VersionLevel | null {
  return LEVELS.findLast((level) => changes.some((change) => change.level === level)) ?? null;
}

type Parts = readonly [major: number, minor: number, patch: number];

function partsOf(version: string): Parts {
  return version.split(".").map(Number) as [number, number, number];
}

export function nextVersion(version: string, level: VersionLevel): string {
  const [major, minor, patch] = partsOf(version);
  if (level === "major") return `${major + 1}.0.0`;
  return level === "minor" ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}

/** The level of a step from one version to another: null for the same version, or an older one. */
export function claimedLevel(from: string, to: string): VersionLevel | null {
  const [then, now] = [partsOf(from), partsOf(to)];
  const [step = 0, level = null] =
    (["major", "minor", "patch"] as const).map((name, index) => [Number(now[index]) - Number(then[index]), name] as const).find(([by]) => by !== 0) ?? [];
  return step > 0 ? level : null;
}

export const isAtLeast = (level: VersionLevel | null, needed: VersionLevel | null): boolean => LEVELS.indexOf(level) >= LEVELS.indexOf(needed);

/** What is wrong with the version for these changes (`what: way out`), or null. */
export function versionFault(from: string, to: string, changes: readonly PolicyChange[], base: string): string | null {
  const needed = neededLevel(changes);
  const claimed = claimedLevel(from, to);
  if (claimed === null && to !== from) return `${to} is older than ${from}, the version of ${base}: raise it (bakeoff policy bump)`;
  if (isAtLeast(claimed, needed)) return null;
  const why = changes.find(({ level }) => level === needed);
  const example = [why?.key, why?.effect].join(" ");
  if (claimed === null) return `the content differs from ${base} and the version is still ${from}: run bakeoff policy bump (${needed}: ${example})`;
  return `${from} to ${to} is a ${claimed} step and the change is ${needed} (${example}): run bakeoff policy bump`;
}

/** The policy's text with another version and date. Throws `usage` if they are written in a form that can't be edited safely. */
export function withVersion(text: string, version: string, day: string): string {
  return editToml(text, [
    { do: "set", key: ["meta", "version"], value: version },
    { do: "set", key: ["meta", "updated"], value: day },
  ]);
}
