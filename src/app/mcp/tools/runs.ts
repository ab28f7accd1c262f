// The assistant's tools about runs: which there are, and what one of them came to.
import { z } from "zod";
import { reportModel } from "../../../core/report/model.ts";
import { textTable } from "../../../core/report/formats/table.ts";
import { provenRun } from "../../report/proven.ts";
import { queryTool } from "../tool.ts";

export const RUN = z.string().min(1).describe("run id, or path of a capsule");

export const listRuns = queryTool(
  "The stored runs of this home, newest first: suite, policy, candidates with pass rates and intervals, what is worth knowing first.",
  { limit: z.number().int().min(1).max(500).default(20).describe("how many") },
  async ({ library, places }, { limit }) => {
    await library.readAll(new AbortController().signal, () => undefined);
    const all = await library.list();
    const runs = all
      .slice(0, limit)
      .map(({ run, path, state, isSigned, faults, listing }) => ({ run, path: places.shown(path), state, isSigned, faults, listing }));
    const lines = runs.map(
      ({ run, state, listing }) => `${run}  ${state}${listing === null ? "" : `  ${listing.createdAt}  ${listing.suite.name}: ${listing.headline}`}`,
    );
    const more = all.length - runs.length;
    const text = all.length === 0 ? `no runs here yet: ${places.runCalledAs} makes one` : [...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join("\n");
    return { text, data: { runs, more } };
  },
);

export const showRun = queryTool(
  "One run: identity, warnings, stand-ins, and for each candidate its rates with intervals, times and costs. What the capsule does not prove is refused.",
  { run: RUN },
  async ({ report, places }, { run }) => {
    const { record, notices } = provenRun(await report.capsules.read(places.capsule(run)), run, places);
    const { run: id, identity, standIns, warnings, leftOut, summary, calibration, ...model } = reportModel(record, notices);
    const text = textTable({ run: id, identity, standIns, warnings, leftOut, summary, calibration, ...model });
    return { text, data: { run: id, identity, standIns, warnings, leftOut, summary, calibration } };
  },
);
