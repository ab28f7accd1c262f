// Turns what trials do into journal entries: numbers events, keeps blobs once, hides what capture mode leaves out.
import { type Sha256, sha256 } from "../core/base/canonical.ts";
import { invariant } from "../core/base/errors.ts";
import { type EventLine, type Header, LATE_SEQ, lineText } from "../core/capsule/line.ts";
import { trialEvent, type TrialEvent } from "../core/router/event.ts";
import type { Clock, Journal } from "./ports.ts";

export type CaptureMode = "none" | "prompts_only" | "full_io";

/** A text that an event refers to by hash, and what kind of text it is: capture mode goes by kind. */
export interface Body {
  readonly kind: "prompt" | "response" | "patch" | "output";
  readonly text: string;
}

export interface Recorder {
  /** Records one step of a trial: its events stand or fall together. */
  step(trial: string, task: string, events: readonly TrialEvent[], bodies: readonly Body[]): Promise<void>;
  /** Records an event of the whole run. */
  run(event: TrialEvent): Promise<void>;
  /** Records an answer that came when it came. */
  late(trial: string, task: string, event: TrialEvent, bodies: readonly Body[]): Promise<void>;
}

export interface RecorderOptions {
  readonly header: Header;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly capture: CaptureMode;
  /** Events that the journal holds already, for a run that goes on, and whether it holds a text. */
  readonly events: readonly EventLine[];
  readonly holds: (hash: Sha256) => boolean;
}

export function openRecorder(options: RecorderOptions): Recorder {
  const { header, journal } = options;
  const written = new Set<Sha256>();
  const next = new Map<string, { seq: number; step: number; late: number }>();
  for (const line of options.events) {
    const at = position(next, line.trial ?? "");
    if (line.seq >= LATE_SEQ) at.late = Math.max(at.late, line.seq + 1);
    else Object.assign(at, { seq: Math.max(at.seq, line.seq + 1), step: Math.max(at.step, line.step + 1) });
  }
  const append = async (lines: readonly EventLine[], bodies: readonly Body[]): Promise<void> => {
    const blobs = kept(options.capture, bodies).filter(({ sha256: hash }) => !written.has(hash) && written.add(hash) && !options.holds(hash));
    await journal.append({ blobs, lines: lines.map(lineText) });
  };
  const envelope = envelopeOf(header, options.clock);
  return {
    step: async (trial, task, events, bodies) => {
      const at = position(next, trial);
      const step = at.step++;
      const lines = events.map((payload, index) => envelope(trial, task, { seq: at.seq++, step, more: index < events.length - 1 }, payload));
      await append(lines, bodies);
      // One sync an attempt: what costs seconds to repeat is made durable, what costs nothing is not waited for.
      if (events.some(({ type }) => type === "ToolResult")) await journal.sync();
    },
    run: async (event) => {
      const at = position(next, "");
      await append([envelope(null, null, { seq: at.seq++, step: at.step++, more: false }, event)], []);
    },
    late: async (trial, task, event, bodies) => {
      const at = position(next, trial);
      await append([envelope(trial, task, { seq: at.late, step: at.late++, more: false }, event)], bodies);
    },
  };
}

function position(next: Map<string, { seq: number; step: number; late: number }>, trial: string) {
  const known = next.get(trial) ?? { seq: 0, step: 0, late: LATE_SEQ };
  next.set(trial, known);
  return known;
}

function envelopeOf(header: Header, clock: Clock) {
  return (trial: string | null, task: string | null, place: Pick<EventLine, "seq" | "step" | "more">, payload: TrialEvent): EventLine => ({
    kind: "event",
    uri: uriOf(header, trial, task, place.seq),
    trial,
    spec_id: task,
    run_id: header.run_id,
    branch_id: `run/${header.run_id}`,
    ...place,
    timestamp: clock.wall(),
    stage: "stage" in payload ? payload.stage : null,
    policy_id: header.policy.id,
    policy_hash: header.policy.hash,
    event_type: payload.type,
    payload: readable(payload),
  });
}

function uriOf(header: Header, trial: string | null, task: string | null, seq: number): string {
  const branch = trial === null ? "run" : trial.split("/").toSpliced(1, 1).join(".");
  return `mv2://bakeoff/${task ?? "run"}/${header.run_id}/${branch}/event/${seq}`;
}

/** An event that could not be read back must stop the run, not spoil its capsule. */
function readable(payload: TrialEvent): TrialEvent {
  const checked = trialEvent.safeParse(payload);
  const issue = checked.error?.issues[0];
  invariant(checked.success, `a ${payload.type} that its schema refuses: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`);
  return payload;
}

/** The bodies that the capture mode stores. Patches and tool output are the run's own facts: they are always stored. */
function kept(capture: CaptureMode, bodies: readonly Body[]): { sha256: Sha256; text: string }[] {
  const stores = { none: ["patch", "output"], prompts_only: ["patch", "output", "prompt"], full_io: ["patch", "output", "prompt", "response"] }[capture];
  const blobs = new Map(bodies.filter(({ kind }) => stores.includes(kind)).map(({ text }) => [sha256(text), text]));
  return [...blobs].map(([hash, text]) => ({ sha256: hash, text }));
}
