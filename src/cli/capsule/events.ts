// `bakeoff capsule events`: the events of a capsule, one a line.
import { type EventListener, readEvents } from "../../app/capsule/events.ts";
import { composeCapsule } from "../../app/compose/capsule.ts";
import { findPlaces } from "../../app/places.ts";
import type { CapsuleEventsOptions } from "./flags.ts";

export async function events(capsule: string, options: CapsuleEventsOptions): Promise<number> {
  const { trial = null, type = null, json } = options;
  const out = new JoinedWrites();
  let isFirst = true;
  const listener: EventListener = (line, text, index) => {
    if (json) out.put(`${isFirst ? "[" : ","}\n${text}`);
    else out.put(`${index}  ${line.timestamp}  ${line.trial ?? "run"}#${line.seq}  ${line.event_type}${line.stage === null ? "" : `  ${line.stage}`}\n`);
    isFirst = false;
  };
  const printed = await readEvents(composeCapsule(findPlaces()), capsule, { trial, type }, listener);
  if (json) out.put(printed === 0 ? "[]\n" : "\n]\n");
  out.flush();
  if (printed === 0) process.stderr.write("no such events\n");
  return 0;
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
