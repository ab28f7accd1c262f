// Under-capture: the steps of a run that can't be reconstructed from its capsule, because a text is missing.
import type { Sha256 } from "../base/canonical.ts";
import type { EventType } from "../trial/event.ts";
import { textsOf } from "../trial/event-texts.ts";
import type { TextPart } from "../trial/events/kind.ts";
import type { RunRecord } from "./record.ts";

export interface CaptureGap {
  readonly trial: string;
  readonly uri: string;
  readonly event: EventType;
  /** What is missing: the text's role in the step. */
  readonly missing: TextPart;
  readonly sha256: Sha256;
}

/** Every text that a step needs and the capsule does not hold, in plan order. `holds` says whether it holds one. */
export function captureGaps(record: RunRecord, holds: (hash: Sha256) => boolean): readonly CaptureGap[] {
  return record.trials.flatMap(({ id, events }) =>
    events.flatMap(({ uri, payload }) =>
      textsOf(payload).flatMap(({ part, retold, sha256 }) =>
        !retold || holds(sha256) ? [] : [{ trial: id, uri, event: payload.type, missing: part, sha256 }],
      ),
    ),
  );
}
