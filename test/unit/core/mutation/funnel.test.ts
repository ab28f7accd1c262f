// The stages that tried mutants go through, each of which must add up.
import { describe, expect, it } from "vitest";
import { DROPS } from "../../../../src/core/mutation/draft.ts";
import { type MutantFate, mutantFunnel, mutantFunnelLine, mutantFunnelLines } from "../../../../src/core/mutation/funnel.ts";

const fate = (group: MutantFate["group"], status: MutantFate["status"], end: keyof typeof DROPS | { readonly task: string }): MutantFate =>
  typeof end === "string" ? { group, status, reason: DROPS[end], task: null } : { group, status, reason: null, task: end.task };

const FATES = [
  fate("behaviour", "passed", "survived"),
  fate("compile", "passed", "survived"),
  fate("behaviour", "failed", "not-held-out"),
  fate("behaviour", "timeout", "timeout"),
  fate("behaviour", "failed", { task: "a" }),
  fate("compile", "compile-error", { task: "b" }),
  fate("compile", "compile-error", { task: "leaking" }),
  fate("compile", "compile-error", { task: "spare" }),
  fate("behaviour", "compile-error", { task: "c" }),
  fate("behaviour", "compile-error", "alike"),
  fate("behaviour", "infrastructure", "infrastructure"),
];
const SIEVED = new Map([
  ["a", null],
  ["b", null],
  ["c", null],
  ["leaking", `${DROPS.leak} (comment)`],
]);

describe("mutantFunnel", () => {
  it("counts each mutant once: not run, not meant to break compilation, survived, dropped, spare or proven", () => {
    const funnel = mutantFunnel(FATES, SIEVED);
    expect(funnel).toEqual({
      tried: 11,
      notRun: 1,
      misfits: 2,
      misfitsProven: 1,
      asMeant: 8,
      survived: 2,
      dropped: { [DROPS["not-held-out"]]: 1, [DROPS.timeout]: 1, [`${DROPS.leak} (comment)`]: 1 },
      spare: 1,
      proven: 2,
      share: 2 / 7,
    });
    const lost = Object.values(funnel.dropped).reduce((sum, count) => sum + count, 0);
    expect(funnel.notRun + funnel.misfits + funnel.survived + lost + funnel.spare + funnel.proven).toBe(funnel.tried);
  });

  it("has no share where nothing could make a task", () => {
    expect(mutantFunnel([fate("behaviour", "compile-error", "alike")], new Map()).share).toBeNull();
    expect(mutantFunnelLines(mutantFunnel([], new Map()))).toEqual(["   0  mutants tried"]);
  });

  it("is told by stages and in a sentence", () => {
    expect(mutantFunnelLine(mutantFunnel(FATES, SIEVED))).toBe(
      "8 of them compiled, or failed to as they were meant to; 2 of these are proven as tasks (29 %), and 1 of the others",
    );
    expect(mutantFunnelLines(mutantFunnel(FATES, SIEVED))).toContain("       2  are proven as tasks: 29 %, the ones not proved left out");
  });
});
