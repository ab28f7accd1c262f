// Turns what trials do into journal entries: numbers events, keeps blobs once, hides what capture mode leaves out.
import { type Sha256, sha256 } from "../core/base/canonical.ts";
import { HashSet } from "../core/base/hash-set.ts";
import { invariant } from "../core/base/errors.ts";
import { type EventLine, eventUri, type Header, LATE_SEQ, lineText } from "../core/capsule/line.ts";
import type { Redactor } from "../core/capsule/redaction.ts";
import type { CaptureMode } from "../core/trial/capture.ts";
import { trialEvent, type TrialEvent } from "../core/trial/event.ts";
import type { Clock } from "../ports/clock.ts";
import type { Journal } from "../ports/journal.ts";
import type { Body } from "../ports/trial-queue.ts";

export interface Recorder {
  /** Records one step of a trial: its events stand or fall together. */
  step(trial: string, task: string, events: readonly TrialEvent[], bodies: readonly Body[]): Promise<void>;
  /** Records events of the whole run, each standing for itself; none is fine. */
  run(events: readonly TrialEvent[], bodies?: readonly Body[]): Promise<void>;
  /** Records an answer that came when it came. */
  late(trial: string, task: string, event: TrialEvent, bodies: readonly Body[]): Promise<void>;
}

export interface RecorderOptions {
  readonly header: Header;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly capture: CaptureMode;
  readonly redactor: Redactor;
  /** Where a run that goes on was. */
  readonly places: RecordedPlaces;
  /** The latest time stamp that the journal holds; empty where it holds none. */
  readonly lastTimestamp: string;
  /** Does the journal hold the text already? */
  readonly holds: (hash: Sha256) => boolean;
}

export function openRecorder(options: RecorderOptions): Recorder {
  const { journal, places } = options;
  const written = new HashSet();
  const append = async (lines: readonly EventLine[], bodies: readonly Body[]): Promise<void> => {
    const blobs = kept(options.capture, bodies).filter(({ sha256: hash }) => !written.has(hash) && !options.holds(hash));
    for (const { sha256: hash } of blobs) written.add(hash);
    await journal.append({ blobs, lines: lines.map(lineText) });
  };
  const envelope = envelopeOf(options);
  return {
    step: async (trial, task, events, bodies) => {
      const position = places.of(trial);
      const step = position.step++;
      const lines = events.map((payload, index) => envelope(trial, task, { seq: position.seq++, step, more: index < events.length - 1 }, payload));
      if (events.some(endsTrial)) places.end(trial);
      await append(lines, bodies);
      // One sync an attempt: what costs seconds to repeat is made durable, what costs nothing is not waited for.
      if (events.some(({ type }) => type === "ToolResult")) await journal.sync();
    },
    run: async (events, bodies = []) => {
      if (events.length === 0) return;
      const position = places.of(WHOLE_RUN);
      await append(
        events.map((payload) => envelope(null, null, { seq: position.seq++, step: position.step++, more: false }, payload)),
        bodies,
      );
    },
    late: async (trial, task, event, bodies) => {
      const seq = places.late(trial);
      await append([envelope(trial, task, { seq, step: seq, more: false }, event)], bodies);
    },
  };
}

const WHOLE_RUN = "";

/** The next event of a trial, and its next step. */
interface Place {
  seq: number;
  step: number;
}

/** Where trials that are under way go on: of one that has ended, nothing is kept but how many answers came late. */
export class RecordedPlaces {
  private readonly next = new Map<string, Place>();
  private readonly lateNext = new Map<string, number>();

  of(trial: string): Place {
    const known = this.next.get(trial) ?? { seq: 0, step: 0 };
    this.next.set(trial, known);
    return known;
  }

  late(trial: string): number {
    const seq = this.lateNext.get(trial) ?? LATE_SEQ;
    this.lateNext.set(trial, seq + 1);
    return seq;
  }

  end(trial: string): void {
    this.next.delete(trial);
  }

  /** One that the journal holds. */
  take({ trial: name, seq, step }: Pick<EventLine, "trial" | "seq" | "step">): void {
    const trial = name ?? WHOLE_RUN;
    if (seq >= LATE_SEQ) return void this.lateNext.set(trial, Math.max(this.lateNext.get(trial) ?? LATE_SEQ, seq + 1));
    const place = this.of(trial);
    Object.assign(place, { seq: Math.max(place.seq, seq + 1), step: Math.max(place.step, step + 1) });
  }
}

/** The last event of a planned trial. */
export const endsTrial = (event: TrialEvent): boolean => event.type === "GateDecision" && event.gate_name === "unlock";

function envelopeOf({ header, clock, redactor, lastTimestamp }: RecorderOptions) {
  let last = lastTimestamp > header.created_at ? lastTimestamp : header.created_at;
  /** A clock that is set back does not set the record back: what comes later is never told to be earlier. */
  const now = (): string => {
    const wall = clock.wall();
    if (wall > last) last = wall;
    return last;
  };
  return (trial: string | null, task: string | null, place: Pick<EventLine, "seq" | "step" | "more">, payload: TrialEvent): EventLine => ({
    kind: "event",
    uri: eventUri(header.run_id, { trial, task, seq: place.seq }),
    trial,
    spec_id: task,
    run_id: header.run_id,
    branch_id: `run/${header.run_id}`,
    ...place,
    timestamp: now(),
    stage: "stage" in payload ? payload.stage : null,
    policy_id: header.policy.id,
    policy_hash: header.policy.hash,
    event_type: payload.type,
    payload: readable(scrubbed(payload, redactor)),
  });
}

/** Every string of an event without its secrets. */
function scrubbed(payload: TrialEvent, redactor: Redactor): unknown {
  const text = JSON.stringify(payload);
  // Nothing is escaped in it and nothing is found in the whole: then nothing is in any of its strings.
  if (!text.includes("\\") && redactor.scrub(text) === text) return payload;
  return JSON.parse(text, (_, value: unknown) => (typeof value === "string" ? redactor.scrub(value) : value));
}

/** An event that could not be read back must stop the run, not spoil its capsule. */
function readable(payload: unknown): TrialEvent {
  const checked = trialEvent.safeParse(payload);
  const issue = checked.error?.issues[0];
  invariant(checked.success, `an event that its schema refuses: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`);
  return checked.data;
}

/** The bodies that the capture mode stores. Patches, tool output and policies are the run's own facts: they are always stored. */
function kept(capture: CaptureMode, bodies: readonly Body[]): { sha256: Sha256; text: string; kind: Body["kind"] }[] {
  const always = ["patch", "output", "policy"];
  const stores = { none: always, prompts_only: [...always, "prompt"], full_io: [...always, "prompt", "response"] }[capture];
  const blobs = new Map(bodies.filter(({ kind }) => stores.includes(kind)).map((body) => [sha256(body.text), body]));
  return [...blobs].map(([hash, { text, kind }]) => ({ sha256: hash, text, kind }));
}
