// The check that patches which were made elsewhere are those that the run was begun with.
import { describe, expect, it } from "vitest";
import { hashOf } from "../../../../../src/core/base/canonical.ts";
import { givenAnswer, givenPatchesHash } from "../../../../../src/core/capsule/plan/given-patches.ts";
import type { EventLine, Header } from "../../../../../src/core/capsule/line.ts";
import type { EventOf } from "../../../../../src/core/trial/event.ts";
import { headerOf, taskNamed } from "../../../run/fakes.ts";
import { attemptEvents } from "../../router/history.ts";
import { faultOf, FIRST_ATTEMPT, plainLine } from "../sealed.ts";

const header = headerOf({ tasks: [taskNamed("a"), taskNamed("c")], candidates: ["small"] });

describe("patches that were made elsewhere", () => {
  const [called] = attemptEvents({ ...FIRST_ATTEMPT, provider: "external", model: "x" }, "passed") as [EventOf<"ModelCallEnvelope">];
  const hash = (digit: string): string => digit.repeat(64);
  const call = (task: string, response: string | null, change: Partial<EventOf<"ModelCallEnvelope">> = {}): EventLine => ({
    ...plainLine(`x/${task}/1`, 0),
    spec_id: task,
    payload: { ...called, response_hash: response, ...change },
  });
  const given = [call("fix-a", hash("a")), call("fix-c", hash("c"))];
  const told = (patches: string): Header => ({
    ...header,
    external: { agent: "an agent", patches },
    candidates: [{ name: "x", provider: "external", model: "x" }],
  });
  const external = told(
    givenPatchesHash([
      ["fix-c", hash("c")],
      ["fix-a", hash("a")],
    ]),
  );
  const fault = (events: readonly EventLine[], of: Header = external) => faultOf("patches-were-given", of, { events });
  const not = "the patches are not those that the run was begun with";

  it("are those that the run was begun with, however often one is tried", () => {
    expect(fault(given)).toBeNull();
    expect(fault([...given.toReversed(), ...given])).toBeNull();
  });

  it("are neither more nor fewer, and each is its own task's", () => {
    expect(fault(given.slice(1))).toBe(not);
    expect(fault([...given, call("fix-a", hash("b"))])).toBe(not);
    expect(fault([call("fix-a", hash("c")), call("fix-c", hash("a"))])).toBe(not);
    expect(fault([call("fix-a", null), ...given.slice(1)])).toBe(not);
  });

  it("are what the external candidate's calls answer, and no other event", () => {
    expect(fault([...given, call("fix-a", hash("b"), { provider: "cloud" }), plainLine(null, 0)])).toBeNull();
  });

  it("are told in the header where a candidate is external, and nowhere else", () => {
    const unsaid = "patches were made elsewhere, and the header does not say by whom";
    expect(fault(given, { ...header, candidates: external.candidates })).toBe(unsaid);
    expect(fault(given, { ...external, candidates: header.candidates })).toBe(unsaid);
    expect(fault(given, { ...external, candidates: [...header.candidates, ...external.candidates] })).toBeNull();
    expect(fault([])).toBe(not);
    expect(fault([], header)).toBeNull();
  });

  it("may be none for a task: its text is empty", () => {
    const none = told(givenPatchesHash([["", ""]]));
    expect(fault([{ ...call("", null), spec_id: null }], none)).toBeNull();
  });
});

it("patches are hashed as a list by task, in whatever order they are given", () => {
  const byTask = hashOf([
    ["a", "2"],
    ["b", "1"],
  ]);
  expect(
    givenPatchesHash([
      ["b", "1"],
      ["a", "2"],
    ]),
  ).toBe(byTask);
  expect(
    givenPatchesHash([
      ["a", "2"],
      ["b", "1"],
    ]),
  ).toBe(byTask);
});

it("a patch is handed over as a model that is asked for a diff would answer", () => expect(givenAnswer("--- a")).toBe('{"diff":"--- a"}'));
