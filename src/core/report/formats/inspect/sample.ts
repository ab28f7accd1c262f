// A trial as a sample of Inspect AI: what was asked and answered, how it was scored and why, and its transcript.
import { instantOf } from "../../../base/instant.ts";
import type { ModelCall } from "../../../trial/events/model-call.ts";
import { eventTimes } from "../../trial/event-times.ts";
import { totalMs } from "../../trial/timing.ts";
import type { TrialPageModel } from "../../trial/page.ts";
import type { CapsuleTexts } from "../../trial/shown-text.ts";
import type { ReportedTrial } from "../../source.ts";
import { verdictText } from "../../trial/verdict.ts";
import { inspectEvents } from "./events.ts";
import { conversation, inspectId } from "./messages.ts";
import { inspectModel, usageBy, usageOf } from "./usage.ts";

/** Did the candidate's own attempts pass? */
export const SLOT_SCORER = "slot_pass";
/** Did the trial end with a passing patch, whoever wrote it? */
export const FINAL_SCORER = "final_pass";

export interface InspectSample {
  readonly sample: object;
  readonly calls: readonly ModelCall[];
  /** Milliseconds since 1970; null for a trial that has not begun. */
  readonly endMs: number | null;
}

export function inspectSample(trial: ReportedTrial, texts: CapsuleTexts): InspectSample {
  const { record, row } = trial;
  const calls = record.events.flatMap(({ payload }) => (payload.type === "ModelCallEnvelope" ? [payload] : []));
  const own = calls.filter(({ role }) => role === "Implementer");
  const messages = conversation(own, texts, record.id);
  const firstAnswer = messages.findIndex(({ role }) => role === "assistant");
  const scores = scoresOf(trial);
  const { timing, endMs } = timesOf(trial);
  const sample = {
    id: row.task,
    epoch: row.epoch,
    // What every task is told alike is in the messages: here it would hide what this one is about.
    input: firstAnswer > 0 ? messages.slice(0, firstAnswer).filter(({ role }) => role === "user") : `[no prompt is recorded] ${row.task}`,
    target: "passed",
    messages,
    output: outputOf(own, messages),
    scores,
    metadata: metadataOf(trial, calls),
    store: {},
    events: inspectEvents(trial, texts, scores),
    model_usage: usageBy(calls, inspectModel),
    role_usage: usageBy(calls, ({ role }) => role),
    ...timing,
    uuid: inspectId(record.id, record.events[0]?.run_id ?? ""),
    attachments: {},
    ...errorOf(trial),
  };
  return { sample, calls, endMs };
}

/** The last answer of the Implementer, whichever model gave it. */
function outputOf(own: readonly ModelCall[], messages: ReturnType<typeof conversation>): object {
  const last = own.at(-1);
  const message = messages.findLast(({ role }) => role === "assistant");
  if (!last || !message) return {};
  const usage = usageOf([last]);
  return {
    model: inspectModel(last),
    choices: [{ message, stop_reason: "stop" }],
    ...(last.answer_reused ? {} : { time: last.latency_ms / 1000 }),
    ...(usage === null ? {} : { usage }),
  };
}

/** A trial that is in no rate, or whose slot was not tried, has no score there. Inspect's values: `C` correct, `I` incorrect. */
function scoresOf({ row, page }: ReportedTrial): Readonly<Record<string, object>> {
  const lastSlot = page.attempts.findLast(({ kind }) => kind === "slot");
  const last = page.attempts.findLast(({ kind }) => kind !== "shadow");
  const all = {
    [SLOT_SCORER]: score(row.slotPass, lastSlot, explained(page, lastSlot)),
    [FINAL_SCORER]: score(row.finalPass, last, explained(page, last)),
  };
  return Object.fromEntries(Object.entries(all).flatMap(([scorer, one]) => (one === null ? [] : [[scorer, one] as const])));
}

const score = (passed: boolean | null, of: TrialPageModel["attempts"][number] | undefined, explanation: string): object | null =>
  passed === null ? null : { value: passed ? "C" : "I", answer: of?.verdict.status ?? "", explanation };

function explained({ outcome }: TrialPageModel, attempt: TrialPageModel["attempts"][number] | undefined): string {
  return attempt === undefined ? outcome : `${outcome}\n\nAttempt ${attempt.number}: ${verdictText(attempt.verdict)}`;
}

function metadataOf({ row, record, page }: ReportedTrial, calls: readonly ModelCall[]): object {
  const standIns = [...new Set(calls.flatMap(({ role, stand_in: standIn }) => (standIn === null ? [] : [`${role}: ${standIn}`])))];
  return {
    trial: record.id,
    kind: row.kind,
    risk: row.risk,
    area: row.area,
    family: row.family,
    error_codes: row.errorCodes,
    standing: row.standing,
    outside_policy: row.outsidePolicy,
    slot_attempts: row.slotVerdicts.length,
    cloud_attempts: row.cloudVerdicts.length,
    passed_by: row.passedBy,
    unlock: row.unlock,
    stand_ins: standIns,
    calls_without_usage: calls.filter(({ prompt_tokens: input, response_tokens: output }) => input === null || output === null).length,
    cost_usd: page.costUsd,
    why: row.why,
    outcome: page.outcome,
    ...(row.cheated === undefined ? {} : { cheated: row.cheated }),
  };
}

/** Working time: what the models and the harness took, without waits. */
function timesOf({ record, page }: ReportedTrial): { readonly timing: object; readonly endMs: number | null } {
  const timed = eventTimes(record.events);
  const [first, last] = [timed[0], timed.at(-1)];
  if (!first || !last) return { timing: {}, endMs: null };
  const endMs = Math.max(...timed.map((one) => one.endMs));
  const working = totalMs(page.attempts.flatMap(({ timings }) => timings).filter(({ of }) => of !== "waiting"));
  return {
    timing: {
      started_at: instantOf(first.startMs),
      completed_at: instantOf(endMs),
      total_time: (endMs - first.startMs) / 1000,
      working_time: working / 1000,
    },
    endMs,
  };
}

function errorOf({ row, page }: ReportedTrial): object {
  if (row.standing !== "infrastructure") return {};
  const detail = page.attempts.findLast(({ verdict }) => verdict.status === "infrastructure")?.verdict.detail ?? page.outcome;
  const message = `the harness failed: ${detail}`;
  return { error: { message, traceback: message, traceback_ansi: message } };
}
