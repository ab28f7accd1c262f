// Every claim of a task, held against what its runs come to.
import { describe, expect, it } from "vitest";
import type { Task } from "../../../src/core/suite/suite.ts";
import type { Verdict } from "../../../src/core/verdict/verdict.ts";
import { proveTasks } from "../../../src/suite-making/prove.ts";
import { fakeBench, taskNamed, VERDICTS } from "../run/fakes.ts";

/** Verdicts of the broken tree run by run, of the solution, and of the tree without the broken lines. */
interface Script {
  readonly broken?: (run: number) => Verdict;
  readonly solved?: (run: number) => Verdict;
  readonly deleted?: Verdict;
  readonly cheated?: Verdict;
  /** Of the solution, judged as a candidate's patch is. */
  readonly asPatch?: Verdict;
}

const verdict = (name: string): Verdict => VERDICTS[name] as Verdict;

function benchOf(script: Script) {
  const { broken = () => verdict("failed"), solved = () => verdict("passed"), deleted = verdict("failed"), cheated = verdict("passed"), asPatch } = script;
  const runs = { broken: 0, solved: 0 };
  const bench = fakeBench();
  return {
    ...bench,
    verify: async (...[job, signal]: Parameters<typeof bench.verify>) => {
      const text = [...job.changes.values()].join("");
      const patched = text.includes("// cheat") ? cheated : text.includes("    1\n") ? solved(++runs.solved) : deleted;
      const whole = job.changes.size === 0 ? broken(++runs.broken) : patched;
      if (!job.whole && asPatch === undefined) throw new Error("nobody was to judge it as a patch");
      const came = job.whole ? whole : (asPatch as Verdict);
      return { ...(await bench.verify(job, signal)), verdict: came };
    },
  };
}

const flawsOf = async (script: Script, task: Task = taskNamed("a")): Promise<string[]> => {
  const [proof] = await proveTasks({
    tasks: [task],
    bench: benchOf(script),
    shelf: null,
    repeats: 2,
    signal: new AbortController().signal,
    taskSlot: (work) => work(),
    proved: () => undefined,
  });
  return (proof?.flaws ?? []).map(({ key, message }) => `${key}: ${message}`);
};

const odd = (run: number, one: string, other: string): Verdict => verdict(run % 2 === 1 ? one : other);

const IMPOSSIBLE: Task = (() => {
  const task = taskNamed("a", { held_out: [], cheat: [{ path: "src/a.rs", search: "    2\n", replace: "    if true { 1 } else { 2 } // cheat\n" }] });
  return { ...task, base: { ...task.base, contradictory: ["tiny/lib/b"] } };
})();
const failing = (...ids: readonly string[]): Verdict => ({ status: "failed", tests: ids.map((id) => ({ id, status: "failed", heldOut: false, output: "" })) });

describe("an impossible task", () => {
  const holds: Script = { broken: () => failing("tiny/lib/a"), solved: () => failing("tiny/lib/b"), cheated: verdict("passed") };

  it("has no flaw where the instruction fails only what contradicts it, and the cheat passes", async () =>
    expect(await flawsOf(holds, IMPOSSIBLE)).toEqual([]));

  it.each<[string, Script]>([
    ["solution: what the instruction asks for passes the visible tests: the task is possible", { solved: () => verdict("passed") }],
    ["solution: what the instruction asks for should compile and fail tests", { solved: () => verdict("compile-error") }],
    ["solution: what the instruction asks for also fails tests that don't contradict it: tiny/lib/a", { solved: () => failing("tiny/lib/a", "tiny/lib/b") }],
    ["solution: what the instruction asks for does not come out the same", { solved: (run) => (run % 2 === 1 ? failing("tiny/lib/b") : verdict("timeout")) }],
    ["cheat: the recorded cheat does not pass the visible tests", { cheated: failing("tiny/lib/b") }],
    ["break: the broken tree should compile and fail tests", { broken: () => verdict("passed") }],
    ["break: deleting the broken lines passes", { deleted: verdict("passed") }],
  ])("is told that %s", async (flaw, script) => {
    expect(await flawsOf({ ...holds, ...script }, IMPOSSIBLE)).toContainEqual(expect.stringContaining(flaw) as string);
  });
});

