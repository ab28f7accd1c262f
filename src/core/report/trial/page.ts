// Everything that is known of one trial, attempt below attempt: what `show` prints and the viewer's page is made of.
import type { Header, TaskFacts } from "../../capsule/line.ts";
import type { TrialRecord } from "../../capsule/record.ts";
import { sumUnlessUnknown, trialFacts, type TrialFacts } from "../../metrics/summary/trial.ts";
import type { Standing } from "../../metrics/summary/trial.ts";
import type { EventOf } from "../../trial/event.ts";
import type { ModelCall } from "../../trial/events/model-call.ts";
import type { AttemptState } from "../../trial/events/tool-result.ts";
import type { StoredMessage } from "../../trial/prompt/shown-source.ts";
import { type CallPage, readCall } from "./call.ts";
import { type EventRow, eventRows } from "./event-rows.ts";
import { type BrokenFile, brokenFiles, type PatchPage, patchPage } from "./patch.ts";
import { type CapsuleTexts, shownText } from "./shown-text.ts";
import { type TimingPart, timingParts } from "./timing.ts";
import { failingLines, type VerdictPage, verdictPage } from "./verdict.ts";
import { outcomeSentence } from "./outcome.ts";

const TRIAL_PAGE_FORMAT = 1;

export interface AttemptPage {
  /** 1-based, over the whole trial. */
  readonly number: number;
  /** `shadow`: made for the record only, nothing goes by it. */
  readonly kind: "slot" | "cloud" | "shadow";
  readonly call: CallPage;
  readonly patch: PatchPage;
  readonly verdict: VerdictPage;
  readonly timings: readonly TimingPart[];
}

/** The first thing that went wrong in the attempt that decides about the candidate. */
export interface TrialCause {
  readonly attempt: number;
  readonly title: string;
  readonly place: string | null;
  readonly lines: readonly string[];
}

/** What a gate or a reviewer said. */
export interface Review {
  readonly says: string;
  readonly reason: string;
  readonly call: CallPage | null;
}

export interface TrialPageModel {
  readonly format: typeof TRIAL_PAGE_FORMAT;
  readonly run: string;
  readonly id: string;
  readonly candidate: string;
  readonly task: TaskFacts;
  /** 1-based. */
  readonly epoch: number;
  readonly epochs: number;
  readonly standing: Standing;
  /** How it ended, in one sentence. */
  readonly outcome: string;
  /** Did the candidate's own attempts pass? Null where the slot was not tried. */
  readonly slotPassed: boolean | null;
  /** Null where the deciding attempt passed, or nothing is known. */
  readonly cause: TrialCause | null;
  readonly plan: CallPage | null;
  readonly attempts: readonly AttemptPage[];
  readonly critic: Review | null;
  readonly judge: Review | null;
  readonly unlock: Review | null;
  /** Of all calls of the trial, the Judge's and the critic's too; null: unknown. */
  readonly costUsd: number | null;
  readonly events: readonly EventRow[];
}

export interface TrialInput {
  readonly header: Header;
  readonly trial: TrialRecord;
  readonly texts: CapsuleTexts;
  /** The broken tree's files, from a suite that lies here; what is not the run's own, by hash, is not used. */
  readonly brokenFile: BrokenFile;
}

export function trialPage({ header, trial, texts, brokenFile }: TrialInput): TrialPageModel {
  const facts = trialFacts(trial);
  const { state } = trial;
  const attempts = attemptPages([...state.attempts, ...state.shadows], texts, brokenFile, new Set(state.shadows));
  const call = (one: ModelCall | null): CallPage | null => (one === null ? null : readCall(one, [], texts, []).page);
  return {
    format: TRIAL_PAGE_FORMAT,
    run: header.run_id,
    id: trial.id,
    candidate: trial.candidate,
    task: trial.task,
    epoch: trial.epoch,
    epochs: header.epochs,
    standing: facts.standing,
    outcome: outcomeSentence(facts),
    slotPassed: facts.slot.length === 0 ? null : facts.passedInSlot,
    cause: causeOf(facts, attempts),
    plan: call(state.plan),
    attempts,
    critic: criticOf(state.signal, call(state.critique)),
    judge: gateOf(state.judgeSays, call(state.judgement)),
    unlock: gateOf(state.unlocked, null),
    costUsd: sumUnlessUnknown(trial.events.flatMap(({ payload }) => (payload.type === "ModelCallEnvelope" ? [payload.cost_usd] : []))),
    events: eventRows(trial.events),
  };
}

function attemptPages(
  attempts: readonly AttemptState[],
  texts: CapsuleTexts,
  brokenFile: BrokenFile,
  shadows: ReadonlySet<AttemptState>,
): readonly AttemptPage[] {
  const ordered = attempts.toSorted((a, b) => a.call.attempt - b.call.attempt);
  let before: readonly StoredMessage[] = [];
  const calls = ordered.map(({ call, earlier }) => {
    const read = readCall(call, earlier, texts, before);
    before = read.messages;
    return read;
  });
  const broken = brokenFiles(
    calls.map(({ messages }) => messages),
    brokenFile,
  );
  return ordered.map((attempt, index) => ({
    number: index + 1,
    kind: shadows.has(attempt) ? "shadow" : attempt.mode === "Reflex" ? "slot" : "cloud",
    call: (calls[index] as { readonly page: CallPage }).page,
    patch: patchPage(attempt.patches, texts, broken),
    verdict: verdictPage(attempt.result.verdict, shownText(texts, attempt.result.output_hash, null)),
    timings: timingParts(attempt),
  }));
}

/** Of the last attempt of the slot, where it lost; else of the last attempt, where that did not pass. */
function causeOf({ slot, passedInSlot, passedAtLast }: TrialFacts, attempts: readonly AttemptPage[]): TrialCause | null {
  const lostInSlot = slot.length > 0 && !passedInSlot;
  const deciding = lostInSlot ? attempts.findLast(({ kind }) => kind === "slot") : passedAtLast ? undefined : attempts.at(-1);
  if (!deciding || deciding.verdict.status === "passed") return null;
  const [first] = deciding.verdict.findings;
  const { status, detail } = deciding.verdict;
  if (!first) return { attempt: deciding.number, title: `${status}: ${detail}`, place: null, lines: [] };
  return { attempt: deciding.number, title: `${first.kind}: ${first.title}`, place: first.place, lines: failingLines(first) };
}

function criticOf(signal: EventOf<"CounterSignal"> | null, call: CallPage | null): Review | null {
  if (signal) return { says: `${signal.severity}, ${signal.signal_kind}`, reason: signal.message, call };
  return call && { says: "no signal", reason: call.answerNote ?? "", call };
}

function gateOf(gate: EventOf<"GateDecision"> | null, call: CallPage | null): Review | null {
  if (gate) return { says: gate.outcome, reason: gate.reason, call };
  return call && { says: "no decision", reason: call.answerNote ?? "", call };
}
