// Reports from a stored capsule: their texts, or files in a folder.
import type { ReportFormat } from "../../core/report/formats/registry.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { renderReport } from "../../core/report/formats/renderers.ts";
import { type ReportSource, reportSource } from "../../core/report/source.ts";
import type { CapsuleStore } from "../../ports/journal.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import type { Places } from "../places.ts";
import { provenRun } from "./proven.ts";
import { writeReports } from "./write.ts";

export interface ReportPorts {
  readonly capsules: Pick<CapsuleStore, "read">;
  readonly texts: Pick<TextFiles, "write" | "writeBytes">;
  readonly places: Pick<Places, "capsule" | "calledAs" | "version">;
}

export interface ReportRequest {
  /** A run id, or a path. */
  readonly capsule: string;
  readonly formats: readonly ReportFormat[];
  /** Null: nothing is written. */
  readonly folder: string | null;
}

/** What was written, or the texts in the order of the formats. */
export type ReportResult = { readonly paths: readonly string[] } | { readonly texts: readonly string[] };

/** A run that is not finished is reported as far as it has come. Throws `integrity` where a sealed capsule does not verify, and for what says more than replay levels 0 and 1 prove. */
export async function reportRun({ capsules, texts, places }: ReportPorts, { capsule, formats, folder }: ReportRequest): Promise<ReportResult> {
  const stored = await capsules.read(places.capsule(capsule));
  const { record, notices } = provenRun(stored, capsule, places);
  const withheld = new Set((stored.withheld ?? []).map(({ sha256 }) => sha256));
  const held = { text: (hash: string) => stored.blob(hash), isWithheld: (hash: string) => withheld.has(hash) };
  const source = reportSource(record, { texts: held, sealedAt: stored.seal?.sealed_at ?? null, notices });
  if (folder !== null) return { paths: await writeReports(texts, source, { folder, formats }) };
  return { texts: formats.map((format) => onlyText(source, format)) };
}

/** Files that are told apart by their names can't follow each other in one stream: nothing could read that. */
function onlyText(source: ReportSource, format: ReportFormat): string {
  const [only, ...more] = renderReport(source, format);
  if (typeof only?.content === "string" && more.length === 0) return only.content;
  const why = more.length > 0 ? "has several files, and one stream can't hold them" : only ? "is no text" : "has no file for this run";
  throw new BakeoffError("usage", `${format} ${why}`, "name their folder: --out DIR");
}
