// Two candidates on the same tasks: clustered by family, as the gate does it.
import { describe, expect, it } from "vitest";
import { pairedResult, pairsOf } from "../../../../../src/core/report/runs/pairs.ts";
import { candidateDigest, digest } from "../trend/digests.ts";

/** Twenty tasks in so many families; the candidate passes all, the reference fails those of the first families. */
function pairsIn(families: number, lost: number) {
  const own = candidateDigest(
    "own",
    Array.from({ length: 20 }, () => true),
  );
  const other = candidateDigest(
    "other",
    Array.from({ length: 20 }, (_, index) => index % families >= lost),
  );
  const of = digest(1, [own, other], { families: Object.fromEntries(Object.keys(own.tasks).map((task, index) => [task, `family-${index % families}`])) });
  return pairsOf({ digest: of, candidate: own }, { digest: of, candidate: other });
}

describe("the same difference", () => {
  const [apart, alike] = [pairedResult(pairsIn(20, 10)), pairedResult(pairsIn(4, 2))];

  it("is as large, whatever the families", () => {
    expect(apart.difference.value).toBe(0.5);
    expect(alike.difference.value).toBe(0.5);
  });

  it("tells less where it comes by four families than by twenty", () => {
    expect([apart.families, alike.families]).toEqual([20, 4]);
    expect(alike.difference.low).toBeLessThan(apart.difference.low ?? -1);
    expect(apart.p).toBeLessThan(0.01);
    expect(alike.p).toBeGreaterThan(0.05);
  });
});

it("no difference has p = 1", () => {
  expect(pairedResult(pairsIn(20, 0)).p).toBe(1);
});

it("p is two-sided: it is the same whichever is held against which", () => {
  const pairs = pairsIn(10, 3);
  const turned = pairs.map((pair) => ({ ...pair, candidate: pair.reference, reference: pair.candidate }));
  expect(pairedResult(turned).p).toBe(pairedResult(pairs).p);
  expect(pairedResult(turned).difference.high).toBeCloseTo(-(pairedResult(pairs).difference.low ?? 0), 9);
});

it("pairs only tasks that both tried", () => {
  const own = candidateDigest("own", [true, true]);
  const other = candidateDigest("other", [true]);
  const of = digest(1, [own, other]);
  expect(pairsOf({ digest: of, candidate: own }, { digest: of, candidate: other }).map(({ task }) => task)).toEqual(["task-0"]);
});
