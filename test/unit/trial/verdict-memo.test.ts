// Verdicts by tree: verified once, shared with whoever asks meanwhile, never shared where our own side failed.
import { describe, expect, it } from "vitest";
import { PlantVerdicts } from "../../../src/trial/plant-verdicts.ts";
import type { FoundVerdict, MemoVerdict } from "../../../src/ports/trial-queue.ts";
import { type PatchedTree, VerdictMemo } from "../../../src/trial/verdict-memo.ts";
import { fakeBench, taskNamed, VERDICTS } from "../run/fakes.ts";

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

const told = ({ verification, origin }: FoundVerdict): string => `${verification.verdict.status}${origin === "worked-out" ? "" : ` ${origin}`}`;

const treeOf = (task: string, epoch: number, content = "x"): PatchedTree => ({ task: taskNamed(task), epoch, changes: new Map([["src/a.rs", content]]) });
const K = treeOf("a", 1);

describe("the memo of verdicts", () => {
  it("verifies a tree once, for those that come later and those that come meanwhile", async () => {
    const memo = new VerdictMemo();
    const { asked, verify } = verifier("failed");
    const together = await Promise.all([memo.of(K, verify), memo.of(K, verify), memo.of(K, verify)]);
    expect([...together, await memo.of(K, verify)].map(told)).toEqual(["failed", "failed reused", "failed reused", "failed reused"]);
    expect(asked.count).toBe(1);
  });

  it("keeps different trees apart", async () => {
    const memo = new VerdictMemo();
    const { asked, verify } = verifier("passed");
    await Promise.all([treeOf("a", 1), treeOf("a", 2), treeOf("b", 1), treeOf("a", 1, "y")].map((tree) => memo.of(tree, verify)));
    expect(asked.count).toBe(4);
  });

  it("does not share our own failure, neither later nor with those that waited", async () => {
    const later = new VerdictMemo();
    const first = verifier("infrastructure", "passed");
    expect([told(await later.of(K, first.verify)), told(await later.of(K, first.verify))]).toEqual(["infrastructure", "passed"]);
    const meanwhile = new VerdictMemo();
    const second = verifier("infrastructure", "passed");
    const ends = await Promise.all([1, 2, 3, 4].map(() => meanwhile.of(K, second.verify)));
    expect(ends.map(told)).toEqual(["infrastructure", "passed", "passed reused", "passed reused"]);
    expect(second.asked.count).toBe(2);
  });

  it("forgets a task's verdicts of an epoch once the last of its trials has ended, and no others", async () => {
    const memo = new VerdictMemo();
    const [one, other] = [treeOf("a", 1), treeOf("a", 2)];
    for (const group of [one, one, other]) memo.expect(group);
    const { asked, verify } = verifier("passed");
    await Promise.all([memo.of(one, verify), memo.of(other, verify)]);
    memo.ended(one);
    expect(told(await memo.of(one, verify))).toBe("passed reused");
    memo.ended(one);
    expect(memo.held).toBe(1);
    expect(told(await memo.of(other, verify))).toBe("passed reused");
    memo.ended(other);
    expect([memo.held, asked.count]).toEqual([0, 2]);
  });

  it("asks again after what was thrown", async () => {
    const memo = new VerdictMemo();
    await expect(memo.of(K, () => Promise.reject(new Error("stopped")))).rejects.toThrow("stopped");
    expect(told(await memo.of(K, verifier("passed").verify))).toBe("passed");
  });
});

describe("verdicts on planted patches", () => {
  const signal = new AbortController().signal;

  it("are worked out in the first run and kept for the next, which takes them over without a time", async () => {
    const bench = fakeBench();
    const { asked, verify } = verifier("failed");
    const first = await new PlantVerdicts(bench, new VerdictMemo(), signal).of(K, verify);
    const next = await new PlantVerdicts(bench, new VerdictMemo(), signal).of(treeOf("a", 2), verify);
    expect([first, next].map(told)).toEqual(["failed", "failed kept"]);
    expect(next.verification).toMatchObject({ times: { totalMs: 0 }, queueMs: 0, treeHash: first.verification.treeHash });
    expect(asked.count).toBe(1);
  });

  it("take over what a candidate's attempt of the same epoch came to, and keep that", async () => {
    const [bench, memo] = [fakeBench(), new VerdictMemo()];
    await memo.of(K, verifier("passed").verify);
    expect(told(await new PlantVerdicts(bench, memo, signal).of(K, verifier("failed").verify))).toBe("passed reused");
    expect(told(await new PlantVerdicts(bench, new VerdictMemo(), signal).of(K, verifier("failed").verify))).toBe("passed kept");
  });

  it("are never a candidate's: one that comes to the same tree has it verified", async () => {
    const [bench, memo] = [fakeBench(), new VerdictMemo()];
    await new PlantVerdicts(bench, new VerdictMemo(), signal).of(K, verifier("passed").verify);
    await new PlantVerdicts(bench, memo, signal).of(K, verifier("passed").verify);
    expect(told(await memo.of(K, verifier("failed").verify))).toBe("failed");
  });
});
