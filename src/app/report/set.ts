// Several stored runs as what one report is made from.
import type { Seal } from "../../core/capsule/line.ts";
import type { RunRecord } from "../../core/capsule/record.ts";
import { setRecord } from "../../core/report/runs/run-set.ts";
import { setNotices } from "../../core/report/runs/set-notices.ts";
import { type ReportSource, reportSource } from "../../core/report/source.ts";
import type { CapsuleTexts } from "../../core/report/trial/shown-text.ts";
import { inTime, joined } from "../capsule/join.ts";

/** One of the runs. */
export interface SetPart {
  /** As it was named. */
  readonly path: string;
  readonly record: RunRecord;
  readonly notices: readonly string[];
  readonly texts: CapsuleTexts;
  readonly seal: Seal | null;
}

/** Throws `integrity` with every reason why they can't be taken together. */
export function setSource(parts: readonly SetPart[]): ReportSource {
  const ordered = inTime(parts, ({ record }) => record.header);
  const set = joined(ordered.map(({ path, record, texts, seal }) => ({ path, header: record.header, text: (hash) => texts.text(hash), seal })));
  const records = ordered.map(({ record }) => record);
  return reportSource(setRecord(set, records), {
    texts: {
      text: (hash) => firstOf(ordered, ({ texts }) => texts.text(hash)),
      isWithheld: (hash) => ordered.some(({ texts }) => texts.isWithheld(hash)),
    },
    sealedAt: ordered.every(({ seal }) => seal !== null)
      ? (ordered
          .map(({ seal }) => seal?.sealed_at ?? "")
          .toSorted()
          .at(-1) ?? null)
      : null,
    notices: [...setNotices(records), ...ordered.flatMap(({ path, notices }) => notices.map((notice) => `${path}: ${notice}`))],
  });
}

function firstOf<T, V>(all: readonly T[], valueOf: (one: T) => V | null): V | null {
  for (const one of all) {
    const value = valueOf(one);
    if (value !== null) return value;
  }
  return null;
}
