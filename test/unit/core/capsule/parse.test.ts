// Lines that can't be read, told apart by name; and what each fault of reading is called.
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../../src/core/base/canonical.ts";
import { CapsuleFault, READING_FAULTS } from "../../../../src/core/capsule/fault.ts";
import { lineText } from "../../../../src/core/capsule/line.ts";
import { parseLine } from "../../../../src/core/capsule/parse.ts";
import { headerOf, taskNamed } from "../../run/fakes.ts";
import { plainLine } from "./sealed.ts";

const header = headerOf({ tasks: [taskNamed("a")], candidates: ["small"] });
const event = plainLine("small/fix-a/1", 0);
const parsed = (value: unknown) => parseLine(canonicalJson(value));
const bad = (fault: string, detail: string, hint?: string) => ({ ok: false, fault, detail, ...(hint === undefined ? {} : { hint }) });

describe("a line", () => {
  it("is read where it is written as it should be", () => {
    expect(parseLine(lineText(header))).toEqual({ ok: true, line: header });
    expect(parseLine(lineText(event))).toEqual({ ok: true, line: event });
  });

  it("that is no JSON says so", () => expect(parseLine("{")).toEqual(bad("not-json", "the line is not JSON")));

  it("that is written in another order, with spaces or with half a character is not canonical", () => {
    const written = bad("not-canonical", "the line is not in canonical form");
    expect(parseLine(JSON.stringify(Object.fromEntries(Object.entries(event).toReversed())))).toEqual(written);
    expect(parseLine(` ${lineText(event)}`)).toEqual(written);
    expect(parseLine(lineText(event).replace('"uri":"u"', String.raw`"uri":"\ud800"`))).toEqual(written);
  });

  it("of another format is told which, and newer from never", () => {
    const newer = bad(
      "unknown-format",
      "capsule format 2 is newer than 1",
      "upgrade bakeoff to read it (docs/CAPSULE_FORMAT.md lists which version reads which format)",
    );
    expect(parsed({ ...header, format: 2 })).toEqual(newer);
    const never = "there is no capsule format 0: formats are counted from 1, this version reads 1";
    expect(parsed({ ...header, format: 0 })).toEqual(bad("unknown-format", never));
    // A format that is no number is a malformed line of this format.
    expect(parsed({ ...header, format: "2" })).toMatchObject({ fault: "malformed-line" });
  });

  it("of a kind that there is none of is told so, however it is named", () => {
    expect(parsed({ kind: "note" })).toEqual(bad("unknown-kind", 'there are no lines of kind "note"'));
    expect(parsed({ kind: "n".repeat(70) })).toEqual(bad("unknown-kind", `there are no lines of kind "${"n".repeat(60)}"`));
    for (const value of [7, null, "header", { kind: 7 }, {}, []])
      expect(parsed(value)).toEqual(bad("unknown-kind", "there are no lines of kind without a name"));
  });

  it("of an event that this format has not is told which, and who reads it", () => {
    const hint = "read it with the version that wrote it (header: bakeoff_version)";
    expect(parsed({ ...event, payload: { type: "Surprise" } })).toEqual(bad("unknown-event", 'format 1 has no event "Surprise"', hint));
    for (const payload of [null, {}, "text"]) expect(parsed({ ...event, payload })).toEqual(bad("unknown-event", "format 1 has no event without a name", hint));
    expect(parsed({ ...header, payload: { type: "Surprise" } })).toMatchObject({ fault: "malformed-line" });
  });

  it("that lacks a member or has one too many is malformed, and says where", () => {
    expect(parsed({ ...event, colour: 1 })).toMatchObject({ fault: "malformed-line", detail: expect.stringMatching(/^"event": .*colour/) as string });
    expect(parsed({ ...event, seq: -1 })).toMatchObject({ fault: "malformed-line", detail: expect.stringMatching(/^"event", seq: /) as string });
    const deep = { ...header, tasks: header.tasks.map((task) => ({ ...task, tags: [7] })) };
    expect(parsed(deep)).toMatchObject({ fault: "malformed-line", detail: expect.stringMatching(/^"header", tasks\.0\.tags\.0: /) as string });
  });

  it("can't make its fault long", () => {
    const names = Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`member-${index}`, 1]));
    const found = parsed({ ...event, ...names });
    expect(found.ok ? "" : found.detail).toMatch(/^"event": [^]{200}$/);
  });
});

describe("a fault of reading", () => {
  it("names itself, its place and the way out", () => {
    const fault = new CapsuleFault("not-json", "the line is not JSON", { path: "c.jsonl", line: 7 });
    expect(fault).toMatchObject({
      code: "integrity",
      name: "CapsuleFault",
      fault: "not-json",
      detail: "the line is not JSON",
      line: 7,
      message: "c.jsonl:7: not-json: the line is not JSON",
      hint: "the capsule was changed or damaged: fetch it again from its source",
    });
    expect(new CapsuleFault("not-json", "no", { path: "c", line: 1, hint: "upgrade" }).hint).toBe("upgrade");
  });

  it("is one of those that the format's page lists", () => {
    expect(READING_FAULTS.map(({ name }) => name)).toEqual([
      "not-text",
      "line-too-long",
      "no-header",
      "not-json",
      "unknown-format",
      "unknown-kind",
      "unknown-event",
      "malformed-line",
      "not-canonical",
      "text-encoding",
      "text-hash",
      "text-order",
      "after-seal",
      "hollow",
      "changed",
    ]);
    expect(READING_FAULTS.every(({ sentence }) => /^[A-Z].*\.$/.test(sentence))).toBe(true);
  });
});
