// A run under another policy, as a page: which decisions change, how its trials would have ended, and where the policies differ.
import { changesBetween } from "../../policy/change/change.ts";
import { changeText } from "../../policy/change/changelog.ts";
import type { PolicySnapshot } from "../../policy/snapshot.ts";
import type { CandidateUnder, Counterfactual } from "../../replay/counterfactual/counterfactual.ts";
import type { OtherEnding, TrialEnding } from "../../replay/counterfactual/other-ending.ts";
import { REFUSALS } from "../../replay/counterfactual/prediction.ts";
import { counted, rateText } from "../format.ts";

export interface OtherPolicyModel {
  readonly run: string;
  readonly recorded: Counterfactual["recordedPolicy"];
  readonly other: Counterfactual["otherPolicy"];
  readonly headline: string;
  readonly candidates: readonly (CandidateUnder & { readonly laterText: string })[];
  readonly changes: Counterfactual["changes"];
  readonly unknowns: Counterfactual["unknowns"];
  /** Trials that end otherwise. */
  readonly endings: readonly EndingRow[];
  /** Trials of whose end the record does not tell all; so many are shown. */
  readonly openEndings: readonly EndingRow[];
  readonly moreEndings: number;
  /** Null: the recorded policy can't be read, so that nothing can be held against it. */
  readonly policyChanges: readonly { readonly key: string; readonly change: string; readonly effect: string }[] | null;
}

export interface EndingRow {
  readonly trial: string;
  /** In the plan, from 0. */
  readonly number: number;
  readonly recorded: string;
  readonly other: string;
  readonly lacks: string;
}

const MOST_ENDINGS = 300;

export interface OtherPolicyInput {
  readonly run: string;
  readonly counterfactual: Counterfactual;
  readonly recorded: PolicySnapshot | null;
  readonly other: PolicySnapshot;
  readonly numberOf: (trial: string) => number | null;
}

export function otherPolicyPage({ run, counterfactual, recorded, other, numberOf }: OtherPolicyInput): OtherPolicyModel {
  const { recordedPolicy, otherPolicy, candidates, changes, unknowns, endings } = counterfactual;
  const row = (ending: OtherEnding) => endingRow(ending, numberOf(ending.trial));
  const open = endings.filter(({ unknown }) => unknown !== "");
  return {
    run,
    recorded: recordedPolicy,
    other: otherPolicy,
    headline: headlineOf(counterfactual),
    candidates: candidates.map((candidate) => ({ ...candidate, laterText: laterText(candidate) })),
    changes,
    unknowns,
    endings: endings.filter(endsOtherwise).flatMap(row),
    openEndings: open.slice(0, MOST_ENDINGS).flatMap(row),
    moreEndings: Math.max(0, open.length - MOST_ENDINGS),
    policyChanges:
      recorded === null ? null : changesBetween(recorded, other).map(({ key, before, after, effect }) => ({ key, change: changeText(before, after), effect })),
  };
}

const endsOtherwise = ({ recorded: was, other: now, unknown }: OtherEnding): boolean =>
  unknown === "" && (was.passed !== now.passed || was.unlocked !== now.unlocked);

function headlineOf({ candidates, endings }: Counterfactual): string {
  const changed = candidates.reduce((sum, candidate) => sum + candidate.changed, 0);
  const unknown = candidates.reduce((sum, candidate) => sum + candidate.unknown, 0);
  const of = counted(endings.length, "trial");
  if (changed === 0) return `Under this policy nothing would have been decided otherwise, in any of ${of}.`;
  return `Under this policy ${changed} of ${of} would have gone otherwise; of ${unknown === 0 ? "none" : String(unknown)} the record does not tell the end.`;
}

function laterText({ later }: CandidateUnder): string {
  return later.refusal === null ? rateText(later.pass) : `not said: ${REFUSALS[later.refusal]}`;
}

const endingRow = ({ trial, recorded, other, unknown }: OtherEnding, number: number | null): readonly EndingRow[] =>
  number === null ? [] : [{ trial, number, recorded: endingText(recorded), other: endingText(other), lacks: unknown }];

function endingText({ passed, unlocked }: TrialEnding): string {
  if (passed === null) return "unknown";
  return `${passed ? "passed" : "failed"}${unlocked === null ? "" : unlocked ? ", unlocked" : ", not unlocked"}`;
}
