// What is run again of a run: trials that failed, or came to nothing.
import { describe, expect, it } from "vitest";
import { repeatFailed } from "../../../../src/app/run/failed-of.ts";
import { cloud, runOf, type RunScript, slot, trial } from "../../core/metrics/summary-fixture.ts";
import { sessionRequest } from "./session-world.ts";

const refused = { failedCall: true, json: null, failure: "refused-connection" } as const;

function storeOf(trials: RunScript["trials"]) {
  const { header, trials: own } = runOf({ candidates: ["new", "old"], tasks: ["a", "b", "c"].map((id) => ({ id })), trials });
  const stored = { header, events: own.flatMap(({ events }) => events), seal: null, blobs: [], blob: () => null };
  return { pathOf: (run: string) => `capsules/${run}`, read: async () => stored } as unknown as Parameters<typeof repeatFailed>[0];
}

const all = (changes: RunScript["trials"]) =>
  storeOf({ ...Object.fromEntries(["new", "old"].flatMap((name) => ["a", "b", "c"].map((id) => [`${name}/${id}/1`, trial(slot("passed"))]))), ...changes });

describe("a diagnosis", () => {
  it("takes the tasks and candidates of trials that were lost, never asked, or failed at their server", async () => {
    const store = all({
      "new/a/1": trial(slot("patch-rejected", refused), slot("patch-rejected", refused)),
      "new/b/1": trial(cloud("passed", { inSlotsPlace: true })),
      // The cloud mended it: of the candidate nothing was learned all the same.
      "old/c/1": trial(slot("patch-rejected", refused), slot("patch-rejected", { ...refused, failure: "server-error" }), cloud("passed")),
    });
    expect(await repeatFailed(store, "run-1", sessionRequest({ candidates: null }))).toMatchObject({
      tasks: ["a", "b", "c"],
      candidates: ["new", "old"],
      epochs: 1,
      seed: 7,
    });
    const lost = all({ "old/c/1": trial(slot("infrastructure")) });
    expect(await repeatFailed(lost, "run-1", sessionRequest({ candidates: null }))).toMatchObject({ tasks: ["c"], candidates: ["old"] });
  });

  it("takes what failed, and is marked as a diagnosis of that run", async () => {
    const store = all({ "new/a/1": trial(slot("failed")), "new/b/1": trial(slot("patch-rejected", { failedCall: true, json: null })) });
    const repeated = await repeatFailed(store, "run-1", sessionRequest({ candidates: null }));
    expect(repeated).toMatchObject({ tasks: ["a", "b"], candidates: ["new"], diagnosisOf: expect.any(String) });
  });

  it("refuses a run in which nothing failed and nothing was lost", async () => {
    await expect(repeatFailed(all({}), "run-1", sessionRequest({ candidates: null }))).rejects.toMatchObject({ code: "usage" });
  });

  it("refuses a request that chooses for itself", async () => {
    await expect(repeatFailed(all({}), "run-1", sessionRequest({ candidates: null, tasks: ["a"] }))).rejects.toMatchObject({ code: "usage" });
  });
});
