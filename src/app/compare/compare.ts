// Two results from anywhere, paired by sample: stored runs, Inspect AI's logs, promptfoo's results, SWE-bench's reports.
import { BakeoffError } from "../../core/base/errors.ts";
import { nearest } from "../../core/base/nearest.ts";
import { reportModel } from "../../core/report/model.ts";
import { compareArms, type ArmComparison } from "../../core/report/compare/comparison.ts";
import type { ResultArm, ResultWords } from "../../core/report/compare/arm.ts";
import { readResults, RESULT_SHAPES } from "../../core/report/compare/results.ts";
import type { CapsuleStore } from "../../ports/journal.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import type { Places } from "../places.ts";
import { provenRun } from "../report/proven.ts";

export interface CompareResultsPorts {
  readonly capsules: Pick<CapsuleStore, "read">;
  readonly texts: Pick<TextFiles, "read" | "exists">;
  readonly places: Pick<Places, "capsule" | "calledAs" | "version">;
}

export interface CompareRequest extends ResultWords {
  /** A file or a run id; `…@NAME` chooses one of several arms. */
  readonly a: string;
  readonly b: string;
}

/** Throws `usage` for what is none of the known shapes, `integrity` for a capsule that does not prove what it says. */
export async function compareResults(ports: CompareResultsPorts, { a, b, ...words }: CompareRequest): Promise<ArmComparison> {
  return compareArms(await armOf(ports, a, words), await armOf(ports, b, words));
}

async function armOf(ports: CompareResultsPorts, named: string, words: ResultWords): Promise<ResultArm> {
  const at = named.lastIndexOf("@");
  const isWhole = at <= 0 || (await ports.texts.exists(named));
  const [place, wanted] = isWhole ? [named, null] : [named.slice(0, at), named.slice(at + 1)];
  return chosen(place, wanted, await armsOf(ports, place, words));
}

function chosen(place: string, wanted: string | null, arms: readonly ResultArm[]): ResultArm {
  const names = arms.map(({ name }) => name);
  const found = wanted === null ? (arms.length === 1 ? arms[0] : undefined) : arms.find(({ name }) => name === wanted);
  if (found) return found;
  const choice = wanted === null ? names : nearest(wanted, names);
  throw new BakeoffError(
    "usage",
    wanted === null ? `${place} holds several results` : `${place} has no results of ${wanted}`,
    `choose one: ${choice.map((name) => `${place}@${name}`).join(", ")}`,
  );
}

async function armsOf(ports: CompareResultsPorts, place: string, words: ResultWords): Promise<readonly ResultArm[]> {
  if (!place.endsWith(".json")) return capsuleArms(ports, place);
  const text = await ports.texts.read(place);
  if (text === null) throw new BakeoffError("usage", `${place} can't be read`, "name a results file, a capsule or a run id");
  const arms = readResults(parsed(text, place), words);
  if (arms !== null) return arms;
  const shapes = Object.values(RESULT_SHAPES).map(({ is }) => is);
  throw new BakeoffError("usage", `${place} is none of the results that are known here`, `it may be ${shapes.join("; ")}; or a capsule`);
}

function parsed(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BakeoffError("usage", `${place} is not JSON`, "an .eval log becomes JSON by `inspect log convert --to json`");
  }
}

/** The candidates' own attempts on tasks that count, as every report has them. */
async function capsuleArms({ capsules, places }: CompareResultsPorts, place: string): Promise<readonly ResultArm[]> {
  const { record, notices } = provenRun(await capsules.read(places.capsule(place)), place, places);
  const { summary, trials } = reportModel(record, notices);
  return summary.candidates.map(({ name }) => {
    const own = trials.filter(({ candidate, outsidePolicy }) => candidate === name && !outsidePolicy);
    return {
      name,
      samples: own.flatMap(({ task, family, slotPass }) => (slotPass === null ? [] : [{ sample: task, family, passed: slotPass }])),
      unscored: own.filter(({ slotPass }) => slotPass === null).length,
    };
  });
}
