// What a replay found, in little memory: the first findings in full and all of them counted; gaps by reason, with the first places.
import type { EventLine } from "../../capsule/line.ts";
import { type Finding, type Gap, LEVEL_NAMES, type LevelName, type Place } from "./level.ts";

/** Findings and places of gaps that are kept; the rest is counted. */
export const MOST_KEPT = 200;

const levelOf = ({ level }: Finding): number => LEVEL_NAMES.indexOf(level);

/** Findings in the order of the run: trials as they come, each from its beginning. */
export class FindingTally {
  /** At least the first `MOST_KEPT`; a trial's are kept all or not at all, since they explain one another. */
  readonly kept: Finding[] = [];
  count = 0;

  /** The findings of one trial, or those of the run as a whole. */
  add(findings: readonly Finding[]): void {
    this.count += findings.length;
    if (this.kept.length >= MOST_KEPT) return;
    for (const finding of findings.toSorted((a, b) => (a.seq ?? -1) - (b.seq ?? -1) || levelOf(a) - levelOf(b))) this.kept.push(finding);
  }
}

/** One reason for which steps can't be reconstructed in full. */
export interface GapGroup {
  readonly level: LevelName;
  readonly reason: string;
  readonly count: number;
  /** The first of them that have a place in a trial. */
  readonly places: readonly Place[];
}

export class GapTally {
  /** Distinct steps; a gap without a place of its own counts as one. */
  steps = 0;
  private readonly groups = new Map<string, { level: LevelName; reason: string; count: number; places: Place[] }>();

  /** The gaps of one trial with its events, or those of the run as a whole. */
  add(gaps: readonly Gap[], events: readonly EventLine[]): void {
    if (gaps.length === 0) return;
    const steps = new Map(events.map(({ seq, step }) => [seq, step]));
    this.steps += new Set(gaps.map(({ seq }) => (seq === null ? null : (steps.get(seq) ?? null)))).size;
    for (const gap of gaps) this.count(gap);
  }

  /** In order of first appearance, cargo's own last. */
  list(): readonly GapGroup[] {
    const last = ({ level }: GapGroup): number => (level === "re-execution" ? 1 : 0);
    return [...this.groups.values()].toSorted((a, b) => last(a) - last(b));
  }

  private count({ level, reason, trial, seq }: Gap): void {
    const key = `${level}\u0000${reason}`;
    const group = this.groups.get(key) ?? { level, reason, count: 0, places: [] };
    this.groups.set(key, group);
    group.count += 1;
    if (seq !== null && group.places.length < MOST_KEPT) group.places.push({ trial, seq });
  }
}
