// Level 1 on a trial whose stage used up its budget, and on records that were cut: what is told, where, and what is nobody's decision.
import { describe, expect, it } from "vitest";
import type { EventLine } from "../../../../../src/core/capsule/line.ts";
import type { Decide } from "../../../../../src/core/replay/decide.ts";
import type { Command } from "../../../../../src/core/trial/command.ts";
import type { TrialEvent } from "../../../../../src/core/trial/event.ts";
import { answered, editFor, goodScript, policyWith, type Script, taskNamed } from "../../../run/fakes.ts";
import { edited, recorded, type Recorded, replayOf } from "../recorded.ts";

const failing: Script = (request, provider) => {
  const { purpose, material, messages } = request;
  return purpose === "patch" ? answered(editFor(material.task, "failed", `${provider} ${messages.length}`)) : goodScript(request, provider);
};
const snapshot = policyWith((policy) => void (policy.budgets.stage_tokens.Implement = 150));
const run = await recorded({ tasks: [taskNamed("a")], candidates: ["small"], script: failing, snapshot });
const isSpent = (event: TrialEvent): boolean => event.type === "ErrorEvent" && event.error_code === "stage-budget-spent";
const own = run.events.filter(({ trial }) => trial !== null);
const lineOf = (wanted: (event: TrialEvent) => boolean): EventLine => {
  const found = own.find(({ payload }) => wanted(payload));
  if (found === undefined) throw new Error("no such event in the run");
  return found;
};
const spent = lineOf(isSpent);

const foundIn = (changed: Recorded, decide?: Decide) =>
  replayOf(changed, decide === undefined ? {} : { decide }).findings.filter(({ level }) => level === "decisions");
const without = (gone: (line: EventLine) => boolean): Recorded => ({ ...run, events: run.events.filter((line) => !gone(line)) });
/** A step of one event put before the note. */
const precededBy = (payload: object): Recorded => {
  const at = run.events.indexOf(spent);
  return { ...run, events: [...run.events.slice(0, at), { ...spent, step: 0.5, payload } as unknown as EventLine, ...run.events.slice(at)] };
};

describe("a note that a stage's budget is used up", () => {
  it("is made again as one of the decisions", () => {
    expect(foundIn(run)).toEqual([]);
    expect(replayOf(run).levels[1]?.counts).toContainEqual({ what: "budget decisions", checked: 1, agreed: 1, gaps: 0 });
  });

  it.each([
    ["message", "nothing was spent"],
    ["severity", "Fatal"],
    ["stage", "Plan"],
    ["recoverable", false],
    ["error_code", "stage-budget-overrun"],
  ] as const)("is told where its %s was changed, with both of them", (key, value) => {
    const [first] = foundIn(edited(run, isSpent, (event) => void (event[key] = value)));
    expect(first).toMatchObject({
      check: "decision-is-made-again",
      kind: "budget decisions",
      what: "budget decisions: the router decides otherwise",
      trial: spent.trial,
      seq: spent.seq,
      recorded: { ...spent.payload, [key]: value },
      redone: spent.payload,
    });
  });

  it("is missed where it was taken out, at the decision that stands in its place", () => {
    const next = own[own.indexOf(spent) + 1];
    expect(foundIn(without((line) => line === spent))).toMatchObject([
      {
        kind: "stage changes",
        what: "stage changes: the router decides otherwise",
        seq: next?.seq,
        recorded: { type: "StageTransition" },
        redone: spent.payload,
      },
    ]);
  });

  it("is looked for past notes that nobody decided", () => {
    const other = { type: "PolicySnapshotRef", policy_id: "p", policy_hash: "h", snapshot_hash: "h", source: "s" };
    const changed = precededBy(other);
    expect(foundIn(changed)).toEqual([]);
    expect(replayOf(changed).levels[1]?.counts).toEqual(replayOf(run).levels[1]?.counts);
  });
});

describe("a note that the router did not ask for", () => {
  it("is nobody's decision, and no divergence", () => {
    const at = run.events.findIndex((line) => line.trial !== null);
    const restarted = { type: "ErrorEvent", error_code: "server-restarted", message: "m", severity: "Warning", stage: null, recoverable: true };
    const line = { ...run.events[at], step: -1, payload: restarted } as unknown as EventLine;
    expect(foundIn({ ...run, events: [...run.events.slice(0, at), line, ...run.events.slice(at)] })).toEqual([]);
  });
});

describe("a record that was cut", () => {
  it("ends before its trial does: told at its last event, with what should have come", () => {
    const last = own.at(-1);
    const before = own.at(-2);
    expect(foundIn(without((line) => line === last))).toEqual([
      expect.objectContaining({
        kind: "trial ends",
        what: "the record ends before the trial does",
        trial: before?.trial,
        seq: before?.seq,
        recorded: null,
        redone: last?.payload,
      }),
    ]);
  });

  it("has lost the decision of a step: told at the step, by what is left of it", () => {
    const routed = lineOf((event) => event.type === "RoutingDecision");
    const left = own.filter(({ step, payload }) => step === routed.step && payload.type !== "RoutingDecision");
    expect(foundIn(without((line) => line === routed))).toEqual([
      expect.objectContaining({
        kind: "trial ends",
        what: "a step without the decision that led to it",
        seq: left[0]?.seq,
        recorded: left.map(({ payload }) => payload.type),
        redone: null,
      }),
    ]);
  });
});

describe("another router", () => {
  it("that decides otherwise is told with what of the decision is its own, not with what the step made of it", () => {
    const [first] = own;
    const elsewhere = edited(
      run,
      (event) => event === first?.payload,
      (event) => Object.assign(event, { to: "Unlock", more: "m" }),
    );
    expect(foundIn(elsewhere)).toEqual([
      expect.objectContaining({ recorded: { type: "StageTransition", from: null, to: "Unlock" }, redone: { type: "StageTransition", from: null, to: "Plan" } }),
    ]);
  });

  it("that is over at once is told with the whole decision that it would not have made", () => {
    const [first] = own;
    expect(foundIn(run, () => ({ do: "finished" }) as Command)).toEqual([
      expect.objectContaining({ kind: "stage changes", seq: first?.seq, recorded: first?.payload, redone: { do: "finished" } }),
    ]);
  });
});
