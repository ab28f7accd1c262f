// Checks of the header by itself and of the run's times: stand-ins, the decision register, an order of time.
import { describe, expect, it } from "vitest";
import { type EventLine, type Header, LATE_SEQ } from "../../../../../src/core/capsule/line.ts";
import { headerOf, taskNamed } from "../../../run/fakes.ts";
import { faultOf, plainLine, sealOf, watchOf } from "../sealed.ts";

const header = headerOf({ tasks: [taskNamed("a")], candidates: ["small"] });

describe("stand-ins", () => {
  const fault = (judge: Header["bindings"]["judge"]) => faultOf("stand-ins-named", { ...header, bindings: { ...header.bindings, judge } }, {});

  it("play a role exactly where an embedded program does", () => {
    expect(faultOf("stand-ins-named", header, {})).toBeNull();
    expect(fault({ provider: "embedded", model: "big", standIn: "test-verdict" })).toBeNull();
  });

  it("can't be kept quiet about, nor claimed", () => {
    expect(fault({ provider: "embedded", model: "big", standIn: null })).toBe("an embedded program plays the judge, and it is not said to be a stand-in");
    expect(fault({ provider: "cloud", model: "big", standIn: "oracle" })).toBe("the judge is said to be the stand-in oracle, and cloud plays it");
  });
});

describe("the decision register", () => {
  const named = { ...header, decision_register_hash: "d".repeat(64) };
  const text = (digit: string) => ({ sha256: digit.repeat(64), text: "" });

  it("that the header names is stored", () => {
    const found = watchOf("register-resolves", named, { texts: [text("c"), text("d"), text("e")] });
    expect([found.end(), found.unchecked?.()]).toEqual([null, null]);
    expect(faultOf("register-resolves", named, { texts: [text("c")] })).toBe("the decision register that the header names is not there");
  });

  it("is not asked for where the run had none", () => {
    const none = watchOf("register-resolves", header, {});
    expect([none.end(), none.unchecked?.()]).toEqual([null, "the run had no decision register"]);
  });
});

describe("times", () => {
  const at = (second: number): string => `2026-11-22T00:00:${String(second).padStart(2, "0")}.000Z`;
  const begun = { ...header, created_at: at(1) };
  const line = (trial: string | null, seq: number, timestamp: string): EventLine => plainLine(trial, seq, { timestamp, uri: `${trial ?? "run"}/${seq}` });
  const fault = (events: readonly EventLine[], sealedAt?: string, of: Header = begun) =>
    faultOf("times-run-forward", of, { events, ...(sealedAt === undefined ? {} : { seal: sealOf(of, { sealed_at: sealedAt }) }) });

  it("run from the run's begin to its seal, each trial's forward, and may stand still", () => {
    expect(fault([line(null, 0, at(1)), line("a", 0, at(5)), line("a", 1, at(5)), line("b", 0, at(2))], at(5))).toBeNull();
  });

  it("are not from before the run began", () => expect(fault([line("a", 0, at(0))])).toBe("event a/0 is from before the run began"));

  it("don't run backwards in a trial", () => {
    expect(fault([line("a", 0, at(5)), line("a", 1, at(4))])).toBe("event a/1 is earlier than the one before it");
    expect(fault([line(null, 0, at(5)), line(null, 1, at(4))])).toBe("event run/1 is earlier than the one before it");
  });

  it("of answers that no trial waits for come when they come, but not before the run or after its seal", () => {
    const late = (second: number) => line("a", LATE_SEQ, at(second));
    expect(fault([line("a", 0, at(5)), late(3), line("a", 1, at(5))], at(5))).toBeNull();
    expect(fault([late(9), line("a", 0, at(5))], at(9))).toBeNull();
    expect(fault([late(9)], at(8))).toBe("the seal is earlier than the last event");
    expect(fault([late(0)])).toBe("event a/1000000 is from before the run began");
    expect(fault([line("a", LATE_SEQ - 1, at(5)), line("a", LATE_SEQ - 1, at(4))])).toContain("earlier");
  });

  it("of the seal are not before any event, whichever comes last in the file", () => {
    expect(fault([line("a", 0, at(9)), line("b", 0, at(2))], at(8))).toBe("the seal is earlier than the last event");
    expect(fault([], at(0))).toBe("the seal is earlier than the last event");
    expect(fault([], at(1))).toBeNull();
  });

  const WRONG = [
    "yesterday",
    "2026-11-22 00:00:01.000Z",
    "2026-11-22T00:00:01Z",
    "2026-13-22T00:00:01.000Z",
    "2026-11-32T00:00:01.000Z",
    "2026-11-22T24:00:01.000Z",
    "2026-11-22T00:60:01.000Z",
    `${at(1)}x`,
    `x${at(1)}`,
  ];
  it.each(WRONG)("are RFC 3339 in UTC with milliseconds, and %s is not", (wrong) => {
    expect(fault([line("a", 0, wrong)])).toBe(`event a/0 is of no time: ${wrong}`);
    expect(fault([], wrong)).toBe(`the seal is of no time: ${wrong}`);
    expect(fault([], at(1), { ...header, created_at: wrong })).toBe(`the header's created_at is no time: ${wrong}`);
  });

  it("that are none are shown in forty characters", () => {
    const long = "9".repeat(60);
    expect(fault([line("a", 0, long)])).toBe(`event a/0 is of no time: ${"9".repeat(40)}`);
    expect(fault([], long)).toBe(`the seal is of no time: ${"9".repeat(40)}`);
    expect(fault([], at(1), { ...header, created_at: long })).toContain(`: ${"9".repeat(40)}`);
    expect(fault([], at(1), { ...header, created_at: long })).not.toContain("9".repeat(41));
  });

  it("that are none move nothing: the first fault is told", () => {
    expect(fault([line("a", 0, "no"), line("a", 1, at(0))])).toBe("event a/0 is of no time: no");
    expect(fault([line("a", 0, at(0)), line("a", 1, "no")])).toBe("event a/0 is from before the run began");
  });
});