describe("a reference solution that is not the clean base", () => {
  const OWN_WAY = taskNamed("a", { solution: [{ path: "src/a.rs", search: "    2\n", replace: "    1\n    // in its own way\n" }] });
  const differs = { key: "tiny/lib/heldout::a 3:1 left 0", expected: "[1, 2]", seen: "[2, 1]" };

  it.each<[string, Verdict, readonly string[]]>([
    ["passes as a patch too", verdict("passed"), []],
    [
      "is disputed by a held-out test that looks at what it may do otherwise",
      { status: "disputed", tests: [], differences: [differs] },
      ["held_out: a held-out test observes what the instruction leaves open, so that the reference solution is disputed: disputed ("],
    ],
    ["does not even compile in its own build", verdict("compile-error"), ["solution: judged as a patch, the reference solution does not pass: compile-error"]],
  ])("%s", async (_, asPatch, flaws) => {
    expect(await flawsOf({ asPatch }, OWN_WAY)).toEqual(flaws.map((text) => expect.stringContaining(text) as string));
  });
});

describe("proveTasks", () => {
  it("finds no flaw in a task that holds what it promises", async () => expect(await flawsOf({})).toEqual([]));

  it.each<[string, Script]>([
    ["break: the broken tree does not fail the same way each time", { broken: (run) => odd(run, "failed", "timeout") }],
    ["break: the broken tree should compile and fail tests", { broken: () => verdict("compile-error") }],
    ["fail_to_pass: declared to fail, but passing on the broken tree: tiny/lib/a", { broken: () => verdict("held-out") }],
    ["solution: the reference solution does not pass", { solved: () => verdict("timeout") }],
    ["solution: the reference solution does not come out the same each time", { solved: (run) => odd(run, "passed", "failed") }],
    ["break: deleting the broken lines passes", { deleted: verdict("passed") }],
  ])("says %s", async (flaw, script) => expect(await flawsOf(script)).toContainEqual(expect.stringContaining(flaw) as string));

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["fail_to_pass: tiny/lib/gone matches no visible test", { fail_to_pass: ["tiny/lib/gone"] }],
    ["held_out: tiny/lib/a matches no held-out test", { held_out: ["tiny/lib/a"] }],
    ["pass_to_pass: x matches no visible test", { pass_to_pass: ["x"] }],
    ["break: the broken tree should not compile", { kind: "compile", error_codes: ["E0308"] }],
  ])("says %s", async (flaw, facts) => expect(await flawsOf({}, taskNamed("a", facts))).toContainEqual(expect.stringContaining(flaw) as string));

  it("names the tests that did not end the same way each time", async () => {
    const [proof] = await proveTasks({
      tasks: [taskNamed("a")],
      bench: benchOf({ solved: (run) => odd(run, "passed", "failed") }),
      shelf: null,
      repeats: 2,
      signal: new AbortController().signal,
      taskSlot: (work) => work(),
      proved: () => undefined,
    });
    const failed = (verdict("failed") as Extract<Verdict, { status: "failed" }>).tests.filter(({ status }) => status !== "passed");
    expect(proof?.unsteady).toEqual(failed.map(({ id }) => id).toSorted());
  });

  it("says which codes the compiler gives where others are declared", async () => {
    const task = taskNamed("a", { kind: "compile", error_codes: ["E0382"] });
    expect(await flawsOf({ broken: () => verdict("compile-error") }, task)).toEqual([
      expect.stringContaining("error_codes: declared E0382, but the compiler says E0308") as string,
    ]);
  });

  it("tells failing tests that are not declared", async () => {
    const extra: Verdict = {
      status: "failed",
      tests: [...(verdict("failed") as Extract<Verdict, { status: "failed" }>).tests, { id: "tiny/lib/z", status: "failed", heldOut: false, output: "" }],
    };
    expect(await flawsOf({ broken: () => extra })).toEqual([expect.stringContaining("failing on the broken tree, but not declared: tiny/lib/z") as string]);
  });
});

describe("what held-out tests tell of a task", () => {
  const observed = async (compileTime: readonly string[]) => {
    const bench = benchOf({ asPatch: verdict("passed") });
    const counts = new Map([["tiny/lib/heldout::h", { values: 5, bits: 1 }]]);
    const prepare: typeof bench.prepare = async (base, signal) => ({ ...(await bench.prepare(base, signal)), observations: counts, compileTime });
    const task = { ...taskNamed("a"), heldOut: ["**"] };
    const options = { shelf: null, repeats: 1, signal: new AbortController().signal, taskSlot: <T>(work: () => Promise<T>) => work(), proved: () => undefined };
    return (await proveTasks({ ...options, tasks: [task], bench: { ...bench, prepare } }))[0];
  };

  it("is counted, and is nothing where the task is about code that runs while other code compiles: none of them is run then", async () => {
    expect(await observed([])).toMatchObject({ observations: { values: 5, bits: 1 }, isWeaklyHeldOut: false });
    expect(await observed(["src/a.rs"])).toMatchObject({ observations: { values: 0, bits: 0 }, isWeaklyHeldOut: true });
  });
});
