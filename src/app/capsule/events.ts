// The events of a capsule, one after the other: one of any size is gone through with little memory.
import type { EventLine } from "../../core/capsule/line.ts";
import type { StoredCapsules } from "../../ports/capsules.ts";
import type { Places } from "../places.ts";

export interface EventsPorts {
  readonly capsules: Pick<StoredCapsules, "scan">;
  readonly places: Pick<Places, "capsule">;
}

/** Null: any. */
export interface EventFilter {
  readonly trial: string | null;
  readonly type: string | null;
}

/** `text` is the line as it stands in the file, `index` the event's number in the capsule, from 0. */
export type EventListener = (line: EventLine, text: string, index: number) => void;

/** Gives the number of events that the filter let through. Checks nothing but that lines can be read. */
export async function readEvents({ capsules, places }: EventsPorts, runIdOrPath: string, filter: EventFilter, listener: EventListener): Promise<number> {
  let index = -1;
  let matching = 0;
  await capsules.scan(places.capsule(runIdOrPath), (line, text) => {
    index += 1;
    if ((filter.trial !== null && line.trial !== filter.trial) || (filter.type !== null && line.event_type !== filter.type)) return;
    matching += 1;
    listener(line, text, index);
  });
  return matching;
}
