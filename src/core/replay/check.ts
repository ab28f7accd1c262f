// Levels as checks over single trials, and checks as named claims: what is recorded against what comes out when it is worked out again.
import { canonicalJson, type Json } from "../base/canonical.ts";
import type { Header } from "../capsule/line.ts";
import type { TrialRecord } from "../capsule/record.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";
import type { TrialEvent } from "../trial/event.ts";
import type { Suite } from "../suite/suite.ts";
import type { AppliedDiff } from "../trial/answer-outcome.ts";
import type { Evidence } from "./evidence.ts";
import type { Decide } from "./decide.ts";
import type { Cause, Ledger, LevelName, Reexecution, SignatureStatus } from "./levels/level.ts";
import type { Scene } from "./scene.ts";
import type { Step } from "./step.ts";
import type { VerifiedTrees } from "./verified-trees.ts";

export interface TrialView {
  readonly header: Header;
  readonly snapshot: PolicySnapshot;
  readonly trial: TrialRecord;
  readonly steps: readonly Step[];
  /** Those of all steps. */
  readonly events: readonly TrialEvent[];
  readonly evidence: Evidence;
  /** Why not, where the suite is not here. */
  readonly scene: Scene | string;
  /** By task and answer. */
  readonly diffs: ReadonlyMap<string, AppliedDiff>;
  /** Full verdicts that were worked out, not reused. */
  readonly verified: VerifiedTrees;
  /** Was the text left out of an export on purpose? */
  readonly withheld: (hash: string) => boolean;
  /** Takes out what the run took out of a text before it was hashed. */
  readonly scrub: (text: string) => string;
  readonly seqOf: (event: TrialEvent) => number;
}

/** `what` counts the kind of thing, finer than the check where that tells more. `says`: what is wrong, where the check's sentence tells less. */
export type Claim =
  | { readonly seq: number | null; readonly what?: string; readonly says?: string; readonly recorded: Json; readonly redone: Json }
  | { readonly seq: number | null; readonly what?: string; readonly missing: string };

export interface Check {
  readonly name: string;
  readonly sentence: string;
  /** What its claims are about, as a plural. */
  readonly what: string;
  /** Whose doing it is where it fails; null: to be worked out. */
  readonly cause: Cause | null;
  readonly claims: (view: TrialView) => Iterable<Claim>;
}

/** What a level's checks are opened with. */
export interface LevelContext {
  readonly header: Header;
  readonly snapshot: PolicySnapshot;
  readonly decide: Decide;
}

/** The checks of a level: on candidates' trials, and on calibration trials. */
export interface LevelChecks {
  readonly trials: readonly Check[];
  readonly planted: readonly Check[];
}

/** What is known of a run beside its trials. */
export interface LevelFacts {
  readonly signature: SignatureStatus;
  /** Why not, where the suite is not here. */
  readonly suite: Suite | string;
  /** Not there where nobody asked for it. */
  readonly reexecution?: Reexecution;
}

/** One level of the audit. */
export interface Level {
  /** What it proves. */
  readonly sentence: string;
  /** Nothing of it can be worked out without the run's policy. */
  readonly needsPolicy: boolean;
  /** Opened once a replay: some remember what they worked out for other trials. */
  readonly checks: (context: LevelContext) => LevelChecks;
  /** Null: nobody asked for it. `ledger` is its own, where it keeps one; `notes` is what else to know, in sentences. */
  readonly outcome: (facts: LevelFacts) => { readonly ledger?: Ledger; readonly notes: readonly string[] } | null;
}

/** Makes every check of a level on one trial. */
export function runChecks(level: LevelName, checks: readonly Check[], view: TrialView, ledger: Ledger): void {
  for (const check of checks) for (const claim of check.claims(view)) takeClaim(level, check, claim, { trial: view.trial.id, ledger });
}

function takeClaim(
  level: LevelName,
  { name, sentence, what: plural, cause }: Check,
  claim: Claim,
  { trial, ledger }: { readonly trial: string; readonly ledger: Ledger },
): void {
  const kind = claim.what ?? plural;
  const place = { level, trial, seq: claim.seq };
  if ("missing" in claim) ledger.gap(kind, { ...place, reason: claim.missing });
  else if (isSame(claim.recorded, claim.redone)) ledger.agree(level, kind);
  else {
    const what = claim.says ?? `does not hold: ${sentence}`;
    ledger.diverge({ ...place, check: name, kind, what, recorded: claim.recorded, redone: claim.redone, cause });
  }
}

/** The same JSON, whatever the order of members. What is written alike is alike: most is. */
export const isSame = (a: unknown, b: unknown): boolean =>
  a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null) || canonicalJson(a ?? null) === canonicalJson(b ?? null);

/** What agrees is not written out to say so: most does. */
export const AGREED = { recorded: true, redone: true } as const;

/** Two values as a claim. */
export const compared = (recorded: unknown, redone: unknown): { readonly recorded: Json; readonly redone: Json } =>
  JSON.stringify(recorded) === JSON.stringify(redone) ? AGREED : { recorded: asJson(recorded), redone: asJson(redone) };

/** A value as an event holds it: whole characters, nothing undefined. */
export function asJson(value: unknown): Json {
  const text = JSON.stringify(value);
  // Half a character is written as an escape.
  if (!/\\u[dD][89a-fA-F]/.test(text)) return JSON.parse(text) as Json;
  return JSON.parse(JSON.stringify(value, (_, part: unknown) => (typeof part === "string" ? part.toWellFormed() : part))) as Json;
}

export const diffKey = (task: string, responseHash: string): string => `${task} ${responseHash}`;
