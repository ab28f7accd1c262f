// Harbor's own scanner on the job that we write: every trial is read, and the statistics are those that Harbor makes of the same trials.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import { foldRun } from "../../src/core/capsule/record.ts";
import { reportModel } from "../../src/core/report/model.ts";
import { exported, SAMPLE } from "./exported.ts";
import { harborPython, readByHarbor } from "./peer.ts";

interface Read {
  readonly job: string;
  readonly config: string;
  readonly agents: readonly string[];
  readonly stats: object;
  readonly made: object;
  readonly n_total_trials: number;
  readonly n_errored_trials: readonly [number, number];
  readonly metrics: Readonly<Record<string, readonly { readonly mean: number }[]>>;
  readonly trials: readonly {
    readonly config: string;
    readonly agent: string;
    readonly id: string;
    readonly uri: string;
    readonly checksum: string;
    readonly reward: number | null;
    readonly cost: number | null;
    readonly seconds: number;
  }[];
}

describe.skipIf(harborPython() === undefined)("a run as a job of Harbor's", () => {
  it("is read whole, with the outcomes of the capsule", async () => {
    const read = await readByHarbor<Read>("read_harbor_job.py", join(await exported("harbor"), "harbor"));
    const { header, events } = await readCapsule(SAMPLE);
    const { trials } = reportModel(foldRun(header, events));
    const tried = trials.filter(({ slotVerdicts }) => slotVerdicts.length > 0);
    expect(read.n_total_trials).toBe(tried.length);
    expect(read.trials).toHaveLength(tried.length);
    expect(read.stats).toEqual(read.made);
    expect(read.n_errored_trials[0]).toBe(read.n_errored_trials[1]);
    expect(read.agents).toEqual(header.candidates.map(({ name }) => name));
    expect(read.config).toBe(read.job);
    for (const { candidate, task, epoch, slotPass, slotCostUsd } of tried) {
      const found = read.trials.find(({ id }) => id === `${candidate}/${task}/${epoch}`);
      expect(found).toMatchObject({ agent: candidate, reward: slotPass === null ? null : Number(slotPass), cost: slotCostUsd });
      expect(found?.checksum).toBe(header.tasks.find(({ id }) => id === task)?.digest);
      expect(found?.uri).toContain(header.run_id);
      expect(found?.seconds).toBeGreaterThanOrEqual(0);
    }
    for (const [key, [metric]] of Object.entries(read.metrics)) {
      const own = tried.filter(({ candidate, slotPass }) => key.startsWith(`${candidate}__`) && slotPass !== null);
      if (own.length > 0) expect(metric?.mean).toBeCloseTo(own.filter(({ slotPass }) => slotPass).length / own.length, 12);
    }
  });
});
