// What this process's own delays may have done to the times of calls: stalls from looks, lateness of readings, bounds that hold the truth.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CallSample } from "../../../../../src/core/metrics/latency/latency.ts";
import { type DelayLook, JUDGED_FIGURES, ownError, ownLateness, type Stall, stallsIn } from "../../../../../src/core/metrics/latency/own-delay.ts";
import { interpolate } from "../../../../../src/core/metrics/statistics/quantile.ts";

describe("stalls", () => {
  it("are what looks were late by, those that touch as one; what every timer is late by is none", () => {
    const looks: readonly DelayLook[] = [
      { at: 1, lateMs: 0.4 },
      { at: 2, lateMs: 16 },
      { at: 3, lateMs: 15 },
      { at: 19, lateMs: 3 },
      { at: 40, lateMs: 1 },
      { at: 50, lateMs: 2 },
    ];
    expect(stallsIn(looks)).toEqual([
      { from: 2, to: 22 },
      { from: 50, to: 52 },
    ]);
  });

  it("are in order, in whatever order the looks were told", () => {
    const looks = [50, 2, 30].map((at) => ({ at, lateMs: 4 }));
    expect(stallsIn(looks)).toEqual([2, 30, 50].map((at) => ({ from: at, to: at + 4 })));
  });

  it("are one where no more than two milliseconds lie between them", () => {
    const apart = (ms: number) => stallsIn([10, 18 + ms].map((at) => ({ at, lateMs: 8 })));
    expect(apart(2)).toEqual([{ from: 10, to: 28 }]);
    expect(apart(2.5)).toEqual([
      { from: 10, to: 18 },
      { from: 20.5, to: 28.5 },
    ]);
    const late = (at: number) => ownLateness({ ttftMs: at, totalMs: 400, gapsMs: [] }, 0, [{ from: 10, to: 18 }]).firstMs;
    expect([late(9), late(10), late(18), late(20), late(20.5)]).toEqual([0, 0, 8, 10, 0]);
  });

  it("make late what is read when they end, and nothing else", () => {
    const stalls = [{ from: 100, to: 116 }];
    const late = (ttftMs: number) => ownLateness({ ttftMs, totalMs: 400, gapsMs: [5, 30] }, 0, stalls);
    expect(late(116)).toEqual({ firstMs: 16, endMs: 0, chunksMs: [16, 0, 0] });
    expect(late(99)).toEqual({ firstMs: 0, endMs: 0, chunksMs: [0, 4, 0] });
    expect(late(150)).toEqual({ firstMs: 0, endMs: 0, chunksMs: [0, 0, 0] });
    expect(ownLateness({ ttftMs: null, totalMs: 116, gapsMs: [] }, 0, stalls)).toEqual({ firstMs: 0, endMs: 16, chunksMs: [] });
  });
});

interface Truth {
  readonly firstMs: number;
  readonly gapsMs: readonly number[];
  readonly tailMs: number;
  readonly sentAt: number;
}

const truths = fc.array(
  fc.record({
    firstMs: fc.integer({ min: 5, max: 80 }),
    gapsMs: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 20 }),
    tailMs: fc.integer({ min: 0, max: 5 }),
    sentAt: fc.integer({ min: 0, max: 200 }),
  }),
  { minLength: 1, maxLength: 30 },
);
const stalled = fc.array(fc.record({ from: fc.integer({ min: 0, max: 300 }), ms: fc.integer({ min: 2, max: 40 }) }), { maxLength: 5 });

/** When something that came at this time is read by a process that stands still meanwhile. */
const readAt = (stalls: readonly Stall[], at: number): number => stalls.find(({ from, to }) => from <= at && at < to)?.to ?? at;

function readOf({ firstMs, gapsMs, tailMs, sentAt }: Truth, stalls: readonly Stall[]): { readonly sample: CallSample; readonly sentAt: number } {
  const came = [sentAt + firstMs];
  for (const gap of gapsMs) came.push((came.at(-1) ?? 0) + gap);
  const read = came.map((at) => readAt(stalls, at));
  const end = readAt(stalls, (came.at(-1) ?? 0) + tailMs);
  const sample = {
    prompt: 0,
    queueMs: 0,
    queueCounts: false,
    ttftMs: (read[0] ?? 0) - sentAt,
    firstOutputMs: (read[0] ?? 0) - sentAt,
    totalMs: end - sentAt,
    gapsMs: read.slice(1).map((at, index) => at - (read[index] ?? 0)),
    promptTokens: 1,
    outputTokens: gapsMs.length + 1,
    cachedTokens: null,
    text: "a",
    failure: null,
  };
  return { sample, sentAt };
}

