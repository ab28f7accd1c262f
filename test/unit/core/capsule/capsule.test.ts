// A capsule's parts: lines and their schemas, plan order, the folded record, the texts it refers to.
import { describe, expect, it } from "vitest";
import { hashOf, sha256 } from "../../../../src/core/base/canonical.ts";
import { createRandom } from "../../../../src/core/base/random.ts";
import { capsuleLine, closeSeal, eventLine, LATE_SEQ, lineText } from "../../../../src/core/capsule/line.ts";
import { inPlanOrder, plannedCount, planRanks } from "../../../../src/core/capsule/order.ts";
import { foldRun, plannedAt, plannedTrials } from "../../../../src/core/capsule/record.ts";
import { referredHashes } from "../../../../src/core/capsule/reference.ts";
import { capsuleFaults } from "../../../../src/core/capsule/verify.ts";
import type { TrialEvent } from "../../../../src/core/trial/event.ts";
import { headerOf, taskNamed } from "../../run/fakes.ts";
import { attemptEvents } from "../router/history.ts";
import { FIRST_ATTEMPT, plainLine } from "./sealed.ts";

const header = headerOf({ tasks: [taskNamed("a"), taskNamed("c")], candidates: ["small", "other"], epochs: 2 });
const line = plainLine;

describe("planned trials", () => {
  it("go by epoch, then task, then candidate", () => {
    expect(plannedTrials(header).map(({ id }) => id)).toEqual([
      "small/fix-a/1",
      "other/fix-a/1",
      "small/fix-c/1",
      "other/fix-c/1",
      "small/fix-a/2",
      "other/fix-a/2",
      "small/fix-c/2",
      "other/fix-c/2",
    ]);
  });
});

describe("a trial's place in the plan", () => {
  const wide = headerOf({ tasks: ["a", "b", "c"].map((name) => taskNamed(name)), candidates: ["small", "other", "third"], epochs: 12 });

  it("is reckoned from its name, and its name from its place", () => {
    const ranks = planRanks(wide);
    const planned = plannedTrials(wide);
    expect(planned.map(({ id }) => ranks(id))).toEqual(planned.map((_, index) => index));
    expect(planned.map((_, index) => plannedAt(wide, index))).toEqual(planned);
    expect([plannedCount(wide), planned.length]).toEqual([108, 108]);
  });

  it("is none for a name that was not planned, however alike", () => {
    const ranks = planRanks(wide);
    for (const name of [
      "",
      "/",
      "small",
      "small/fix-a",
      "small/fix-a/0",
      "small/fix-a/13",
      "small/fix-a/01",
      "small/fix-a/1 ",
      "small/fix-a/1e0",
      "small/fix-d/1",
      "fix-a/small/1",
    ])
      expect([name, ranks(name)]).toEqual([name, null]);
    expect(ranks(null)).toBe(-1);
    expect([-1, 108, 0.5].map((rank) => plannedAt(wide, rank)?.id ?? null)).toEqual([null, null, null]);
  });
});

describe("plan order", () => {
  const ordered = [line(null, 0), line(null, 1), ...plannedTrials(header).flatMap(({ id }) => [0, 1, 2, LATE_SEQ].map((seq) => line(id, seq)))];

  it("is found again from any order", () => {
    const random = createRandom("order");
    for (let count = 0; count < 50; count += 1) expect(inPlanOrder(header, random.shuffle(ordered))).toEqual(ordered);
  });

  it("has trials that were never planned last", () => {
    const stranger = line("who/knows/1", 0);
    expect(inPlanOrder(header, [stranger, ...ordered]).at(-1)).toBe(stranger);
  });
});

describe("the record of a run", () => {
  it("has every planned trial, begun or not, and the run's own events", () => {
    const record = foldRun(header, [line("small/fix-a/1", 0), line(null, 0)]);
    expect(record.trials).toHaveLength(8);
    expect(record.trials.map(({ state }) => state.stage)).toEqual(["Plan", ...Array.from({ length: 7 }, () => null)]);
    expect(record.runEvents).toHaveLength(1);
  });

  it("does not mind the order in which events come", () => {
    const lines = attemptEvents(FIRST_ATTEMPT, "failed").map((payload, seq) => line("small/fix-a/1", seq, { payload }));
    expect(foldRun(header, lines.toReversed())).toEqual(foldRun(header, lines));
  });

  it("is refused as damage where events of a trial are missing", () => {
    const lines = attemptEvents(FIRST_ATTEMPT, "failed")
      .map((payload, seq) => line("small/fix-a/1", seq, { payload }))
      .slice(1);
    expect(() => foldRun(header, lines)).toThrow(expect.objectContaining({ code: "integrity" }));
    expect(capsuleFaults({ header, events: lines, seal: null, blobs: [] }).map(({ check }) => check)).toEqual([
      "sealed",
      "policy-resolves",
      "sequence",
      "envelopes",
      "mandatory-events",
      "trials-finished",
    ]);
  });
});

describe("lines", () => {
  it("have one text, whatever order their members came in", () => {
    const one = line("small/fix-a/1", 0);
    const turned = eventLine.parse(Object.fromEntries(Object.entries(one).toReversed()));
    expect(lineText(turned)).toBe(lineText(one));
  });

  it("take no member that is not theirs, and no kind that there is none of", () => {
    expect(capsuleLine.safeParse({ ...line(null, 0), colour: 1 }).success).toBe(false);
    expect(capsuleLine.safeParse({ ...line(null, 0), kind: "note" }).success).toBe(false);
    expect(capsuleLine.safeParse({ ...header, format: 2 }).success).toBe(false);
    expect(capsuleLine.safeParse({ ...header, run_id: "../../etc" }).success).toBe(false);
  });

  it("of a seal carry their own hash", () => {
    const facts = {
      kind: "seal",
      format: 1,
      run_id: "r",
      sealed_at: "t",
      merkle_root: sha256("m"),
      header_hash: sha256("h"),
      events: 1,
      blobs: 2,
      suite_root: sha256("s"),
      policy_hash: sha256("p"),
    } as const;
    const { seal_hash: hash, ...rest } = closeSeal(facts);
    expect(rest).toEqual(facts);
    expect(hash).toBe(hashOf(facts));
  });
});

describe("referred texts", () => {
  it("are all hashes of the header and of events, and nothing else", () => {
    const payload: TrialEvent = { type: "RetrievalResponse", request_id: "r", response_hash: sha256("x"), latency_ms: 1, error: null };
    const referred = referredHashes(header, [line("small/fix-a/1", 0, { payload })]);
    expect(referred.has(sha256("x"))).toBe(true);
    expect(referred.has(header.policy.snapshot_hash)).toBe(true);
    expect([...referred].every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
    expect(referred.has(sha256("y"))).toBe(false);
  });
});
