// Facts about what is kept of a journal that a run goes on with: what counts of it, and what is known from it.
import { describe, expect, it } from "vitest";
import { type EventLine, LATE_SEQ } from "../../../../src/core/capsule/line.ts";
import { plannedTrials } from "../../../../src/core/capsule/record.ts";
import { spentIn } from "../../../../src/core/capsule/spent.ts";
import { runBakeoff } from "../../../../src/app/run/bakeoff.ts";
import { nothingKept } from "../../../../src/app/run/kept-run.ts";
import { fakeBench, headerOf, keptOf, memoryJournal, optionsFor, policyWith, ranIn } from "../../run/fakes.ts";
import { plainLine } from "../../core/capsule/sealed.ts";

const asking = policyWith((policy) => void (policy.tier2.enabled = true));
const header = headerOf({ snapshot: asking });

async function journalOf() {
  const journal = memoryJournal(header);
  const notebook = { port: { ask: async () => ({ outcome: "answered" as const, text: "note", totalMs: 1 }) } };
  const record = await ranIn(journal, optionsFor({ snapshot: asking }, journal, { notebook }));
  return { ...journal, record };
}

const isUnlock = ({ payload }: EventLine): boolean => payload.type === "GateDecision" && payload.gate_name === "unlock";
const without = (events: readonly EventLine[], trial: string): EventLine[] => events.filter((line) => line.trial !== trial || !isUnlock(line));

describe("what is kept of a journal", () => {
  it("is everything of one that is whole, and that all of its trials have ended", async () => {
    const { events, blobs, record } = await journalOf();
    const { kept, events: left } = keptOf({ events, blobs });
    expect(left).toEqual(events);
    expect(plannedTrials(header).map(({ id }) => kept.isFinished(id))).toEqual(Array.from({ length: 6 }, () => true));
    expect(kept.knowledge.spent).toEqual(spentIn(record));
    expect([kept.openQuestions, kept.runEvents.length]).toEqual([[], record.runEvents.length]);
    expect(kept.lastTimestamp).toBe(
      events
        .map(({ timestamp }) => timestamp)
        .toSorted()
        .at(-1),
    );
  });

  it("is the whole history of a trial that has not ended, and none of one that has", async () => {
    const { events, blobs } = await journalOf();
    const cut = without(events, "small/fix-a/1");
    const { kept } = keptOf({ events: cut, blobs });
    const own = cut.filter(({ trial, seq }) => trial === "small/fix-a/1" && seq < LATE_SEQ).map(({ payload }) => payload);
    expect(kept.history("small/fix-a/1")).toEqual(own);
    expect([kept.isFinished("small/fix-a/1"), kept.history("other/fix-a/1")]).toEqual([false, []]);
    expect(kept.places.of("small/fix-a/1")).toEqual({ seq: own.length, step: (cut.filter(({ trial }) => trial === "small/fix-a/1").at(-2)?.step ?? -1) + 1 });
  });

  it("are finished trials, while others start anew where texts were left out", async () => {
    const { events } = await journalOf();
    const { kept, events: left } = keptOf({ events: without(events, "small/fix-a/1"), blobs: new Map() });
    expect(left.some(({ trial }) => trial === "small/fix-a/1")).toBe(false);
    expect(new Set(left.flatMap(({ trial }) => trial ?? [])).size).toBe(5);
    expect([kept.history("small/fix-a/1"), kept.isFinished("other/fix-a/1")]).toEqual([[], true]);
  });

  it("is no answer whose question is not there", async () => {
    const { events, blobs } = await journalOf();
    const late = events.filter(({ seq }) => seq >= LATE_SEQ);
    expect(late).toHaveLength(6);
    expect(keptOf({ events: late, blobs }).events).toEqual([]);
  });

  it("are the questions to the notebook that nobody answered", async () => {
    const { events, blobs } = await journalOf();
    const unanswered = events.filter(({ trial, seq }) => trial !== "small/fix-c/1" || seq < LATE_SEQ);
    expect(keptOf({ events: unanswered, blobs }).kept.openQuestions).toEqual([{ trial: "small/fix-c/1", task: "fix-c" }]);
  });

  it("lets a run go on to the same decisions as one that nobody stopped", async () => {
    const { events, blobs } = await journalOf();
    const cut = events.slice(0, 25);
    const next = memoryJournal(header);
    const { kept, events: left } = keptOf({ events: cut, blobs });
    next.events.push(...left);
    for (const [hash, text] of blobs) next.blobs.set(hash, text);
    const bench = fakeBench();
    const done: number[] = [];
    const watcher = { preparing: () => undefined, prepared: () => undefined, trialDone: (_: unknown, __: unknown, count: number) => void done.push(count) };
    await runBakeoff(optionsFor({ snapshot: asking }, next, { kept, bench, watcher, notebook: { port: null, reason: "off" } }));
    const decided = (lines: readonly EventLine[]) =>
      lines
        .filter(({ event_type: type }) => type === "GateDecision")
        .map(({ trial, seq }) => `${trial ?? ""} ${seq}`)
        .toSorted();
    expect(decided(next.events)).toEqual(decided(events));
    expect(done.at(-1)).toBe(6);
  });

  it("is nothing for a run that begins", () => {
    const kept = nothingKept();
    expect([kept.runEvents, kept.lastTimestamp, kept.isFinished("small/fix-a/1"), kept.texts.holds("0".repeat(64))]).toEqual([[], "", false, false]);
  });
});

describe("steps that were cut off", () => {
  const step = (trial: string, number: number, seqs: readonly number[]) =>
    seqs.map((seq, index) => plainLine(trial, seq, { step: number, more: index < seqs.length - 1 }));
  const whole = [...step("small/fix-a/1", 0, [0]), ...step("small/fix-a/1", 1, [1, 2, 3])];
  const torn = step("small/fix-a/1", 2, [4, 5, 6]).slice(0, 2);
  const left = (events: readonly EventLine[]) => keptOf({ events: [...events], blobs: new Map() }).events;

  it("are no part of what is kept of their trial", () => expect(left([...whole, ...torn])).toEqual(whole));
  it("are none of whole trials", () => expect(left(whole)).toEqual(whole));
  it("leave nothing where the first step was cut off", () => expect(left(torn.map((each) => ({ ...each, step: 0 })))).toEqual([]));
  it("do not take another trial's steps with them", () =>
    expect(left([...torn, ...step("other/fix-a/1", 0, [0])]).map(({ trial }) => trial)).toEqual(["other/fix-a/1"]));
});
