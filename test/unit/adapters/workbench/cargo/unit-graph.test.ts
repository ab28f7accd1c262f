import { expect, it } from "vitest";
import { readUnitGraph, standingAlone } from "../../../../../src/adapters/workbench/cargo/unit-graph.ts";

const unit = (id: string, features: readonly string[], dependencies: readonly number[] = []) => ({
  pkg_id: id,
  features,
  mode: "build",
  dependencies: dependencies.map((index) => ({ index, extern_crate_name: "x" })),
});
const read = (units: readonly object[], roots: readonly number[]) => readUnitGraph(JSON.stringify({ version: 1, units, roots }));

it("names a unit alike in two graphs, wherever it stands in them", () => {
  const whole = read([unit("serde", ["std"]), unit("meter", [], [0]), unit("gauge", [], [0, 1])], [1, 2]);
  const alone = read([unit("meter", [], [1]), unit("serde", ["std"])], [0]);
  expect(alone.roots.size).toBe(1);
  expect([...alone.roots].every((root) => whole.all.has(root))).toBe(true);
});

it("tells a unit apart by what its dependencies are compiled with, however far down", () => {
  const whole = read([unit("libc", ["std", "extra"]), unit("serde", [], [0]), unit("meter", [], [1])], [2]);
  const alone = read([unit("libc", ["std"]), unit("serde", [], [0]), unit("meter", [], [1])], [2]);
  expect([...alone.roots].some((root) => whole.all.has(root))).toBe(false);
});

it("throws on what is no unit graph", () => {
  expect(() => readUnitGraph('{"units":[]}')).toThrow();
  expect(() => readUnitGraph("error: no")).toThrow(SyntaxError);
});

it("finds the packages that stand alone; none where cargo does not tell", async () => {
  const whole = read([unit("serde", ["std"]), unit("meter", [], [0]), unit("gauge", [], [0])], [1, 2]);
  const graphs: Record<string, ReturnType<typeof read> | null> = {
    meter: read([unit("serde", []), unit("meter", [], [0])], [1]),
    gauge: read([unit("serde", ["std"]), unit("gauge", [], [0])], [1]),
    empty: read([], []),
    silent: null,
  };
  const unitsOf = async (packages: readonly string[] | null) => (packages === null ? whole : (graphs[packages[0] ?? ""] ?? null));
  expect(await standingAlone(["meter", "gauge", "empty", "silent"], unitsOf)).toEqual(["gauge"]);
  expect(await standingAlone(["gauge"], async () => null)).toEqual([]);
});
