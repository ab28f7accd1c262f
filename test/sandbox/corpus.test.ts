// The corpora: no forged patch passes, is excused as our own failure, or carries held-out tests into a prompt; every honest one passes.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sample } from "../setup/sample.ts";
import { CorpusBench } from "./corpus/bench.ts";
import type { CaseTable } from "./corpus/case.ts";
import { FORGERIES } from "./corpus/forgeries/all.ts";
import { HONEST } from "./corpus/honest/all.ts";

let bench: CorpusBench;
beforeAll(() => {
  bench = new CorpusBench();
});
afterAll(() => bench.close());

/** Some of all cases; `npm run test:long` tries them all. */
const drawn = (name: string, tables: readonly CaseTable[], count: number) =>
  sample(
    `corpus of ${name}`,
    tables.flatMap(({ kind, base, cases }) => cases.map((one) => ({ kind, base, name: one.name, one }))),
    count,
  );

it("the corpora are as large as they are said to be, and no case is there twice", () => {
  const count = (tables: readonly CaseTable[]): number => tables.reduce((sum, { cases }) => sum + cases.length, 0);
  expect(count(FORGERIES)).toBeGreaterThanOrEqual(80);
  expect(count(HONEST)).toBeGreaterThanOrEqual(90);
  for (const { cases } of [...FORGERIES, ...HONEST]) expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});

describe("a forged patch that", () => {
  it.each(drawn("forgeries", FORGERIES, 10))("$kind gains nothing: $name", async ({ base, one }) => {
    const { verdict, leaks } = await bench.try(base, one);
    expect(["passed", "infrastructure"], JSON.stringify(verdict).slice(0, 1500)).not.toContain(verdict.status);
    expect(leaks).toEqual([]);
  });
});

describe("an honest patch that", () => {
  it.each(drawn("honest patches", HONEST, 6))("$kind passes: $name", async ({ base, one }) => {
    const { verdict } = await bench.try(base, one);
    expect(verdict, JSON.stringify(verdict).slice(0, 1500)).toMatchObject({ status: "passed" });
  });
});
