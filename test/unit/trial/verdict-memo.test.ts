// Verdicts by tree: verified once, shared with whoever asks meanwhile, never shared where our own side failed.
import { describe, expect, it } from "vitest";
import { VerdictMemo, type MemoVerdict } from "../../../src/trial/verdict-memo.ts";
import { VERDICTS } from "../run/fakes.ts";

const verified = (name: string): MemoVerdict => ({
  verification: {
    verdict: VERDICTS[name] as MemoVerdict["verification"]["verdict"],
    notes: [],
    times: { applyMs: 1, checkMs: 1, testMs: 1, overheadMs: 1, totalMs: 4 },
    queueMs: 0,
    treeHash: "0".repeat(64),
  },
  retries: name === "infrastructure" ? 1 : 0,
});

/** Answers in turn, each a little later, and counts. */
function verifier(...names: readonly string[]) {
  const asked = { count: 0 };
  const verify = async (): Promise<MemoVerdict> => {
    const name = names[Math.min(asked.count, names.length - 1)] ?? "passed";
    asked.count += 1;
    await new Promise((resolve) => setImmediate(resolve));
    return verified(name);
  };
  return { asked, verify };
}

const told = ({ verification, reused }: MemoVerdict & { readonly reused: boolean }): string => `${verification.verdict.status}${reused ? " reused" : ""}`;

describe("the memo of verdicts", () => {
  it("verifies a tree once, for those that come later and those that come meanwhile", async () => {
    const memo = new VerdictMemo();
    const { asked, verify } = verifier("failed");
    const together = await Promise.all([memo.of("k", verify), memo.of("k", verify), memo.of("k", verify)]);
    expect([...together, await memo.of("k", verify)].map(told)).toEqual(["failed", "failed reused", "failed reused", "failed reused"]);
    expect(asked.count).toBe(1);
  });

  it("keeps different trees apart", async () => {
    const memo = new VerdictMemo();
    const { asked, verify } = verifier("passed");
    await Promise.all(["a/1/x", "a/2/x", "b/1/x"].map((key) => memo.of(key, verify)));
    expect(asked.count).toBe(3);
  });

  it("does not share our own failure, neither later nor with those that waited", async () => {
    const later = new VerdictMemo();
    const first = verifier("infrastructure", "passed");
    expect([told(await later.of("k", first.verify)), told(await later.of("k", first.verify))]).toEqual(["infrastructure", "passed"]);
    const meanwhile = new VerdictMemo();
    const second = verifier("infrastructure", "passed");
    const ends = await Promise.all([1, 2, 3, 4].map(() => meanwhile.of("k", second.verify)));
    expect(ends.map(told)).toEqual(["infrastructure", "passed", "passed reused", "passed reused"]);
    expect(second.asked.count).toBe(2);
  });

  it("asks again after what was thrown", async () => {
    const memo = new VerdictMemo();
    await expect(memo.of("k", () => Promise.reject(new Error("stopped")))).rejects.toThrow("stopped");
    expect(told(await memo.of("k", verifier("passed").verify))).toBe("passed");
  });
});
