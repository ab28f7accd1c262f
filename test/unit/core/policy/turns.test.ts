// Who is served beside whom: no port and no GPU twice at a time, everybody once, in an order that the seed draws.
import { describe, expect, it } from "vitest";
import { candidatesSchema, type WrittenPolicy } from "../../../../src/core/policy/schema.ts";
import { blockCount, blockOf, turnsOf, visitsOf } from "../../../../src/core/policy/turns.ts";

const providers = { a: { kind: "sglang", cloud: false, endpoint: "http://127.0.0.1:30000/v1" } } as WrittenPolicy["providers"];
const made = (...candidates: readonly Record<string, unknown>[]) =>
  candidatesSchema.parse({ format: 1, candidate: candidates.map((facts) => ({ provider: "a", model: "m", max_output_tokens: 100, start: "x", ...facts })) })
    .candidate;

const at = (port: number) => `http://localhost:${port}/v1`;
const gpu = (gpus: string) => ({ start_env: { CUDA_VISIBLE_DEVICES: gpus } });

describe("turns", () => {
  it("give everybody who shares a port one of its own", () => {
    const turns = turnsOf(made({ name: "x" }, { name: "y" }, { name: "z", endpoint: at(30_000) }), providers, 1);
    expect(turns.map(({ length }) => length)).toEqual([1, 1, 1]);
    expect(turns.flat().toSorted()).toEqual(["x", "y", "z"]);
  });
  it("are one after the other for servers that may all use every GPU", () =>
    expect(turnsOf(made({ name: "x", endpoint: at(1) }, { name: "y", endpoint: at(2) }), providers, 1)).toHaveLength(2));
  it("are one for servers with ports and GPUs of their own", () =>
    expect(turnsOf(made({ name: "x", endpoint: at(1), ...gpu("0,1") }, { name: "y", endpoint: at(2), ...gpu("2") }), providers, 1)).toEqual([["x", "y"]]));
  it("part servers that share one GPU of several", () =>
    expect(turnsOf(made({ name: "x", endpoint: at(1), ...gpu("0,1") }, { name: "y", endpoint: at(2), ...gpu("1") }), providers, 1)).toHaveLength(2));
  it.each(["", "-1"])("let servers without a GPU stand beside any other: %j", (none) =>
    expect(turnsOf(made({ name: "x", endpoint: at(1) }, { name: "y", endpoint: at(2), ...gpu(none) }), providers, 1)).toEqual([["x", "y"]]),
  );
  it("know a GPU from the start line as well", () =>
    expect(
      turnsOf(made({ name: "x", endpoint: at(1), start: "CUDA_VISIBLE_DEVICES=0 x" }, { name: "y", endpoint: at(2), ...gpu("1") }), providers, 1),
    ).toHaveLength(1));
  it("come in an order that the seed draws, and the same one each time", () => {
    const three = made({ name: "x" }, { name: "y" }, { name: "z" });
    const orders = Array.from({ length: 20 }, (_, seed) => turnsOf(three, providers, seed).flat().join(""));
    expect(orders).toEqual(Array.from({ length: 20 }, (_, seed) => turnsOf(three, providers, seed).flat().join("")));
    expect(new Set(orders).size).toBeGreaterThan(3);
  });
  const count = (...two: readonly Record<string, unknown>[]): number => turnsOf(made(...two), providers, 1).length;
  it.each([
    ["http://localhost:80/v1", "http://127.0.0.1/v1"],
    ["https://gpu/v1", "https://gpu:443/other"],
    ["http://[::1]:5/v1", "http://0.0.0.0:5/v1"],
    ["http://127.9.8.7:5/v1", "http://localhost:5/v1"],
  ])("know one address in two spellings: %s and %s", (one, other) =>
    expect(count({ name: "x", endpoint: one, ...gpu("") }, { name: "y", endpoint: other, ...gpu("") })).toBe(2),
  );
  it.each([
    ["http://gpu/v1", "https://gpu/v1"],
    ["http://gpu:1/v1", "http://gpu:2/v1"],
    ["http://gpu:5/v1", "http://localhost:5/v1"],
  ])("know two addresses: %s and %s", (one, other) =>
    expect(count({ name: "x", endpoint: one, ...gpu("") }, { name: "y", endpoint: other, ...gpu("") })).toBe(1),
  );
  it("know a provider's address where a candidate has none of its own", () => {
    expect(count({ name: "x", ...gpu("") }, { name: "y", endpoint: at(30_000), ...gpu("") })).toBe(2);
    expect(count({ name: "x", provider: "unknown", ...gpu("") }, { name: "y", endpoint: at(30_000), ...gpu("") })).toBe(1);
  });
  it("part a server of one GPU from one that may use all, and read what stands between commas", () => {
    expect(count({ name: "x", endpoint: at(1), ...gpu("0") }, { name: "y", endpoint: at(2) })).toBe(2);
    expect(count({ name: "x", endpoint: at(1) }, { name: "y", endpoint: at(2), ...gpu("0") })).toBe(2);
    expect(count({ name: "x", endpoint: at(1), ...gpu("0, 1") }, { name: "y", endpoint: at(2), ...gpu(" 1 ,, -1") })).toBe(2);
    expect(count({ name: "x", endpoint: at(1), ...gpu("0, 1") }, { name: "y", endpoint: at(2), ...gpu("2,,") })).toBe(1);
  });
  it("put everybody into the first turn with nobody in the way, by name", () => {
    const four = made(
      { name: "b", endpoint: at(1) },
      { name: "c", endpoint: at(2), ...gpu("") },
      { name: "a", endpoint: at(3), ...gpu("") },
      { name: "d", endpoint: at(4) },
    );
    for (const seed of [1, 2, 3, 4]) {
      const turns = turnsOf(four, providers, seed);
      expect(turns).toHaveLength(2);
      expect(turns[0]).toHaveLength(3);
      expect(turns[0]).toEqual(turns[0]?.toSorted());
      expect(turns[0]).toEqual(expect.arrayContaining(["a", "c"]));
    }
  });
  it("of nobody are none", () => expect(turnsOf([], providers, 1)).toEqual([]));
});

