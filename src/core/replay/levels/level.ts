// What a replay proves, level by level, and what it finds: the vocabulary of the audit.
import type { Json } from "../../base/canonical.ts";

/** In the report's order; a level's number is its place here. */
export const LEVEL_NAMES = ["integrity", "decisions", "prompts", "patches", "re-execution", "model calls"] as const;

export type LevelName = (typeof LEVEL_NAMES)[number];

/** `partly`: what could be checked agrees, the rest is a gap. `not-checked`: nobody asked. */
export type LevelStatus = "proven" | "partly" | "diverged" | "not-checked" | "not-reconstructable";

/** Whose doing a divergence is. */
export type Cause = "record" | "policy" | "harness code" | "toolchain";

/** Where in a run something is. `trial` and `seq` are null for what belongs to the whole run. */
export interface Place {
  readonly trial: string | null;
  readonly seq: number | null;
}

/** Something that did not come out as recorded. */
export interface Finding extends Place {
  readonly level: LevelName;
  /** The named check that failed. */
  readonly check: string;
  /** The kind of thing that was compared, as it is counted. */
  readonly kind: string;
  readonly what: string;
  readonly recorded: Json;
  readonly redone: Json;
  /** The cause, where the check itself knows it; else attribution works it out. */
  readonly cause: Cause | null;
}

/** A finding with whose doing it is, and why we say so. */
export interface AttributedFinding extends Finding {
  readonly cause: Cause;
  readonly why: string;
}

/** A step that can't be checked, because something it needs is not there. */
export interface Gap extends Place {
  readonly level: LevelName;
  readonly reason: string;
}

/** How one kind of thing came out: what was looked at, what agreed, what could not be looked at. */
export interface Count {
  readonly what: string;
  readonly checked: number;
  readonly agreed: number;
  readonly gaps: number;
}

export interface LevelResult {
  readonly level: number;
  readonly name: LevelName;
  readonly sentence: string;
  readonly status: LevelStatus;
  readonly counts: readonly Count[];
  /** What else to know, in sentences. */
  readonly notes: readonly string[];
}

/** A check of the capsule's file that fails, and what it found. */
export interface FileFault {
  readonly check: string;
  readonly fault: string;
}

/** Who stands for the capsule. `key` is the signer's raw public key in base64; `self-signed`: nobody has said that it may be trusted. */
export interface SignatureStatus {
  readonly state: "unsigned" | "trusted" | "self-signed" | "bad";
  readonly key: string | null;
  readonly detail: string;
}

/** Collects what the levels find. Counts are kept for everything; findings and gaps until somebody takes them. */
export class Ledger {
  private findings: Finding[] = [];
  private gaps: Gap[] = [];
  private readonly diverged = new Set<LevelName>();
  private readonly counts = new Map<LevelName, Map<string, { what: string; checked: number; agreed: number; gaps: number }>>();

  agree(level: LevelName, what: string): void {
    const count = this.count(level, what);
    count.checked += 1;
    count.agreed += 1;
  }

  diverge(finding: Finding): void {
    this.count(finding.level, finding.kind).checked += 1;
    this.diverged.add(finding.level);
    this.findings.push(finding);
  }

  gap(what: string, gap: Gap): void {
    this.count(gap.level, what).gaps += 1;
    this.gaps.push(gap);
  }

  /** What was found since the last time, in order: it is kept here no longer. */
  take(): { readonly findings: readonly Finding[]; readonly gaps: readonly Gap[] } {
    const taken = { findings: this.findings, gaps: this.gaps };
    [this.findings, this.gaps] = [[], []];
    return taken;
  }

  hasDiverged(level: LevelName): boolean {
    return this.diverged.has(level);
  }

  countsOf(level: LevelName): readonly Count[] {
    return [...(this.counts.get(level)?.values() ?? [])].map((count) => ({ ...count }));
  }

  private count(level: LevelName, what: string) {
    let own = this.counts.get(level);
    if (own === undefined) this.counts.set(level, (own = new Map()));
    let known = own.get(what);
    if (known === undefined) own.set(what, (known = { what, checked: 0, agreed: 0, gaps: 0 }));
    return known;
  }
}

/** What a level's counts come to. Something must have been checked to be proven. */
export function levelStatus(counts: readonly Count[], diverged: boolean): LevelStatus {
  if (diverged) return "diverged";
  const checked = counts.reduce((sum, count) => sum + count.checked, 0);
  const gaps = counts.reduce((sum, count) => sum + count.gaps, 0);
  if (checked === 0) return "not-reconstructable";
  return gaps === 0 ? "proven" : "partly";
}

/** What running cargo again on a stored run's trees found. */
export interface Reexecution {
  /** Its counts. */
  readonly ledger: Ledger;
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly notes: readonly string[];
}
