// Under-capture: the steps of a run that can't be reconstructed from its capsule, because a text is not there.
import type { Sha256 } from "../base/canonical.ts";
import type { TrialEvent } from "../trial/event.ts";
import type { RunRecord } from "./record.ts";

export interface CaptureGap {
  readonly trial: string;
  readonly uri: string;
  readonly event: TrialEvent["type"];
  /** What is missing: the text's part in the step. */
  readonly missing: "prompt" | "response" | "patched file" | "verdict" | "notebook answer";
  readonly sha256: Sha256;
}

type Needs = readonly (readonly [CaptureGap["missing"], Sha256 | null])[];

/** The texts that telling again what an event did would take. */
function needsOf(event: TrialEvent): Needs {
  switch (event.type) {
    case "ModelCallEnvelope":
      return [
        ["prompt", event.prompt_hash],
        ["response", event.response_hash],
      ];
    case "PatchApply":
      return [["patched file", event.after_hash]];
    case "ToolResult":
      return [["verdict", event.output_hash]];
    case "RetrievalResponse":
      return [["notebook answer", event.response_hash]];
    default:
      return [];
  }
}

/** Every text that a step needs and the capsule does not hold, in plan order. `holds` says whether it holds one. */
export function captureGaps(record: RunRecord, holds: (hash: Sha256) => boolean): readonly CaptureGap[] {
  return record.trials.flatMap(({ id, events }) =>
    events.flatMap(({ uri, payload }) =>
      needsOf(payload).flatMap(([missing, hash]) => (hash === null || holds(hash) ? [] : [{ trial: id, uri, event: payload.type, missing, sha256: hash }])),
    ),
  );
}
