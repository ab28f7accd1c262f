// The policy's own changelog: one entry a version, newest first, with what changed and what that means.
import type { PolicyChange } from "./change.ts";

export interface ChangelogEntry {
  readonly version: string;
  /** YYYY-MM-DD. */
  readonly day: string;
  /** Why, in the author's words; null: nothing was said. */
  readonly reason: string | null;
  readonly changes: readonly PolicyChange[];
}

const TITLE = "# Changelog of the model policy\n";

/** The changelog with an entry on top of the others. */
export function withEntry(changelog: string, entry: ChangelogEntry): string {
  const text = changelog.trim() === "" ? TITLE : changelog;
  const first = /^## /m.exec(text)?.index ?? text.length;
  return `${text.slice(0, first).trimEnd()}\n\n${entryText(entry)}${first < text.length ? `\n${text.slice(first)}` : ""}`;
}

function entryText({ version, day, reason, changes }: ChangelogEntry): string {
  const lines = changes.map(({ key, before, after, effect }) => `- \`${key}\`: ${valueText(before)} → ${valueText(after)} (${effect})`);
  return [`## ${version} — ${day}`, "", ...(reason === null ? [] : [reason, ""]), ...(lines.length === 0 ? ["- No change of content."] : lines), ""].join("\n");
}

/** One line, however large the value is. */
export function valueText(value: unknown): string {
  if (value === undefined) return "not there";
  const text = JSON.stringify(value);
  return text.length <= 120 ? text : `${text.slice(0, 119)}…`;
}
