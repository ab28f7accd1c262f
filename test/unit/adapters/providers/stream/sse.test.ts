// Server-sent events out of bytes: however they are cut, bounded, and only UTF-8.
import { describe, expect, test } from "vitest";
import { createRandom } from "../../../../../src/core/base/random.ts";
import { BrokenStreamError, readSse } from "../../../../../src/adapters/providers/stream/sse.ts";

const LIMITS = { maxFrameBytes: 1000, maxBytes: 100_000 };

async function framesOf(parts: readonly Uint8Array[], limits = LIMITS): Promise<string[]> {
  async function* body() {
    yield* parts;
  }
  const frames: string[] = [];
  for await (const frame of readSse(body(), limits)) frames.push(frame.data);
  return frames;
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("frames", () => {
  test("are the data lines up to a blank one", async () => {
    expect(await framesOf([bytes(": hi\nevent: x\ndata: a\ndata:b\n\nid: 3\n\ndata: c\n\n")])).toEqual(["a\nb", "c"]);
  });
  test("are the same however the bytes are cut", async () => {
    const text = bytes('data: {"a":"🦀é"}\r\n\r\ndata: two\r\n\r\n: end\r\n\r\n');
    const random = createRandom("cut");
    for (let round = 0; round < 200; round += 1) {
      const parts: Uint8Array[] = [];
      for (let at = 0; at < text.length; ) {
        const size = 1 + random.int(7);
        parts.push(text.subarray(at, at + size));
        at += size;
      }
      expect(await framesOf(parts)).toEqual(['{"a":"🦀é"}', "two"]);
    }
  });
  test("that the end cuts off are left out", async () => {
    expect(await framesOf([bytes("data: a\n\ndata: half\n")])).toEqual(["a"]);
  });
  test("may be many, each within its bound", async () => {
    expect(await framesOf(Array.from({ length: 500 }, () => bytes(`data: ${"x".repeat(90)}\n\n`)))).toHaveLength(500);
  });
});

describe("a stream is broken off", () => {
  test("that does not end a frame", async () => {
    await expect(framesOf(Array.from({ length: 20 }, () => bytes("x".repeat(100))))).rejects.toBeInstanceOf(BrokenStreamError);
    await expect(framesOf(Array.from({ length: 20 }, () => bytes(`data: ${"x".repeat(80)}\n`)))).rejects.toBeInstanceOf(BrokenStreamError);
  });
  test("that does not end at all", async () => {
    await expect(framesOf(Array.from({ length: 3000 }, () => bytes(": still here, still here, still here\n\n")))).rejects.toThrow("more than 100000 bytes");
  });
  test.each([[[0xff]], [[0xc3, 0x28]], [[0xed, 0xa0, 0x80]], [[0xf0, 0x9f]]])("that is not UTF-8: %j", async (bad) => {
    await expect(framesOf([bytes("data: "), new Uint8Array(bad)])).rejects.toThrow("not UTF-8");
  });
});
