// Which functions are worth a try: probed once each, and whole files at once where one function is idle.
import { describe, expect, it } from "vitest";
import type { Coverage } from "../../../src/core/mutation/draft.ts";
import { findMutants } from "../../../src/core/mutation/mutant.ts";
import { OPERATORS } from "../../../src/core/mutation/operators/operator.ts";
import { ExercisedFunctions } from "../../../src/suite-making/exercised.ts";
import { parse } from "../core/mutation/rust.ts";

const source = ["used", "seen", "dead", "gone"].map((name) => `pub fn ${name}(a: u32, b: u32) -> bool {\n    a < b && a != ${name.length}\n}\n`).join("");
const mutants = findMutants([{ path: "src/lib.rs", source }], OPERATORS, parse);
const of = (name: string) => mutants.filter(({ enclosing }) => enclosing?.name === name);

function world(both: readonly string[], visibleOnly: readonly string[] = [], patience = 10) {
  const probes: string[] = [];
  const coverageOf = (names: readonly string[]): Coverage => {
    probes.push(names.join(" "));
    const heldOut = names.some((name) => both.includes(name)) ? ["h"] : [];
    return { visible: heldOut.length > 0 || names.some((name) => visibleOnly.includes(name)) ? ["v"] : [], heldOut };
  };
  const trials = {
    coverage: async ({ enclosing }: (typeof mutants)[number]) => coverageOf([enclosing?.name ?? ""]),
    coverageOfAll: async (_: string, functions: readonly { readonly name: string }[]) => coverageOf(functions.map(({ name }) => name)),
  };
  return { probes, functions: new ExercisedFunctions(trials, mutants, patience) };
}

describe("functions that are worth a try", () => {
  it("are those that visible and held-out tests run, each probed once", async () => {
    const { functions, probes } = world(["used", "gone"], ["seen"]);
    const some = [...of("used").slice(0, 1), ...of("seen").slice(0, 1)];
    expect(await functions.worthTrying(some)).toEqual(some.slice(0, 1));
    expect(await functions.worthTrying(some)).toEqual(some.slice(0, 1));
    // The rest of the file was probed together, and some of it is run.
    expect(probes).toEqual(["used", "seen", "dead gone"]);
    expect(await functions.worthTrying(of("gone").slice(0, 1))).toHaveLength(1);
  });

  it("are found idle a file at a time", async () => {
    const { functions, probes } = world(["used"]);
    expect(await functions.worthTrying([...of("used").slice(0, 1), ...of("seen").slice(0, 1)])).toHaveLength(1);
    expect([of("dead"), of("gone")].map((some) => some.every(functions.isIdle))).toEqual([true, true]);
    expect(await functions.worthTrying(of("dead").slice(0, 1))).toEqual([]);
    expect(probes).toEqual(["used", "seen", "dead gone"]);
  });

  it("are not looked for any more after as many probes in vain as there may be tries", async () => {
    const { functions, probes } = world(["used"], ["dead"], 1);
    expect(await functions.worthTrying(of("dead").slice(0, 1))).toEqual([]);
    expect(await functions.worthTrying(of("used").slice(0, 1))).toHaveLength(1);
    expect(probes).toEqual(["dead", "used seen gone"]);
  });
});
