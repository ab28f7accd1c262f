// When each event of a trial happened: an event's time stamp is that of its whole step's record, and what took time in the step lies before it.
import { epochMs } from "../../base/instant.ts";
import { type EventLine, LATE_SEQ } from "../../capsule/line.ts";
import { type EventReaders, readEvent } from "../../trial/event.ts";

/** An event with its times, in milliseconds since 1970. */
export interface TimedEvent {
  readonly line: EventLine;
  readonly startMs: number;
  readonly endMs: number;
}

/** What took time, in milliseconds: before it, waits and the harness's own steps; then it itself. Nothing else takes any. */
const LENGTHS: EventReaders<{ readonly beforeMs: number; readonly ms: number; readonly afterMs: number }> = {
  ModelCallEnvelope: (call) => ({ beforeMs: call.route_ms + call.backoff_ms + call.queue_ms, ms: call.latency_ms, afterMs: call.parse_ms }),
  ToolResult: (result) => ({
    beforeMs: result.reused ? 0 : result.queue_ms,
    ms: result.reused ? 0 : result.duration_ms + (result.confirm_ms ?? 0),
    afterMs: 0,
  }),
  RetrievalResponse: ({ latency_ms: ms }) => ({ beforeMs: 0, ms, afterMs: 0 }),
};

const NO_TIME = { beforeMs: 0, ms: 0, afterMs: 0 };

/**
 * Events of one trial, in order. A step's parts are laid one before the other, the last one ending when the step was recorded; none begins before
 * the step before it was over, so that clocks that disagree by a little do not overlap. Answers that nobody waited for stand by themselves.
 */
export function eventTimes(events: readonly EventLine[]): readonly TimedEvent[] {
  const timed: TimedEvent[] = [];
  let earliestMs = -Infinity;
  for (const step of stepsOf(events)) {
    const recordedMs = epochMs(step.at(-1)?.timestamp ?? "");
    const isLate = (step[0]?.seq ?? 0) >= LATE_SEQ;
    timed.push(...laidBackwards(step, isLate ? -Infinity : Math.min(earliestMs, recordedMs), recordedMs));
    if (!isLate) earliestMs = Math.max(earliestMs, recordedMs);
  }
  return timed;
}

function laidBackwards(step: readonly EventLine[], earliestMs: number, recordedMs: number): readonly TimedEvent[] {
  const laid: TimedEvent[] = [];
  let untilMs = recordedMs;
  for (const line of step.toReversed()) {
    const { beforeMs, ms, afterMs } = readEvent(LENGTHS, line.payload) ?? NO_TIME;
    const endMs = Math.max(earliestMs, untilMs - afterMs);
    const startMs = Math.max(earliestMs, endMs - ms);
    laid.push({ line, startMs, endMs });
    untilMs = Math.max(earliestMs, startMs - beforeMs);
  }
  return laid.toReversed();
}

function stepsOf(events: readonly EventLine[]): readonly (readonly EventLine[])[] {
  const steps: EventLine[][] = [];
  for (const line of events) {
    const open = steps.at(-1);
    if (open && open[0]?.step === line.step) open.push(line);
    else steps.push([line]);
  }
  return steps;
}
