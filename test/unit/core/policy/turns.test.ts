// Who is served beside whom: no port and no GPU twice at a time, everybody once, in an order that the seed draws.
import { describe, expect, it } from "vitest";
import { candidatesSchema, type WrittenPolicy } from "../../../../src/core/policy/schema.ts";
import { turnsOf } from "../../../../src/core/policy/turns.ts";

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
  it("of nobody are none", () => expect(turnsOf([], providers, 1)).toEqual([]));
});