const sorted = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);

describe("bounds of figures", () => {
  it("hold the true percentiles, whatever the stalls and whenever they come", () => {
    fc.assert(
      fc.property(truths, stalled, (calls, made) => {
        const looks = made.flatMap(({ from, ms }) => Array.from({ length: ms }, (_, index) => ({ at: from + index, lateMs: ms - index })));
        const stalls = stallsIn(looks);
        const { figures } = ownError(
          calls.map((call) => {
            const { sample, sentAt } = readOf(call, stalls);
            return { ...sample, own: ownLateness(sample, sentAt, stalls) };
          }),
        );
        const total = ({ firstMs, gapsMs, tailMs }: Truth): number => firstMs + gapsMs.reduce((sum, gap) => sum + gap, 0) + tailMs;
        const truth = {
          ttft: sorted(calls.map(({ firstMs }) => firstMs)),
          itl: sorted(calls.flatMap(({ gapsMs }) => gapsMs)),
          tpot: sorted(calls.map((call) => (total(call) - call.firstMs) / call.gapsMs.length)),
          e2e: sorted(calls.map(total)),
        };
        for (const name of JUDGED_FIGURES)
          for (const [at, q] of [
            ["p50", 0.5],
            ["p95", 0.95],
          ] as const) {
            const { low, high } = figures[name]?.[at] ?? expect.unreachable("there are values");
            expect(low).toBeLessThanOrEqual(interpolate(truth[name], q) + 1e-9);
            expect(high).toBeGreaterThanOrEqual(interpolate(truth[name], q) - 1e-9);
          }
      }),
      { numRuns: 200 },
    );
  });

  it("are of the first token, the gaps, the time of a token and the whole", () => expect(JUDGED_FIGURES).toEqual(["ttft", "itl", "tpot", "e2e"]));

  it("are the figures themselves where nothing was late", () => {
    const { sample } = readOf({ firstMs: 50, gapsMs: [10, 10], tailMs: 1, sentAt: 0 }, []);
    const { hit, figures } = ownError([{ ...sample, own: ownLateness(sample, 0, []) }]);
    expect(hit).toBe(0);
    expect(figures.ttft?.p95).toEqual({ read: 50, low: 50, high: 50 });
  });

  it("are as wide as what was late, each figure by its own readings, and none below nothing", () => {
    const sample = readOf({ firstMs: 50, gapsMs: [10, 20], tailMs: 0, sentAt: 0 }, []).sample;
    const { hit, calls, figures } = ownError([{ ...sample, own: { firstMs: 4, endMs: 6, chunksMs: [4, 0, 25] } }]);
    expect([hit, calls]).toEqual([1, 1]);
    expect(figures.ttft?.p50).toEqual({ read: 50, low: 46, high: 50 });
    expect(figures.e2e?.p50).toEqual({ read: 80, low: 74, high: 80 });
    expect(figures.tpot?.p50).toEqual({ read: 15, low: 12, high: 17 });
    // Of the two gaps: the first was too short by what the first chunk was late, the second too long by what the last one was.
    expect(figures.itl?.p50).toEqual({ read: 15, low: 5, high: 17 });
  });

  it("are of answered calls with a first token, and none where there is no value", () => {
    const sample = readOf({ firstMs: 50, gapsMs: [10], tailMs: 1, sentAt: 0 }, []).sample;
    const own = { firstMs: 0, endMs: 0, chunksMs: [0, 0] };
    const found = ownError([
      { ...sample, own, failure: "overload" },
      { ...sample, own, ttftMs: null },
      { ...sample, own, outputTokens: null },
      { ...sample, own: { ...own, chunksMs: [0, 1] }, outputTokens: 1, gapsMs: [] },
    ]);
    expect(found).toMatchObject({ calls: 2, hit: 1, figures: { tpot: null, ttft: { p50: { read: 50 } } } });
    expect(
      ownError([
        { ...sample, own: { ...own, endMs: 3 } },
        { ...sample, own },
      ]).hit,
    ).toBe(1);
    expect(ownError([])).toEqual({ hit: 0, calls: 0, figures: { ttft: null, itl: null, tpot: null, e2e: null } });
  });
});
