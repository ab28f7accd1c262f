// Reports from a stored capsule: their texts, or files in a folder.
import type { ReportFormat } from "../../core/report/formats/registry.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { namedRuns } from "../../core/capsule/set-name.ts";
import { renderReport } from "../../core/report/formats/renderers.ts";
import { type ReportSource, reportSource } from "../../core/report/source.ts";
import type { CapsuleStore } from "../../ports/journal.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import type { Places } from "../places.ts";
import { provenRun } from "./proven.ts";
import { type SealedRuns, withSealedSource } from "./sealed.ts";
import { type SetPart, setSource } from "./set.ts";
import { writeReports } from "./write.ts";

export interface ReportPorts {
  readonly capsules: Pick<CapsuleStore, "read"> & SealedRuns;
  readonly texts: Pick<TextFiles, "write" | "writeBytes">;
  readonly places: Pick<Places, "capsule" | "calledAs" | "version">;
}

export interface ReportRequest {
  /** Run ids or paths: several are one set, as `A+B` is. */
  readonly capsules: readonly string[];
  readonly formats: readonly ReportFormat[];
  /** Null: nothing is written. */
  readonly folder: string | null;
}

/** What was written, or the texts in the order of the formats. */
export type ReportResult = { readonly paths: readonly string[] } | { readonly texts: readonly string[] };

/**
 * A run that is not finished is reported as far as it has come. Throws `integrity` where a sealed capsule does not verify, for what says more
 * than replay levels 0 and 1 prove, and for runs that can't be taken together.
 */
export async function reportRun({ capsules, texts, places }: ReportPorts, request: ReportRequest): Promise<ReportResult> {
  const { formats, folder } = request;
  const told = async (source: ReportSource): Promise<ReportResult> =>
    folder === null ? { texts: formats.map((format) => onlyText(source, format)) } : { paths: await writeReports(texts, source, { folder, formats }) };
  const [name, ...others] = request.capsules.flatMap(namedRuns);
  if (name === undefined || others.length > 0) return told(setSource(await partsOf(capsules, name === undefined ? [] : [name, ...others], places)));
  const path = places.capsule(name);
  if (await capsules.isSealed(path)) return withSealedSource(capsules, { name, path }, places, told);
  return told(sourceOf(await partOf(capsules, name, places)));
}

async function partsOf(capsules: ReportPorts["capsules"], names: readonly string[], places: ReportPorts["places"]): Promise<readonly SetPart[]> {
  const parts: SetPart[] = [];
  for (const name of names) parts.push(await partOf(capsules, name, places));
  return parts;
}

async function partOf(capsules: ReportPorts["capsules"], capsule: string, places: ReportPorts["places"]): Promise<SetPart> {
  const stored = await capsules.read(places.capsule(capsule));
  const { record, notices } = provenRun(stored, capsule, places);
  const withheld = new Set((stored.withheld ?? []).map(({ sha256 }) => sha256));
  const texts = { text: (hash: string) => stored.blob(hash), isWithheld: (hash: string) => withheld.has(hash) };
  return { path: capsule, record, notices, texts, seal: stored.seal };
}

const sourceOf = ({ record, notices, texts, seal }: SetPart): ReportSource => reportSource(record, { texts, sealedAt: seal?.sealed_at ?? null, notices });

/** Files that are told apart by their names can't follow each other in one stream: nothing could read that. */
function onlyText(source: ReportSource, format: ReportFormat): string {
  const [only, ...more] = renderReport(source, format);
  if (typeof only?.content === "string" && more.length === 0) return only.content;
  const why = more.length > 0 ? "has several files, and one stream can't hold them" : only ? "is no text" : "has no file for this run";
  throw new BakeoffError("usage", `${format} ${why}`, "name their folder: --out DIR");
}
