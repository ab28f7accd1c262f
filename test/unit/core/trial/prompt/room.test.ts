// What a server's context must take: no prompt that is built needs more, and who is short of it is told before the run.
import { expect, test } from "vitest";
import { repositoryOutline } from "../../../../../src/core/trial/prompt/outline.ts";
import { attemptPrompt } from "../../../../../src/core/trial/prompt/prompt.ts";
import { roomNeeded, roomWarning } from "../../../../../src/core/trial/prompt/room.ts";
import { estimateTokens } from "../../../../../src/core/trial/prompt/text.ts";
import type { Verdict } from "../../../../../src/core/verdict/verdict.ts";
import { base, budget, heldOut, task, tree, visible } from "../../router/sample-task.ts";

const long = "line of output\n".repeat(5000);
const failed: Verdict = { status: "failed", tests: [visible("a/lib/add::tests::adds", "failed", long), heldOut("failed")] };
const prompted = (previous: number): number =>
  attemptPrompt({
    task,
    tree,
    outline: repositoryOutline(base, [task], budget.map_tokens),
    start: failed,
    budget,
    format: "whole",
    plan: long,
    previous: Array.from({ length: previous }, () => ({ answer: long, verdict: failed })),
  }).reduce((sum, { content }) => sum + estimateTokens(content), 0);

const reflex = (attempts: number) => ({ max_attempts: attempts }) as Parameters<typeof roomNeeded>[0]["policy"]["reflex"];
const needed = (attempts: number) =>
  roomNeeded({ policy: { prompt: budget, reflex: reflex(attempts) }, tasks: [task, { instruction: "short" }], format: "whole", maxOutputTokens: 700 });

test.each([1, 2, 4])("no prompt of %i attempts needs more than is said, with whatever the answers and outputs hold", (attempts) => {
  const { first, last } = needed(attempts);
  expect(prompted(0) + 700).toBeLessThanOrEqual(first);
  expect(prompted(attempts - 1) + 700).toBeLessThanOrEqual(last);
});

test("an attempt more needs room for its answer and for what is said of it", () => {
  expect(needed(3).last - needed(2).last).toBe(2 * budget.feedback_tokens);
  expect(needed(1)).toMatchObject({ last: needed(3).first });
});

test("a context that takes all of it is no matter; a shorter one is told with both figures and the way out", () => {
  const needs = { first: 9000, last: 12_000 };
  expect(roomWarning("m", 12_000, needs)).toBeNull();
  expect(roomWarning("m", 11_999, needs)).toMatch(
    /^the server of m takes 11999 tokens of prompt and answer, and a last attempt can need 12000 .*context-too-long; .*prompt\.context_tokens/,
  );
  expect(roomWarning("m", 8999, needs)).toContain("even a first attempt can need 9000");
});
