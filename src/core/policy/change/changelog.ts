// The policy's own changelog: one entry per version, newest first, with each change and its effect.
import type { PolicyChange } from "./change.ts";

export interface ChangelogEntry {
  readonly version: string;
  /** YYYY-MM-DD. */
  readonly day: string;
  /** The author's reason; null if none was given. */
  readonly reason: string | null;
  /** What changed, one line each. */
  readonly lines: readonly string[];
}

const TITLE = "# Changelog of the model policy\n";

/** The changelog with a new entry at the top. */
export function withEntry(changelog: string, entry: ChangelogEntry): string {
  const text = changelog.trim() === "" ? TITLE : changelog;
  const first = /^## /m.exec(text)?.index ?? text.length;
  return `${text.slice(0, first).trimEnd()}\n\n${entryText(entry)}${first < text.length ? `\n${text.slice(first)}` : ""}`;
}

function entryText({ version, day, reason, lines }: ChangelogEntry): string {
  const items = (lines.length === 0 ? ["No change of content."] : lines).map((line) => `- ${line}`);
  return [`## ${version} — ${day}`, "", ...(reason === null ? [] : [reason, ""]), ...items, ""].join("\n");
}

/** A change as a line of the changelog. */
export const changeLine = ({ key, before, after, effect }: PolicyChange): string => `\`${key}\`: ${changeText(before, after)} (${effect})`;

/** One line, however large the value is. */
export const valueText = (value: unknown): string => windowOf(textOf(value), 0);

/** Both values in one line, however large they are: the differing part is never cut off. */
export function changeText(before: unknown, after: unknown): string {
  const [from, to] = [textOf(before), textOf(after)];
  const start = Math.max(0, firstDifference(from, to) - SHARED_CHARS);
  return `${windowOf(from, start)} → ${windowOf(to, start)}`;
}

const VALUE_CHARS = 120;
/** How much of their common prefix is shown before two values differ. */
const SHARED_CHARS = 40;

const textOf = (value: unknown): string => (value === undefined ? "not there" : JSON.stringify(value));

function firstDifference(one: string, other: string): number {
  let index = 0;
  while (index < one.length && one[index] === other[index]) index += 1;
  return index;
}

function windowOf(text: string, start: number): string {
  if (text.length <= VALUE_CHARS) return text;
  const shown = text.slice(start, start + VALUE_CHARS - 1);
  return `${start > 0 ? "…" : ""}${shown}${start + shown.length < text.length ? "…" : ""}`;
}
