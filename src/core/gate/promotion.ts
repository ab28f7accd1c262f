// A promotion as a change of the policy's text: comments and layout stay, and it can be taken back.
import { BakeoffError, invariant } from "../base/errors.ts";

export interface Promotion {
  readonly candidate: string;
  /** What it takes the place of. */
  readonly replaces: string;
  readonly decisionSha256: string;
  /** As `2026-11-22`. */
  readonly day: string;
  readonly by: string;
}

export interface PolicyChange {
  readonly text: string;
  readonly version: string;
  /** One line for the changelog. */
  readonly entry: string;
}

/** The policy's text with the candidate in the reflex slot, a [[promotion]] record, and a higher minor version. */
export function promoted(text: string, { candidate, replaces, decisionSha256, day, by }: Promotion): PolicyChange {
  const version = bumped(versionOf(text), "minor");
  const record = [
    "",
    "[[promotion]]",
    `candidate = ${quoted(candidate)}`,
    `decision_sha256 = ${quoted(decisionSha256)}`,
    `promoted = ${quoted(day)}`,
    `by = ${quoted(by)}`,
    `replaces = ${quoted(replaces)}`,
    "",
  ].join("\n");
  const changed = setKey(setKey(setKey(text, "reflex", "candidate", candidate), "meta", "version", version), "meta", "updated", day);
  return {
    text: `${changed.trimEnd()}\n${record}`,
    version,
    entry: `${candidate} takes the place of ${replaces} in the reflex slot (decision ${decisionSha256.slice(0, 12)}, by ${by})`,
  };
}

/** The text before the last promotion, with a higher minor version: what was promoted stays in the changelog. */
export function rolledBack(text: string, last: { readonly candidate: string; readonly replaces?: string | undefined }, day: string): PolicyChange {
  if (last.replaces === undefined)
    throw new BakeoffError(
      "usage",
      `the promotion of ${last.candidate} does not say what it replaced`,
      "set reflex.candidate by hand and take the [[promotion]] record out",
    );
  const lines = text.split("\n");
  const start = lines.findLastIndex((line) => /^\[\[\s*promotion\s*\]\]/.test(line));
  invariant(start >= 0, "no [[promotion]] to take out");
  const after = lines.findIndex((line, index) => index > start && /^\s*\[/.test(line));
  const kept = [...lines.slice(0, start), ...(after < 0 ? [] : lines.slice(after))].join("\n");
  const version = bumped(versionOf(text), "minor");
  const changed = setKey(setKey(setKey(kept, "reflex", "candidate", last.replaces), "meta", "version", version), "meta", "updated", day);
  return {
    text: `${changed.trimEnd()}\n`,
    version,
    entry: `rolled back: ${last.replaces} takes its place in the reflex slot again, instead of ${last.candidate}`,
  };
}

/** The changelog with an entry on top, below its title. */
export function withEntry(changelog: string, { version, entry }: Pick<PolicyChange, "version" | "entry">, day: string): string {
  const [title = "", ...rest] = (changelog.trim() === "" ? "# Changelog of the model policy" : changelog.trimEnd()).split("\n");
  return `${[title, "", `## ${version} — ${day}`, "", `- ${entry}`, ...rest].join("\n")}\n`;
}

/** Sets a string of a table, where it is written; what follows on the line (a comment) stays. */
function setKey(text: string, table: string, key: string, value: string): string {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.trim().replace(/\s*#.*$/, "") === `[${table}]`);
  const end = lines.findIndex((line, index) => index > start && /^\s*\[/.test(line));
  const at = lines.findIndex((line, index) => start >= 0 && index > start && (end < 0 || index < end) && new RegExp(String.raw`^\s*${key}\s*=`).test(line));
  const changed = lines[at]?.replace(/=\s*("(?:[^"\\]|\\.)*"|'[^']*')/, () => `= ${quoted(value)}`);
  if (at < 0 || changed === undefined || !changed.includes(quoted(value)))
    throw new BakeoffError(
      "usage",
      `${table}.${key} is not written as a plain line of the policy`,
      `write it in a table of its own: [${table}], then ${key} = "…"`,
    );
  return lines.with(at, changed).join("\n");
}

function versionOf(text: string): string {
  const [, version] = /^\s*version\s*=\s*["'](\d+\.\d+\.\d+)["']/m.exec(text) ?? [];
  if (version === undefined)
    throw new BakeoffError("usage", "the policy has no meta.version on a line of its own", 'write it as version = "2.0.0" below [meta]');
  return version;
}

function bumped(version: string, level: "minor"): string {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return level === "minor" ? `${major}.${minor + 1}.0` : version;
}

/** TOML's basic strings escape as JSON's do, for the characters that names hold. */
const quoted = (text: string): string => JSON.stringify(text);
