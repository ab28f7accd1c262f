// What became of the mutants that were tried, stage by stage: how many could make a task, and which share of them does.
import { frequencies } from "../base/frequencies.ts";
import { DROPS } from "./draft.ts";
import type { MutantOutcome } from "./outcome.ts";
import type { OPERATOR_GROUPS } from "./site.ts";

/** Why mutants are not even tried. */
export const IDLE = "no visible or no held-out test runs their functions";

export const HANGING = "others of their function, or too many in all, ran into the time limit";

/** What one tried mutant came to. */
export interface MutantFate {
  readonly group: (typeof OPERATOR_GROUPS)[number];
  readonly status: MutantOutcome["status"];
  /** Why it makes no task; null: a task of this name was made of it. */
  readonly reason: string | null;
  readonly task: string | null;
}

export interface MutantFunnel {
  readonly tried: number;
  /** They did not run at all, for a reason of ours. */
  readonly notRun: number;
  /** They were meant to change what the code does, and do not compile. */
  readonly misfits: number;
  /** Those of them that became a proven task nevertheless. */
  readonly misfitsProven: number;
  /** They compile, or fail to as they were meant to. */
  readonly asMeant: number;
  /** Of these: no test notices them. */
  readonly survived: number;
  /** Of these: noticed and no task, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Of these: fair tasks that were not asked for, and so not proved. */
  readonly spare: number;
  readonly proven: number;
  /** Proven of those that compile or fail as meant, the spare ones left out; null where there are none. */
  readonly share: number | null;
}

/** The last sieve's verdicts by task: a reason, or null for one that stands. A task that is not here was not asked for. */
export function mutantFunnel(fates: readonly MutantFate[], sieved: ReadonlyMap<string, string | null>): MutantFunnel {
  const ended = fates.map((fate) => ({ ...fate, end: endOf(fate, sieved) }));
  const ran = ended.filter(({ end }) => end !== DROPS.infrastructure);
  const misfits = ran.filter(isMisfit);
  const asMeant = ran.filter((fate) => !isMisfit(fate));
  const count = (items: typeof ended, end: string): number => items.filter((item) => item.end === end).length;
  const [survived, spare, proven] = [count(asMeant, DROPS.survived), count(asMeant, SPARE), count(asMeant, PROVEN)];
  const lost = asMeant.map(({ end }) => end).filter((end) => ![DROPS.survived, SPARE, PROVEN].includes(end));
  const decided = asMeant.length - spare;
  return {
    tried: fates.length,
    notRun: fates.length - ran.length,
    misfits: misfits.length,
    misfitsProven: count(misfits, PROVEN),
    asMeant: asMeant.length,
    survived,
    dropped: Object.fromEntries(frequencies(lost)),
    spare,
    proven,
    share: decided === 0 ? null : proven / decided,
  };
}

const PROVEN = "proven";
const SPARE = "spare";

const isMisfit = ({ group, status }: MutantFate): boolean => group === "behaviour" && status === "compile-error";

function endOf({ reason, task }: MutantFate, sieved: ReadonlyMap<string, string | null>): string {
  if (reason !== null || task === null) return reason ?? SPARE;
  const verdict = sieved.get(task);
  return verdict === undefined ? SPARE : (verdict ?? PROVEN);
}

const percent = (share: number | null): string => (share === null ? "none" : `${(share * 100).toFixed(0)} %`);

/** For people, in a sentence. */
export const mutantFunnelLine = ({ asMeant, proven, share, misfitsProven }: MutantFunnel): string =>
  `${asMeant} of them compiled, or failed to as they were meant to; ${proven} of these are proven as tasks (${percent(share)})${misfitsProven > 0 ? `, and ${misfitsProven} of the others` : ""}`;

const line = (indent: string, count: number, text: string): string[] => (count === 0 ? [] : [`${indent}${String(count).padStart(4)}  ${text}`]);

/** For people: a line for each stage; those that nothing came to are left out. */
export function mutantFunnelLines({ tried, notRun, misfits, misfitsProven, asMeant, survived, dropped, spare, proven, share }: MutantFunnel): string[] {
  return [
    `${String(tried).padStart(4)}  mutants tried`,
    ...line("  ", notRun, DROPS.infrastructure),
    ...line("  ", misfits, `were meant to change behaviour and do not compile; ${misfitsProven} of them are proven as tasks nevertheless`),
    ...line("  ", asMeant, "compile, or fail to as they were meant to"),
    ...line("    ", survived, DROPS.survived),
    ...Object.entries(dropped).flatMap(([reason, count]) => line("    ", count, reason)),
    ...line("    ", spare, "would make tasks beyond those that were asked for: not proved"),
    ...line("    ", proven, `are proven as tasks: ${percent(share)}${spare > 0 ? ", the ones not proved left out" : ""}`),
  ];
}
