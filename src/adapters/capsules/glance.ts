// Lines of a journal that are known to be as they were written: what stands in each is found by its place, and read only when it is asked for.
import type { TrialEvent } from "../../core/trial/event.ts";
import type { JournalLine } from "../../ports/journal.ts";
import type { LineRange } from "./lines.ts";

/** An event's line and where it lies. */
export interface PlacedLine extends JournalLine {
  readonly place: LineRange;
}

export interface GlanceVisitor {
  readonly text: (hash: string, place: LineRange) => void;
  readonly event: (line: PlacedLine) => void;
}

/** It is no line that a journal has: the journal must be read as one that nobody vouches for. */
export class UnknownLine extends Error {}

const TEXT = '{"data":"';
const EVENT = '{"branch_id":"';
const TYPE = '","event_type":"';
const MORE = '","kind":"event","more":';
const PAYLOAD = ',"payload":';
/** What follows the payload holds no second one: quotes in strings are escaped. */
const TAIL = ',"policy_hash":"';
const HASH_CHARS = 64;

/** Members of a canonical line are in the order of their names: what an event is stands before its payload, whose it is behind it. */
class GlancedLine implements PlacedLine {
  readonly event_type: string;
  readonly more: boolean;
  readonly place: LineRange;
  trial: string | null = null;
  spec_id: string | null = null;
  seq = 0;
  step = 0;
  timestamp = "";
  private readonly text: string;
  private readonly payloadAt: number;

  constructor(text: string, place: LineRange) {
    const typeAt = text.indexOf(TYPE, EVENT.length) + TYPE.length;
    const typeEnd = text.indexOf('"', typeAt);
    const moreAt = typeEnd + MORE.length;
    if (typeAt < TYPE.length || !text.startsWith(MORE, typeEnd)) throw new UnknownLine();
    this.event_type = text.slice(typeAt, typeEnd);
    this.more = text.startsWith("true", moreAt);
    this.payloadAt = moreAt + (this.more ? "true" : "false").length + PAYLOAD.length;
    this.text = text;
    this.place = place;
  }

  get payload(): TrialEvent {
    return JSON.parse(this.text.slice(this.payloadAt, this.text.lastIndexOf(TAIL))) as TrialEvent;
  }

  tail(): Tail {
    return JSON.parse(`{${this.text.slice(this.text.lastIndexOf(TAIL) + 1)}`) as Tail;
  }
}

type Tail = Pick<JournalLine, "trial" | "spec_id" | "seq" | "step" | "timestamp">;

/** Events of a step follow each other: whose they are is read from the last of them. */
export class Glance {
  private readonly visitor: GlanceVisitor;
  private open: GlancedLine[] = [];

  constructor(visitor: GlanceVisitor) {
    this.visitor = visitor;
  }

  take(text: string, place: LineRange): void {
    if (text.startsWith(TEXT)) return this.visitor.text(text.slice(-HASH_CHARS - 2, -2), place);
    if (!text.startsWith(EVENT)) throw new UnknownLine();
    const line = new GlancedLine(text, place);
    this.open.push(line);
    if (!line.more) this.show(line.tail());
  }

  /** A step that was cut off is shown as far as it goes. */
  end(): void {
    const last = this.open.at(-1);
    if (last !== undefined) this.show(last.tail());
  }

  private show({ trial, spec_id: task, seq, step, timestamp }: Tail): void {
    const first = seq - this.open.length + 1;
    for (const [index, line] of this.open.entries()) {
      Object.assign(line, { trial, spec_id: task, seq: first + index, step, timestamp });
      this.visitor.event(line);
    }
    this.open = [];
  }
}
