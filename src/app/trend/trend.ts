// The policy over all runs of a home: reads what is not known yet, and says where something changed.
import type { RunDigest } from "../../core/report/runs/digest.ts";
import type { BaselineEntry } from "../../core/report/trend/baseline.ts";
import { type TrendModel, trendModel } from "../../core/report/trend/model.ts";
import { TrendPage } from "../../ui/trend-page.tsx";
import type { RunLibrary } from "../../ports/run-library.ts";

export interface TrendPorts {
  readonly library: RunLibrary;
  /** What was agreed to be normal. */
  readonly baselines: () => Promise<readonly BaselineEntry[]>;
}

export interface TrendRequest {
  /** RFC 3339; null: all. */
  readonly since: string | null;
  /** Only these; empty: all. */
  readonly candidates: readonly string[];
  readonly suite: string | null;
  readonly alpha: number;
  readonly told: (capsule: string, left: number) => void;
}

export async function runTrend({ library, baselines }: TrendPorts, request: TrendRequest, signal: AbortSignal): Promise<TrendModel> {
  await library.readAll(signal, request.told);
  const digests = await library.digests();
  library.close();
  return trendModel(
    digests.flatMap((digest) => asked(digest, request)),
    request.alpha,
    await baselines(),
  );
}

function asked(digest: RunDigest, { since, candidates, suite }: TrendRequest): readonly RunDigest[] {
  if ((since !== null && digest.createdAt < since) || (suite !== null && digest.suite.name !== suite)) return [];
  if (candidates.length === 0) return [digest];
  const own = digest.candidates.filter(({ name }) => candidates.includes(name));
  return own.length === 0 ? [] : [{ ...digest, candidates: own }];
}

/** The trend as a page that stands alone beside the viewer's style sheet. */
export const trendHtml = (model: TrendModel): string => `<!doctype html>${String(TrendPage({ model, isExport: true }))}`;
