// Tests that no forged repair of the buggy meter crate passes, and that honest ones do.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Task } from "../../src/core/suite/suite.ts";
import type { Verdict } from "../../src/core/verdict/verdict.ts";
import { fixtureBase, type FixtureBench, openFixtureBench } from "./fixture-bench.ts";
import { forgeries } from "./forgery-cases.ts";
import { MeterPatch, meterTask } from "./meter-patches.ts";

let bench: FixtureBench;
let task: Task;
let patch: MeterPatch;

beforeAll(async () => {
  bench = await openFixtureBench();
  task = meterTask(await fixtureBase("meter"), { test_timeout_s: 3 });
  patch = new MeterPatch(task);
});
afterAll(() => bench.close());

/** What a verdict names: rules of tampering, or codes of compile errors. */
function seenIn(verdict: Verdict): string[] {
  if (verdict.status === "tampered") return verdict.seen.map(({ rule }) => rule);
  return verdict.status === "compile-error" ? [...verdict.codes] : [];
}

describe.each(forgeries)("a patch that %s", (_kind, cases) => {
  it.each(cases.map((forgery) => [forgery.name, forgery.status, forgery] as const))("gains nothing by %s: %s", async (_name, status, { files, seen }) => {
    const verdict = await bench.verdict(task, files(patch));
    expect(verdict, JSON.stringify(verdict).slice(0, 1500)).toMatchObject({ status });
    if (seen !== undefined) expect(seenIn(verdict)).toContain(seen);
    expect(JSON.stringify(verdict)).not.toContain("FOUND");
  });
});
