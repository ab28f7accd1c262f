// What to know before reading a run's figures: one line a kind, with what it is about counted and kept below it.
import { counted } from "./format.ts";
import { type ReportModel, standInText } from "./model.ts";

export interface Notice {
  readonly line: string;
  /** What the line counts; empty where it says all. */
  readonly items: readonly NoticeItem[];
}

export interface NoticeItem {
  readonly text: string;
  /** What does something about it; to be copied, so never wrapped or escaped. */
  readonly command: string | null;
}

/** Those that are the same for everybody (stand-ins, servers that did not answer) are one line each. */
export function notices({ standIns, leftOut, warnings }: Pick<ReportModel, "standIns" | "leftOut" | "warnings">): readonly Notice[] {
  return [
    ...gathered(
      standIns.map(standInText).map(said),
      `${counted(standIns.length, "role")} played by stand-ins (${standIns.map(({ role, standIn }) => `${role}: ${standIn}`).join(", ")}): what they do says nothing about a real model`,
    ),
    ...gathered(
      leftOut.map(({ name, reason, start }) => ({ text: `${name}: ${reason}; to start it:`, command: start })),
      `${counted(leftOut.length, "candidate")} left out, since no server answered for ${leftOut.length === 1 ? "it" : "them"}: ${leftOut.map(({ name }) => name).join(", ")}`,
    ),
    ...alike(warnings),
  ];
}

const said = (text: string): NoticeItem => ({ text, command: null });

/** One that needs no command says all by itself. */
function gathered(items: readonly NoticeItem[], line: string): readonly Notice[] {
  const [first] = items;
  if (first === undefined) return [];
  return [items.length === 1 && first.command === null ? { line: first.text, items: [] } : { line, items }];
}

/** Warnings that differ only in whom they name are said once. */
function alike(warnings: readonly string[]): readonly Notice[] {
  const groups = new Map<string, string[]>();
  for (const warning of warnings) {
    const key = warning.replace(/^(server|the breaker of) \S+/, "$1 …").replaceAll(/\d+/g, "…");
    groups.set(key, [...(groups.get(key) ?? []), warning]);
  }
  return [...groups.values()].map(([first = "", ...more]) =>
    more.length === 0 ? { line: first, items: [] } : { line: `${first} (and ${more.length} more alike)`, items: [first, ...more].map(said) },
  );
}
