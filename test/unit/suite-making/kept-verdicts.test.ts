// What a proof's verdict depends on, and what is shared: found by its key on a shelf in memory.
import { describe, expect, it } from "vitest";
import type { Task } from "../../../src/core/suite/suite.ts";
import { applyEdits, type Changes } from "../../../src/core/text/edit.ts";
import { brokenTree } from "../../../src/core/suite/suite.ts";
import type { Verdict } from "../../../src/core/verdict/verdict.ts";
import { type ProofRun, proofVerdict } from "../../../src/suite-making/kept-verdicts.ts";
import { fakeBench, taskNamed, VERDICTS } from "../run/fakes.ts";
import { memoryShelf } from "./fakes.ts";

const signal = new AbortController().signal;

async function proofOf(task: Task, facts: Partial<ProofRun> = {}): Promise<ProofRun> {
  return { task, prepared: await fakeBench().prepare(task.base, signal), changes: new Map(), run: 1, ...facts };
}

/** How many of these are run, one after the other, on one shelf. */
async function runs(proofs: readonly ProofRun[], verdict = VERDICTS["failed"] as Verdict, shelf = memoryShelf()): Promise<number> {
  const bench = fakeBench();
  const told = { ...bench, verify: async (...job: Parameters<typeof bench.verify>) => ({ ...(await bench.verify(...job)), verdict }) };
  let count = 0;
  for (const proof of proofs) count += (await proofVerdict({ bench: told, shelf, signal }, proof)).isNew ? 1 : 0;
  return count;
}

const solved = (task: Task): Changes => {
  const edited = applyEdits(brokenTree(task), task.solution);
  return edited.ok ? edited.changes : new Map();
};

describe("proofVerdict", () => {
  const task = taskNamed("a");

  it("runs the same tree once, and each repeat by itself", async () => {
    expect(await runs([await proofOf(task), await proofOf(task)])).toBe(1);
    expect(await runs([await proofOf(task), await proofOf(task, { run: 2 })])).toBe(2);
  });

  it("gives what was kept, as it was", async () => {
    const shelf = memoryShelf();
    const kept = { bench: fakeBench(), shelf, signal };
    const [first, second] = [await proofVerdict(kept, await proofOf(task)), await proofVerdict(kept, await proofOf(task))];
    expect([second.verdict, second.isNew]).toEqual([first.verdict, false]);
  });

  it("shares the clean tree among the tasks of a base", async () => {
    const other = taskNamed("b");
    expect(await runs([await proofOf(task, { changes: solved(task) }), await proofOf(other, { changes: solved(other) })])).toBe(1);
  });

  it.each<[string, () => Promise<ProofRun>]>([
    ["another change", () => proofOf(task, { changes: new Map([["src/a.rs", "fn x() {}"]]) })],
    ["another base", async () => proofOf(task, { prepared: { ...(await fakeBench().prepare(task.base, signal)), key: "1".repeat(64) as never } })],
    ["other limits", () => proofOf({ ...task, testTimeoutS: 999 })],
    ["other tests that count", () => proofOf({ ...task, passToPass: ["tiny/**"] })],
  ])("runs %s anew", async (_, other) => expect(await runs([await proofOf(task), await other()])).toBe(2));

  it("keeps a change that may not be made apart from one that may", async () => {
    const changes = new Map([["src/a.rs", "fn x() {}"]]);
    expect(await runs([await proofOf(task, { changes }), await proofOf({ ...task, editable: ["src/other.rs"] }, { changes })])).toBe(2);
  });

  it("keeps nothing of what could not be run, and takes a damaged verdict for none", async () => {
    const shelf = memoryShelf();
    expect(await runs([await proofOf(task), await proofOf(task)], { status: "infrastructure", detail: "no room" }, shelf)).toBe(2);
    await runs([await proofOf(task)], undefined, shelf);
    for (const key of shelf.kept.keys()) shelf.kept.set(key, '{"status":"passed"}');
    expect(await runs([await proofOf(task)], undefined, shelf)).toBe(1);
  });

  it("reads and keeps nothing without a shelf", async () => {
    const bench = fakeBench();
    for (let count = 0; count < 2; count += 1) expect((await proofVerdict({ bench, shelf: null, signal }, await proofOf(task))).isNew).toBe(true);
  });
});
