// The cache, by age and by size: what goes is the oldest, no more than must, and nothing before it is confirmed.
import { describe, expect, it } from "vitest";
import { type CachedBase, listCache, pruneCache } from "../../../../src/app/cache/cache.ts";

const base = (key: string, day: number, bytes: number): CachedBase => ({ key, bytes, lastUsed: new Date(Date.UTC(2026, 10, day)) });

function world(bases: readonly CachedBase[]) {
  const removed: string[] = [];
  return {
    root: "/c",
    now: () => new Date(Date.UTC(2026, 10, 30)),
    list: async () => bases,
    remove: async (keys: readonly string[]) => void removed.push(...keys),
    removed,
  };
}

const THREE = [base("young", 29, 10), base("old", 1, 20), base("middle", 20, 30)];
const keysOf = (bases: readonly CachedBase[]) => bases.map(({ key }) => key);

describe("the cache", () => {
  it("is listed with the longest unused first", async () => {
    expect(await listCache(world(THREE))).toMatchObject({ bytes: 60, bases: [{ key: "old" }, { key: "middle" }, { key: "young" }] });
  });

  it.each([
    [{ days: 15, maxBytes: null }, ["old"]],
    [{ days: null, maxBytes: 45 }, ["old"]],
    [{ days: null, maxBytes: 39 }, ["old", "middle"]],
    [{ days: null, maxBytes: 5 }, ["old", "middle", "young"]],
    [{ days: 5, maxBytes: 60 }, ["old", "middle"]],
    [{ days: null, maxBytes: 60 }, []],
  ] as const)("loses for %j no more than it must", async (request, keys) => {
    const here = world(THREE);
    expect(keysOf(await pruneCache(here, { ...request, confirmed: true }))).toEqual(keys);
    expect(here.removed).toEqual(keys);
  });

  it("loses nothing before that is confirmed, and asks what is to go", async () => {
    const here = world(THREE);
    expect(keysOf(await pruneCache(here, { days: 0, maxBytes: null, confirmed: false }))).toHaveLength(3);
    expect(here.removed).toEqual([]);
    await expect(pruneCache(here, { days: null, maxBytes: null, confirmed: true })).rejects.toMatchObject({ code: "usage" });
  });
});
