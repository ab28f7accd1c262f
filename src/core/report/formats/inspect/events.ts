// A trial's events as Inspect AI's transcript: stages and attempts as spans, model calls, verifications as tool calls, the rest as notes.
import { instantOf } from "../../../base/instant.ts";
import { type EventReaders, readEvent } from "../../../trial/event.ts";
import { accountOf } from "../../../trial/event-account.ts";
import type { ModelCall } from "../../../trial/events/model-call.ts";
import { readCall } from "../../trial/call.ts";
import { eventTimes, type TimedEvent } from "../../trial/event-times.ts";
import { patchText } from "../../trial/patch.ts";
import { openSpans, type SpanChange } from "../../trial/spans.ts";
import type { CapsuleTexts } from "../../trial/shown-text.ts";
import { verdictText } from "../../trial/verdict.ts";
import type { ReportedTrial } from "../../source.ts";
import { answerMessage, inspectId, promptMessages } from "./messages.ts";
import { inspectModel, usageOf } from "./usage.ts";

/** What an event is beside its times and its place among the spans. */
type Body = Readonly<Record<string, unknown>> & { readonly event: string };

interface Context {
  readonly trial: ReportedTrial;
  readonly texts: CapsuleTexts;
  readonly timed: TimedEvent;
}

/** `scores`: written last, by scorer. */
export function inspectEvents(trial: ReportedTrial, texts: CapsuleTexts, scores: Readonly<Record<string, object>>): readonly object[] {
  const timed = eventTimes(trial.record.events);
  const startMs = timed[0]?.startMs ?? 0;
  const spans = openSpans();
  const spanAt = (atMs: number) => (change: SpanChange) =>
    spanEvent(change, trial.record.id, times(atMs, startMs, inspectId(trial.record.id, change.change, change.id)));
  const written = timed.flatMap((one) => {
    const { before, inside, after } = spans.around(one.line.payload);
    const span = inside === null ? null : inspectId(trial.record.id, inside);
    const bodies = bodiesOf({ trial, texts, timed: one });
    return [...before.map(spanAt(one.startMs)), ...bodies.map((body, index) => noteAt(body, one, { startMs, span, index })), ...after.map(spanAt(one.endMs))];
  });
  const endMs = timed.at(-1)?.endMs ?? startMs;
  const closing = spans.close().map(spanAt(endMs));
  const scored = Object.entries(scores).map(([scorer, score]) => ({
    ...times(endMs, startMs, inspectId(trial.record.id, scorer)),
    event: "score",
    score,
    scorer,
    target: "passed",
  }));
  return [...written, ...closing, ...scored];
}

const times = (atMs: number, startMs: number, uuid: string): object => ({ uuid, timestamp: instantOf(atMs), working_start: (atMs - startMs) / 1000 });

function spanEvent(change: SpanChange, trial: string, when: object): object {
  const id = inspectId(trial, change.id);
  if (change.change === "end") return { ...when, span_id: id, event: "span_end", id };
  const parent = change.parent === null ? null : inspectId(trial, change.parent);
  return { ...when, span_id: id, event: "span_begin", id, parent_id: parent, type: change.type, name: change.name };
}

function noteAt(
  body: Body,
  { line, startMs: beganMs, endMs }: TimedEvent,
  place: { readonly startMs: number; readonly span: string | null; readonly index: number },
) {
  return {
    ...times(beganMs, place.startMs, inspectId(line.uri, String(place.index))),
    ...(place.span === null ? {} : { span_id: place.span }),
    ...(endMs > beganMs ? { completed: instantOf(endMs), working_time: (endMs - beganMs) / 1000 } : {}),
    metadata: { capsule_event: line.uri, seq: line.seq },
    ...body,
  };
}

/** Kinds that have a form of their own in a transcript; all others are notes. */
const FORMS: EventReaders<(context: Context) => readonly Body[]> = {
  StageTransition: () => () => [],
  ModelCallEnvelope: (call) => (context) => [modelEvent(call, context)],
  ToolCall: () => () => [],
  ToolResult:
    ({ attempt }) =>
    (context) =>
      verification(attempt, context),
  ErrorEvent:
    ({ message }) =>
    () => [{ event: "error", error: { message, traceback: "", traceback_ansi: "" } }],
};

function bodiesOf(context: Context): readonly Body[] {
  const { payload } = context.timed.line;
  const form = readEvent(FORMS, payload);
  return form ? form(context) : [{ event: "info", source: payload.type, data: accountOf(payload) }];
}

function modelEvent(call: ModelCall, { trial, texts, timed }: Context): Body {
  const { page } = readCall(call, [], texts, []);
  const usage = usageOf([call]);
  const { ttft_ms, first_output_ms, queue_ms, backoff_ms, cost_usd, cached_tokens, failure, json_compliant, selection_reason, answer_reused } = call;
  const answered =
    call.response_hash === null ? [] : [{ message: answerMessage(call, page.answer), stop_reason: failure === "truncated" ? "max_tokens" : "stop" }];
  return {
    event: "model",
    model: inspectModel(call),
    role: call.role,
    input: promptMessages(page, trial.record.id),
    tools: [],
    tool_choice: "none",
    config: {},
    output: {
      model: call.served_model ?? call.resolved_model,
      choices: answered,
      ...(usage === null ? {} : { usage }),
      ...(answer_reused ? {} : { time: call.latency_ms / 1000 }),
      metadata: {
        ttft_ms,
        first_output_ms,
        queue_ms,
        backoff_ms,
        cost_usd,
        cached_tokens,
        failure,
        json_compliant,
        ...(answer_reused ? { answer_reused } : {}),
      },
    },
    ...(call.error === null ? {} : { error: call.error }),
    metadata: {
      capsule_event: timed.line.uri,
      seq: timed.line.seq,
      attempt: call.attempt,
      try: call.try,
      mode: call.mode,
      reason: selection_reason,
      why: page.why,
    },
  };
}

/** The patch as it was applied, then the verdict on it. */
function verification(number: number, { trial: { page } }: Context): readonly Body[] {
  const attempt = page.attempts.find((one) => one.number === number);
  if (!attempt) return [];
  const { patch, verdict } = attempt;
  return [
    { event: "info", source: "patch", data: patchText(patch) },
    {
      event: "tool",
      id: `verify-${number}`,
      function: "verify",
      arguments: { attempt: number, of: attempt.kind, files: patch.files.map(({ path }) => path) },
      result: verdictText(verdict),
      ...(verdict.status === "infrastructure" ? { error: { type: "unknown", message: verdict.detail }, failed: true } : {}),
    },
  ];
}
