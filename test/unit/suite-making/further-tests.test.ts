// A held-out test made of a test that asserts one thing, with a workbench that answers as the trees would.
import { expect, it } from "vitest";
import { probeName } from "../../../src/core/suite/making/further-inputs.ts";
import type { Drop, Repair } from "../../../src/core/suite/making/repair.ts";
import { testsIn } from "../../../src/core/suite/making/source-test.ts";
import type { Verdict } from "../../../src/core/verdict/verdict.ts";
import { withFurtherTest } from "../../../src/suite-making/further-tests.ts";
import { benchOf, BROKEN, LIB, memoryShelf, type Script } from "./fakes.ts";

const ONE = "    #[test]\n    fn one() {\n        assert_eq!(sum(1, 2), 3);\n    }\n";
const FIXED = LIB("a.wrapping_add(b)", ONE);
const repair: Repair = {
  id: "repair",
  title: "Repair",
  origin: "commit 1",
  message: "Repair",
  clean: new Map([
    ["Cargo.toml", '[package]\nname = "sums"\n'],
    ["src/lib.rs", FIXED],
  ]),
  before: new Map([["src/lib.rs", BROKEN]]),
  tests: testsIn("src/lib.rs", FIXED),
};

/** What probe n saw, by its number; undefined where it panicked by itself. */
const saw = (values: readonly (number | undefined)[]): Verdict => ({
  status: "failed",
  tests: values.map((value, index) => ({
    id: `sums/lib/tests::${probeName(index)}`,
    status: "failed",
    heldOut: false,
    output: value === undefined ? "attempt to subtract with overflow" : `panicked\nbakeoff saw <<${value}>> bakeoff`,
  })),
});

function tools(script: Script, fault: Drop | null = null) {
  const bench = benchOf(script);
  const shelf = memoryShelf();
  const limits = { compile_timeout_s: 60, test_timeout_s: 20 };
  return { bench, shelf, features: [], defaults: limits, signal: new AbortController().signal, prepare: async () => fault };
}

/** The fake tells the repaired tree from the broken one by what is laid over the base, and here the base is the repaired one: it is run first and last. */
const answers = ([first, last]: readonly [Verdict, Verdict], broken: Verdict): Script => ({
  broken: (_, run) => (run === 1 ? first : run === 2 ? broken : last),
});

type Made = Awaited<ReturnType<typeof withFurtherTest>>;
const repairIn = (made: Made): Repair | null => (made !== null && "clean" in made ? made : null);
const valuesIn = (made: Made): string[] =>
  [...String(repairIn(made)?.clean.get("src/lib.rs")).matchAll(/sum\(.*\)\), "(\d+)"/g)].map(([, value]) => value ?? "");

it("holds the values that only the repaired tree gives, and gives each time", async () => {
  // The second is the same in both trees, the third is not steady, and the fourth is like the first.
  const at = tools(answers([saw([4, 5, 6, 4, 8]), saw([4, 5, 7, 4, 8])], saw([0, 5, 0, 0, undefined])));
  const made = await withFurtherTest(at, repair);
  expect(valuesIn(made)).toEqual(["4", "8"]);
  expect(repairIn(made)?.tests.map(({ name, isDerived }) => [name, isDerived])).toEqual([
    ["one", undefined],
    ["one_further", true],
  ]);
});

it("takes all inputs where the broken tree does not compile", async () => {
  const at = tools(answers([saw([4, 5]), saw([4, 5])], { status: "compile-error", codes: ["E0425"], diagnostics: [] }));
  expect(valuesIn(await withFurtherTest(at, repair))).toEqual(["4", "5"]);
});

it("makes none where no input tells the trees apart, or the broken one came to no answer", async () => {
  expect(await withFurtherTest(tools(answers([saw([4]), saw([4])], saw([4]))), repair)).toBeNull();
  expect(await withFurtherTest(tools(answers([saw([4]), saw([4])], { status: "timeout", phase: "test", limitS: 20 })), repair)).toBeNull();
});

it("runs the repaired tree a second time only where an input tells the trees apart", async () => {
  const runs = async (broken: Verdict) => {
    const at = tools(answers([saw([4]), saw([4])], broken));
    await withFurtherTest(at, repair);
    return at.bench.verified;
  };
  expect([await runs(saw([4])), await runs({ status: "timeout", phase: "test", limitS: 20 }), await runs(saw([0]))]).toEqual([2, 2, 3]);
});

it("makes none where its probes do not compile", async () => {
  expect(await withFurtherTest(tools({}, { reason: "base-broken", detail: "E0277" }), repair)).toBeNull();
});

it("says why it could not try, and keeps nothing of that", async () => {
  const fault = { reason: "networked", detail: "no index" } as const;
  const at = tools({}, fault);
  expect(await withFurtherTest(at, repair)).toEqual(fault);
  const lost = tools({ broken: () => ({ status: "infrastructure", detail: "no room" }) });
  expect(await withFurtherTest(lost, repair)).toEqual({ reason: "sandbox", detail: "no room" });
  expect([at.shelf.kept.size, lost.shelf.kept.size]).toEqual([0, 0]);
});

it("tries the same inputs once", async () => {
  const at = tools(answers([saw([4]), saw([4])], saw([0])));
  const first = await withFurtherTest(at, repair);
  const { verified } = at.bench;
  expect(await withFurtherTest(at, repair)).toEqual(first);
  expect(at.bench.verified).toBe(verified);
});
