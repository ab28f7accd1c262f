// Reckoning with instants.
import fc from "fast-check";
import { expect, it } from "vitest";
import { daysBefore, daysFrom } from "../../../../src/core/base/instant.ts";

it("counts days with their fraction, backwards too, and over leap days", () => {
  expect(daysFrom("2026-11-21T12:00:00.000Z", "2026-11-22T18:00:00.000Z")).toBe(1.25);
  expect(daysFrom("2026-11-22T00:00:00.000Z", "2026-11-21T00:00:00.000Z")).toBe(-1);
  expect(daysFrom("2028-02-28T00:00:00.000Z", "2028-03-01T00:00:00.000Z")).toBe(2);
});

it("is no number where one of them is no instant", () => {
  expect(daysFrom("yesterday", "2026-11-22T00:00:00.000Z")).toBeNaN();
});

it("finds the instant so many days before, from which it is that many days", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20_000 }), (days) => {
      const now = "2026-11-22T01:02:03.456Z";
      expect(daysFrom(daysBefore(now, days), now)).toBe(days);
    }),
    { seed: 1, numRuns: 200 },
  );
});
