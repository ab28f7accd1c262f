// Mutants on a workbench in memory: each is run once, kept, and found again; coverage is measured by a probe.
import { describe, expect, it } from "vitest";
import { baseDigest, type Base } from "../../../src/core/suite/suite.ts";
import type { Verdict } from "../../../src/core/verdict/verdict.ts";
import { MutantTrials, type TrialsOptions } from "../../../src/suite-making/mutant-trials.ts";
import { mutantsOf } from "../core/mutation/rust.ts";
import { benchOf, failing, FIXED, memoryShelf, passing } from "./fakes.ts";

const tree = new Map([
  ["Cargo.toml", "[package]\n"],
  ["src/lib.rs", FIXED],
]);
const base: Base = { name: "main", path: "main", tree, digest: baseDigest(tree, {}), features: [], hidden: [], protected: [] };
const { signal } = new AbortController();

async function trialsOf(came: (text: string) => Verdict, facts: Partial<TrialsOptions> = {}) {
  const ran: string[] = [];
  const bench = benchOf({});
  const verify: typeof bench.verify = async ({ changes }) => {
    const text = [...changes.values()].join("");
    ran.push(text);
    return { verdict: came(text), notes: [], times: { applyMs: 0, checkMs: 5, testMs: 7, overheadMs: 0, totalMs: 12 }, queueMs: 0, treeHash: "" };
  };
  const packages = [
    { name: "sums", edition: "2021", dir: "", roots: [] },
    { name: "deep", edition: "2021", dir: "src", roots: [] },
  ];
  const prepared = await bench.prepare(base, signal);
  const limits = { compile_timeout_s: 60, test_timeout_s: 20 };
  return { ran, trials: new MutantTrials({ bench: { ...bench, verify }, base, prepared, packages, shelf: memoryShelf(), limits, signal, ...facts }) };
}

const [mutant] = mutantsOf(FIXED, "misname-call");
if (!mutant) throw new Error("no mutant");

describe("a mutant", () => {
  it("is verified once, and found on the shelf by the next call of the program", async () => {
    const shelf = memoryShelf();
    const [first, again] = [await trialsOf(() => failing(base), { shelf }), await trialsOf(() => passing(base), { shelf })];
    const outcome = await first.trials.outcome(mutant);
    expect([outcome.status, first.trials.run]).toEqual(["failed", 1]);
    expect(await again.trials.outcome(mutant)).toEqual(outcome);
    expect([again.trials.run, again.ran]).toEqual([0, []]);
  });

  it("is tried again where the sandbox could not run it", async () => {
    const shelf = memoryShelf();
    const ill = await trialsOf(() => ({ status: "infrastructure", detail: "no room" }), { shelf });
    expect((await ill.trials.outcome(mutant)).status).toBe("infrastructure");
    expect((await (await trialsOf(() => passing(base), { shelf })).trials.outcome(mutant)).status).toBe("passed");
  });

  it("is not begun after an interruption", async () => {
    const { trials, ran } = await trialsOf(() => passing(base), { signal: AbortSignal.abort(new Error("interrupted")) });
    await expect(trials.outcome(mutant)).rejects.toThrow("interrupted");
    expect(ran).toEqual([]);
  });
});

describe("coverage", () => {
  it("is those tests that fail where the function panics, measured once a function", async () => {
    const { trials, ran } = await trialsOf((text) => (text.includes('panic!("probe")') ? failing(base) : passing(base)));
    const covered = await trials.coverage(mutant);
    expect([covered.visible.length + covered.heldOut.length, ran.length]).toEqual([2, 1]);
    expect(await trials.coverage(mutant)).toEqual(covered);
    expect(ran.length).toBe(1);
  });

  it("is nothing where the probe passes: nothing runs the function", async () =>
    expect(await (await trialsOf(() => passing(base))).trials.coverage(mutant)).toEqual({ visible: [], heldOut: [] }));

  it("is all tests of the innermost package where the probe does not compile", async () => {
    const compile: Verdict = { status: "compile-error", codes: ["E0015"], diagnostics: [] };
    const { trials } = await trialsOf(() => compile);
    expect(await trials.coverage(mutant)).toEqual({ visible: [], heldOut: [] });
    const own = await trialsOf(() => compile, { packages: [{ name: "sums", edition: "2021", dir: "", roots: [] }] });
    const covered = await own.trials.coverage(mutant);
    expect(covered.visible.length + covered.heldOut.length).toBe(2);
  });

  it("is no longer measured once so many trials never ended, and then taken for that of the package", async () => {
    const { trials, ran } = await trialsOf(() => ({ status: "timeout", phase: "test", limitS: 20 }), { maxHung: 2 });
    expect([trials.isTiredOfHanging, (await trials.outcome(mutant)).status]).toEqual([false, "timeout"]);
    await trials.coverage(mutant);
    expect([trials.isTiredOfHanging, ran.length]).toEqual([true, 2]);
    await trials.coverage({ ...mutant, enclosing: { name: "other", start: 0, end: 9, body: 40 } });
    expect(ran.length).toBe(2);
  });
});