describe("turns over blocks of tasks", () => {
  const three = [["a"], ["b"], ["c"]];

  it("are as often early as late for each, and the last of a block stays for the next", () => {
    expect(visitsOf(three, 2).map(({ turn, blocks }) => `${turn.join()}${blocks.join("")}`)).toEqual(["a0", "b0", "c01", "b1", "a1"]);
    for (const blocks of [2, 4]) {
      const places = visitsOf(three, blocks).flatMap(({ turn, blocks: own }) => own.map(() => turn.join()));
      const mean = (name: string): number => places.reduce((sum, own, place) => sum + (own === name ? place : 0), 0) / blocks;
      expect([mean("a"), mean("b"), mean("c")]).toEqual([mean("a"), mean("a"), mean("a")]);
    }
  });

  it("are one block for one turn or one task, and an even number of at most four else", () => {
    expect([blockCount([["a"]], 100), blockCount(three, 1), blockCount(three, 2), blockCount(three, 3), blockCount(three, 100)]).toEqual([1, 1, 2, 2, 4]);
    expect([blockCount([["a"], ["b"]], 2), blockCount([], 9)]).toEqual([2, 1]);
  });

  it("cut the tasks in order into parts that differ by one at most", () => {
    const sizes = new Map<number, number>();
    for (let item = 0; item < 10; item += 1) sizes.set(blockOf(item, 10, 4), (sizes.get(blockOf(item, 10, 4)) ?? 0) + 1);
    expect([...sizes]).toEqual([
      [0, 3],
      [1, 2],
      [2, 3],
      [3, 2],
    ]);
  });
});
