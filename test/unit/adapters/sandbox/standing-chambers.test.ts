import { describe, expect, it } from "vitest";
import type { Chamber } from "../../../../src/adapters/sandbox/chamber.ts";
import { StandingChambers } from "../../../../src/adapters/sandbox/standing-chambers.ts";
import type { ChamberNeeds } from "../../../../src/adapters/sandbox/tiers/tier.ts";

const needs = (base: string): ChamberNeeds => ({ layer: "overlay", base, sysroot: "/rust", vendor: null, toolchainLibraries: false, scratchBytes: 1 });

/** Chambers are named by their base and number; `fails`: those of this base can't be laid. */
function world(fails = "") {
  const [opened, left, dead]: [string[], string[], Set<string>] = [[], [], new Set()];
  const open = async ({ base }: ChamberNeeds): Promise<Chamber> => {
    const folder = `${base}${opened.filter((name) => name.startsWith(base)).length + 1}`;
    opened.push(folder);
    if (base === fails) throw new Error(`no ${folder}`);
    return { folder, marks: new Map(), go: () => Promise.resolve("done"), hasEnded: () => dead.has(folder), leave: () => Promise.resolve() };
  };
  const standing = new StandingChambers(open, ({ folder }) => void left.push(folder));
  return { standing, opened, left, dead };
}

describe("chambers that stand ready", () => {
  it("are one for each kind of job, and have one job each", async () => {
    const { standing, opened } = world();
    for (const base of ["loop", "confirmation", "loop"]) standing.prepare(needs(base));
    expect(opened).toEqual(["loop1", "confirmation1"]);
    expect((await standing.take(needs("confirmation"))).folder).toBe("confirmation1");
    expect((await standing.take(needs("loop"))).folder).toBe("loop1");
    expect((await standing.take(needs("loop"))).folder).toBe("loop2");
  });

  it("are of the kinds that came last: the one that was not asked for longest is left", async () => {
    const { standing, left } = world();
    for (const base of ["a", "b", "c", "d", "e", "f"]) standing.prepare(needs(base));
    await standing.take(needs("a"));
    standing.prepare(needs("a"));
    standing.prepare(needs("g"));
    await Promise.resolve();
    await standing.close();
    expect(left[0]).toBe("b1");
    expect(left.toSorted()).toEqual(["a2", "b1", "c1", "d1", "e1", "f1", "g1"]);
  });

  it("are waited for at the end, those that gave way while they were laid among them", async () => {
    const left: string[] = [];
    const slow = async ({ base }: ChamberNeeds): Promise<Chamber> => {
      await new Promise((resolve) => setTimeout(resolve, base === "first" ? 20 : 0));
      return { folder: base, marks: new Map(), go: () => Promise.resolve("done"), hasEnded: () => false, leave: () => Promise.resolve() };
    };
    const standing = new StandingChambers(slow, ({ folder }) => void left.push(folder));
    for (const base of ["first", "b", "c", "d", "e", "f", "g"]) standing.prepare(needs(base));
    await standing.close();
    expect(left.toSorted()).toEqual(["b", "c", "d", "e", "f", "first", "g"]);
  });

  it("are no use once they have ended, or could not be laid: then the job opens its own, and is told", async () => {
    const { standing, left, dead } = world("bad");
    standing.prepare(needs("a"));
    dead.add("a1");
    expect((await standing.take(needs("a"))).folder).toBe("a2");
    expect(left).toEqual(["a1"]);
    standing.prepare(needs("bad"));
    await expect(standing.take(needs("bad"))).rejects.toThrow("no bad2");
    standing.prepare(needs("bad"));
    await standing.close();
    expect(left).toEqual(["a1"]);
  });
});
