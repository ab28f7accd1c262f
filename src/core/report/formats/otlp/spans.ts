// A run's spans: run, trial, stage, attempt, and in it the model calls and verifications; each with the address of the capsule's event.
import type { TrialRecord } from "../../../capsule/record.ts";
import { type EventReaders, readEvent } from "../../../trial/event.ts";
import { accountOf } from "../../../trial/event-account.ts";
import { eventTimes, type TimedEvent } from "../../trial/event-times.ts";
import { openSpans, type SpanChange } from "../../trial/spans.ts";
import { callAttributes } from "./call-attributes.ts";
import { type Attributes, attributesOf, spanId, traceId, unixNano } from "./value.ts";

/** Source: opentelemetry-proto, trace/v1/trace.proto. */
const KIND = { internal: 1, client: 3 } as const;
const STATUS = { unset: 0, error: 2 } as const;

interface SpanParts {
  readonly run: string;
  readonly path: readonly string[];
  readonly parent: readonly string[] | null;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  readonly kind?: keyof typeof KIND;
  readonly error?: string | null;
  readonly events?: readonly object[];
}

export function otlpSpan({ run, path, parent, name, startMs, endMs, attributes, kind = "internal", error = null, events = [] }: SpanParts): object {
  return {
    traceId: traceId(run),
    spanId: spanId(run, ...path),
    ...(parent === null ? {} : { parentSpanId: spanId(run, ...parent) }),
    name,
    kind: KIND[kind],
    startTimeUnixNano: unixNano(startMs),
    endTimeUnixNano: unixNano(endMs),
    attributes: attributesOf(attributes),
    events,
    status: error === null ? { code: STATUS.unset } : { code: STATUS.error, message: error },
  };
}

/** What has a span of its own; all else is an event of the span that it happened in. */
type OwnSpan = Pick<SpanParts, "name" | "attributes"> & Partial<Pick<SpanParts, "kind" | "error">>;

const OWN_SPANS: EventReaders<OwnSpan> = {
  ModelCallEnvelope: (call) => ({ name: `chat ${call.stand_in ?? call.resolved_model}`, kind: "client", attributes: callAttributes(call), error: call.error }),
  ToolResult: ({ tool_name: tool, call_id: id, attempt, verdict, reused }) => ({
    name: `execute_tool ${tool}`,
    attributes: {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": tool,
      "gen_ai.tool.call.id": id,
      "gen_ai.evaluation.name": "verdict",
      "gen_ai.evaluation.score.label": verdict.status,
      "gen_ai.evaluation.explanation": verdict.detail === "" ? null : verdict.detail,
      "bakeoff.attempt": attempt,
      "bakeoff.tests_passed": verdict.tests_passed,
      "bakeoff.tests_failed": verdict.tests_failed,
      "bakeoff.held_out_failed": verdict.held_out_failed,
      "bakeoff.error_codes": verdict.error_codes,
      "bakeoff.reused": reused,
      "error.type": verdict.status === "infrastructure" ? "infrastructure" : null,
    },
    error: verdict.status === "infrastructure" ? verdict.detail : null,
  }),
};

interface OpenSpan {
  readonly begin: Extract<SpanChange, { change: "begin" }>;
  readonly startMs: number;
  readonly events: object[];
}

export interface TrialSpans {
  readonly spans: readonly object[];
  /** Milliseconds since 1970. */
  readonly endMs: number;
}

/** Null for a trial that has not begun. `attributes`: of the trial's own span. */
export function trialSpans(trial: Pick<TrialRecord, "id" | "events">, run: string, attributes: Attributes): TrialSpans | null {
  const timed = eventTimes(trial.events);
  const [first] = timed;
  if (!first) return null;
  const own = new TrialWriter(trial.id, run);
  for (const one of timed) own.add(one);
  const endMs = Math.max(...timed.map((one) => one.endMs));
  own.close(endMs);
  const root = otlpSpan({ run, path: [trial.id], parent: ["run"], name: `trial ${trial.id}`, startMs: first.startMs, endMs, attributes, events: own.events });
  return { spans: [root, ...own.spans], endMs };
}

class TrialWriter {
  readonly spans: object[] = [];
  /** Of the trial itself: what lies in no stage. */
  readonly events: object[] = [];
  private readonly changes = openSpans();
  private readonly open = new Map<string, OpenSpan>();

  private readonly trial: string;
  private readonly run: string;

  constructor(trial: string, run: string) {
    this.trial = trial;
    this.run = run;
  }

  add(timed: TimedEvent): void {
    const { before, inside, after } = this.changes.around(timed.line.payload);
    for (const change of before) this.change(change, timed.startMs);
    this.record(timed, inside);
    for (const change of after) this.change(change, timed.endMs);
  }

  close(endMs: number): void {
    for (const change of this.changes.close()) this.change(change, endMs);
  }

  private change(change: SpanChange, atMs: number): void {
    if (change.change === "begin") {
      this.open.set(change.id, { begin: change, startMs: atMs, events: [] });
      return;
    }
    const span = this.open.get(change.id);
    if (!span) return;
    const { begin, startMs, events } = span;
    const attributes = { [`bakeoff.${begin.type}`]: begin.name };
    this.spans.push(
      otlpSpan({ run: this.run, path: [this.trial, begin.id], parent: this.pathOf(begin.parent), name: begin.name, startMs, endMs: atMs, attributes, events }),
    );
  }

  private record({ line, startMs, endMs }: TimedEvent, inside: string | null): void {
    const address = { "bakeoff.capsule.event": line.uri, "bakeoff.capsule.seq": line.seq };
    const own = readEvent(OWN_SPANS, line.payload);
    if (own === null) {
      const events = inside === null ? this.events : this.open.get(inside)?.events;
      events?.push({
        timeUnixNano: unixNano(endMs),
        name: line.payload.type,
        attributes: attributesOf({ "bakeoff.account": accountOf(line.payload), ...address }),
      });
      return;
    }
    const path = [this.trial, "event", String(line.seq)];
    this.spans.push(otlpSpan({ run: this.run, path, parent: this.pathOf(inside), startMs, endMs, ...own, attributes: { ...own.attributes, ...address } }));
  }

  private pathOf(span: string | null): readonly string[] {
    return span === null ? [this.trial] : [this.trial, span];
  }
}
