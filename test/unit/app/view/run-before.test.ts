// The run before another: the newest comparable one, and never a diagnosis, a set or a later run.
import { expect, it } from "vitest";
import { runBefore } from "../../../../src/app/view/run-before.ts";
import { runListing } from "../../../../src/core/report/runs/listing.ts";
import type { RunDigest } from "../../../../src/core/report/runs/digest.ts";
import type { LibraryRun, RunLibrary, ShelvedRun } from "../../../../src/ports/run-library.ts";
import { digest } from "../../core/report/trend/digests.ts";

const dated = (day: number, facts: Partial<RunDigest> = {}): RunDigest => digest(day, [], facts);

function before(own: RunDigest, ...others: readonly (RunDigest | readonly [RunDigest, ShelvedRun["state"]])[]): Promise<LibraryRun | null> {
  const rows = others.map((one): ShelvedRun => {
    const [of, state] = "run" in one ? [one, "sealed" as const] : one;
    return { run: of.run, path: of.run, state, isSigned: false, faults: 0, listing: runListing(of) };
  });
  const library: Pick<RunLibrary, "list" | "open"> = {
    list: async () => rows.toSorted((a, b) => ((a.listing?.createdAt ?? "") < (b.listing?.createdAt ?? "") ? 1 : -1)),
    open: async (run) => ({ path: run }) as LibraryRun,
  };
  return runBefore(library as RunLibrary, own);
}

it("is the newest that is comparable", async () => {
  const own = dated(9);
  const found = await before(own, own, dated(3), dated(5), dated(7, { taskSet: "other" }), dated(8, { epochs: 7 }), dated(12));
  expect(found?.path).toBe(dated(5).run);
});

it("is no diagnosis and no set", async () => {
  const own = dated(9);
  expect(await before(own, dated(8, { diagnosisOf: dated(3).run }), [dated(7), "set"])).toBeNull();
});
