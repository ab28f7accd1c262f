// Honest runs as the formats read them.
import { foldRun, type RunRecord } from "../../../../src/core/capsule/record.ts";
import { NO_TEXTS, type ReportSource, reportSource } from "../../../../src/core/report/source.ts";
import type { HonestRun } from "../../app/replay/honest-run.ts";

export function sourceOf({ header, events, seal, blobs }: HonestRun, withheld: ReadonlySet<string> = new Set()): ReportSource {
  const texts = { text: (hash: string) => (withheld.has(hash) ? null : (blobs.get(hash) ?? null)), isWithheld: (hash: string) => withheld.has(hash) };
  return reportSource(foldRun(header, events), { texts, sealedAt: seal?.sealed_at ?? null, notices: [] });
}

/** Of a run whose texts are not at hand. */
export const recordSource = (record: RunRecord): ReportSource => reportSource(record, { texts: NO_TEXTS, sealedAt: null, notices: [] });
