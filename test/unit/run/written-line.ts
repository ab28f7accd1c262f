// The text of an event, written once however often a run that holds it is told again with other lines changed.
import { type EventLine, lineText } from "../../../src/core/capsule/line.ts";

const written = new WeakMap<EventLine, string>();

/** From now on nobody can change the event beneath its text. */
export function writtenLine(line: EventLine): string {
  const text = written.get(line) ?? lineText(line);
  return isWrittenAs(line, text);
}

/** The event was read from this text. */
export function isWrittenAs(line: EventLine, text: string): string {
  if (!written.has(line)) written.set(Object.freeze(line), text);
  return text;
}
