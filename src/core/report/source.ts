// What a run's formats are made from: the report's model, and behind it each trial with all that the capsule holds of it.
import type { TrialRecord } from "../capsule/record.ts";
import { type ReportedRun, type ReportModel, reportModel } from "./model.ts";
import type { TrialRow } from "./trial-row.ts";
import { type TrialPageModel, trialPage } from "./trial/page.ts";
import type { CapsuleTexts } from "./trial/shown-text.ts";

export interface ReportedTrial {
  readonly row: TrialRow;
  readonly page: TrialPageModel;
  readonly record: TrialRecord;
}

export interface ReportSource {
  readonly model: ReportModel;
  readonly record: ReportedRun;
  /** Null for a run that is not sealed. */
  readonly sealedAt: string | null;
  readonly texts: CapsuleTexts;
  /** In plan order, each made when it is asked for: pages of a whole run need not be in memory at once. */
  trials(): Iterable<ReportedTrial>;
}

/** For a run of which only the events are at hand. */
export const NO_TEXTS: CapsuleTexts = { text: () => null, isWithheld: () => false };

export interface SourceParts {
  readonly texts: CapsuleTexts;
  readonly sealedAt: string | null;
  /** What the reader must know first, in sentences. */
  readonly notices: readonly string[];
}

/** A pure function of the capsule: what no prompt shows of a file is not looked for in a suite. */
export function reportSource(record: ReportedRun, { texts, sealedAt, notices }: SourceParts): ReportSource {
  const { header } = record;
  const model = reportModel(record, notices);
  return {
    model,
    record,
    sealedAt,
    texts,
    *trials() {
      const rows = model.trials.values();
      for (const trial of record.trials) {
        const row = rows.next().value;
        if (row) yield { row, record: trial, page: trialPage({ header, trial, texts, brokenFile: () => null }) };
      }
    },
  };
}
