// `bakeoff capsule events`: the events of a capsule, one a line.
import { type EventListener, readEvents } from "../../app/capsule/events.ts";
import { composeCapsule } from "../../app/compose/capsule.ts";
import { findPlaces } from "../../app/places.ts";
import type { EventLine } from "../../core/capsule/line.ts";
import { oneLine } from "../../core/report/format.ts";
import { accountOf } from "../../core/trial/event-account.ts";
import { fitted, fittingWidth } from "../text/fitted.ts";
import type { CapsuleEventsOptions } from "./flags.ts";

/** Of the one document: its events are printed as they are read. */
const BEGIN = '{ "format": 1, "events": [';

export async function events(capsule: string, options: CapsuleEventsOptions): Promise<number> {
  const { trial = null, type = null, json } = options;
  const out = new JoinedWrites();
  const width = fittingWidth(process.stdout);
  let isFirst = true;
  const listener: EventListener = (line, text, index) => {
    if (json) out.put(`${isFirst ? BEGIN : ","}\n${text}`);
    else out.put(fitted(eventText(line, index), width));
    isFirst = false;
  };
  const printed = await readEvents(composeCapsule(findPlaces(options)), capsule, { trial, type }, listener);
  if (json) out.put(printed === 0 ? `${BEGIN}]}\n` : "\n]}\n");
  out.flush();
  if (printed === 0) process.stderr.write("no such events\n");
  return 0;
}

/** The event's place in a line, and below it what it says. */
function eventText({ timestamp, trial, seq, event_type: type, stage, payload }: EventLine, index: number): string {
  const place = `${index}  ${timestamp}  ${trial ?? "run"}#${seq}  ${type}${stage === null ? "" : `  ${stage}`}`;
  return `${oneLine(place)}\n    ${oneLine(accountOf(payload))}\n`;
}

/** Joins small writes to stdout into large ones. */
class JoinedWrites {
  private held: string[] = [];
  private chars = 0;

  put(text: string): void {
    this.held.push(text);
    this.chars += text.length;
    if (this.chars > 1 << 16) this.flush();
  }

  flush(): void {
    process.stdout.write(this.held.join(""));
    this.held = [];
    this.chars = 0;
  }
}
