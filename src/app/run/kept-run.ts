// What a journal holds of a run that goes on: whole histories of the trials that are to be gone on with, and of all others what they came to.
import { LATE_SEQ } from "../../core/capsule/line.ts";
import type { EventType, TrialEvent } from "../../core/trial/event.ts";
import { neededToResume } from "../../core/trial/event-texts.ts";
import type { JournalLine, JournalReader, StoredTexts } from "../../ports/journal.ts";
import { endsTrial, RecordedPlaces } from "../../trial/recorder.ts";
import { RunKnowledge } from "../../trial/run-knowledge.ts";

/** A question to the notebook whose answer was still to come. */
export interface OpenQuestion {
  readonly trial: string;
  readonly task: string;
}

export interface KeptRun {
  readonly texts: StoredTexts;
  /** Events of the whole run, in order. */
  readonly runEvents: readonly TrialEvent[];
  readonly knowledge: RunKnowledge;
  /** Where the recorder goes on. */
  readonly places: RecordedPlaces;
  /** Empty where there is no event. */
  readonly lastTimestamp: string;
  readonly openQuestions: readonly OpenQuestion[];
  /** Has it come to its end? */
  isFinished(trial: string): boolean;
  /** Of a trial that has not, in order, without answers that nobody waits for; empty where it has not begun. */
  history(trial: string): readonly TrialEvent[];
}

const NO_TEXTS: StoredTexts = { holds: () => false, text: () => null };

/** Of a run that begins. */
export const nothingKept = (): KeptRun => new Keeping(NO_TEXTS).end().kept;

/** Reads a journal that a run left unfinished. What does not count are steps that were cut off, trials whose texts are missing, and answers to nothing. */
export const keepRun = (texts: StoredTexts): JournalReader<KeptRun> => new Keeping(texts);

/** What of a finished trial is counted. */
const COUNTED: ReadonlySet<string> = new Set<EventType>(["ModelCallEnvelope", "ToolResult"]);

const NONE: readonly TrialEvent[] = [];

/** Lines of a trial, or of the whole run. */
class Part {
  /** Of whole steps, in order. */
  readonly whole: JournalLine[] = [];
  /** Of a step that may have been cut off. */
  open: JournalLine[] = [];
  late: JournalLine[] = [];
}

class Keeping implements JournalReader<KeptRun> {
  private readonly texts: StoredTexts;
  private readonly parts = new Map<string | null, Part>();
  private readonly finished = new Set<string>();
  /** Trials that asked the notebook, those that were answered, and those that wait for it. */
  private readonly asked = new Set<string>();
  private readonly answered = new Set<string>();
  private readonly questions = new Map<string, OpenQuestion>();
  private readonly knowledge = new RunKnowledge();
  private readonly places = new RecordedPlaces();
  private lastTimestamp = "";

  constructor(texts: StoredTexts) {
    this.texts = texts;
  }

  take(line: JournalLine): void {
    const { trial } = line;
    if (line.timestamp > this.lastTimestamp) this.lastTimestamp = line.timestamp;
    if (line.seq >= LATE_SEQ) return this.takeLate(line);
    const part = this.partOf(trial);
    part.open.push(line);
    if (line.more) return;
    for (const one of part.open) this.look(one);
    part.whole.push(...part.open);
    part.open = [];
    if (trial !== null && line.event_type === "GateDecision" && endsTrial(line.payload)) this.finish(trial, part);
  }

  end(): { readonly kept: KeptRun; readonly dropped: readonly JournalLine[] } {
    const dropped: JournalLine[] = [];
    const histories = new Map<string, readonly TrialEvent[]>();
    const runEvents: TrialEvent[] = [];
    for (const [trial, part] of this.parts) {
      dropped.push(...part.open);
      if (trial === null) {
        runEvents.push(...this.keepRunEvents(part));
        dropped.push(...part.late);
      } else if (this.isLost(part)) dropped.push(...this.lose(trial, part));
      else {
        if (!this.asked.has(trial)) dropped.push(...part.late.splice(0));
        if (part.whole.length > 0) histories.set(trial, this.keepHistory(part));
        for (const line of part.late) this.places.take(line);
      }
    }
    const { texts, knowledge, places, lastTimestamp, finished } = this;
    const openQuestions = [...this.questions.values()].filter(({ trial }) => !this.answered.has(trial));
    const kept = { texts, runEvents, knowledge, places, lastTimestamp, openQuestions };
    return { kept: { ...kept, isFinished: (id) => finished.has(id), history: (id) => histories.get(id) ?? NONE }, dropped };
  }

  private partOf(trial: string | null): Part {
    const part = this.parts.get(trial) ?? new Part();
    this.parts.set(trial, part);
    return part;
  }

  private takeLate(line: JournalLine): void {
    const { trial } = line;
    this.look(line);
    // It is known to belong here: nothing of it is held.
    if (trial !== null && this.finished.has(trial) && this.asked.has(trial)) this.places.take(line);
    else this.partOf(trial).late.push(line);
  }

  private look(line: JournalLine): void {
    const { trial, spec_id: task } = line;
    if (trial === null) return;
    if (line.event_type === "RetrievalResponse") this.answered.add(trial);
    if (line.event_type !== "RetrievalRequest") return;
    this.asked.add(trial);
    const { payload } = line;
    if (payload.type === "RetrievalRequest" && payload.skip_reason === null) this.questions.set(trial, { trial, task: task ?? "" });
  }

  private finish(trial: string, part: Part): void {
    this.finished.add(trial);
    this.count(part.whole);
    this.parts.delete(trial);
    if (part.late.length === 0) return;
    if (this.asked.has(trial)) for (const line of part.late) this.places.take(line);
    else this.partOf(trial).late = part.late;
  }

  private keepRunEvents({ whole }: Part): readonly TrialEvent[] {
    for (const line of whole) {
      this.places.take(line);
      this.knowledge.takeRecorded(line.payload);
    }
    return whole.map(({ payload }) => payload);
  }

  private keepHistory({ whole }: Part): readonly TrialEvent[] {
    this.count(whole);
    for (const line of whole) this.places.take(line);
    return whole.map(({ payload }) => payload);
  }

  /** Capture mode left texts out: a finished trial needs none of them, an unfinished one starts again. */
  private isLost({ whole, late }: Part): boolean {
    return [...whole, ...late].some(({ payload }) => neededToResume(payload).some((hash) => !this.texts.holds(hash)));
  }

  private lose(trial: string, { whole, late }: Part): readonly JournalLine[] {
    this.questions.delete(trial);
    return [...whole, ...late];
  }

  /** By step, as they were observed. */
  private count(lines: readonly JournalLine[]): void {
    let step: TrialEvent[] = [];
    for (const line of lines) {
      if (COUNTED.has(line.event_type)) step.push(line.payload);
      if (line.more) continue;
      if (step.length > 0) this.knowledge.takeStep(step);
      step = [];
    }
  }
}
