// What to know before reading a run's figures: one line a kind, with what it is about counted and kept below it.
import { counted } from "./format.ts";
import { type ReportModel, standInText } from "./model.ts";

export interface Notice {
  readonly line: string;
  /** What the line counts; empty where it says all. */
  readonly items: readonly string[];
}

/** Those that are the same for everybody (stand-ins, servers that did not answer) are one line each. */
export function notices({ standIns, leftOut, warnings }: Pick<ReportModel, "standIns" | "leftOut" | "warnings">): readonly Notice[] {
  return [
    ...gathered(
      standIns.map(standInText),
      `${counted(standIns.length, "role")} played by stand-ins (${standIns.map(({ role }) => role).join(", ")}): what they do says nothing about a real model`,
    ),
    ...gathered(
      leftOut.map(({ name, reason, start }) => `${name}: ${reason}; to start it: ${start}`),
      `${counted(leftOut.length, "candidate")} left out, since no server answered for ${leftOut.length === 1 ? "it" : "them"}: ${leftOut.map(({ name }) => name).join(", ")}`,
    ),
    ...alike(warnings),
  ];
}

const gathered = (items: readonly string[], line: string): readonly Notice[] => (items.length === 0 ? [] : [{ line, items }]);

/** Warnings that differ only in whom they name are said once. */
function alike(warnings: readonly string[]): readonly Notice[] {
  const groups = new Map<string, string[]>();
  for (const warning of warnings) {
    const key = warning.replace(/^(server|the breaker of) \S+/, "$1 …").replaceAll(/\d+/g, "…");
    groups.set(key, [...(groups.get(key) ?? []), warning]);
  }
  return [...groups.values()].map(([first = "", ...more]) =>
    more.length === 0 ? { line: first, items: [] } : { line: `${first} (and ${more.length} more alike)`, items: [first, ...more] },
  );
}
