// How model answers of any quality are read.
import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { answerSchema, readAnswer } from "../../../../../src/core/verdict/answer/answer.ts";
import type { AnswerReading } from "../../../../../src/core/verdict/answer/reading.ts";
import { anyText } from "../../../any-text.ts";

const limits = { max_answer_chars: 10_000 };
const good = { edits: [{ path: "src/lib.rs", search: "a", replace: "b" }] };
const text = JSON.stringify(good);
const READINGS = ["tolerant", "narrow"] as const;
let reading: AnswerReading = "tolerant";
const read = (answer: string, format: "edits" | "udiff" | "whole" = "edits") => readAnswer(answer, format, limits, reading);

describe.each(READINGS)("read by the %s reading,", (name) => {
  beforeEach(() => {
    reading = name;
  });

  describe("a compliant answer", () => {
    test("is one JSON value of the form asked for", () => {
      expect(read(text)).toEqual({ ok: true, answer: { kind: "edits", edits: good.edits }, compliant: true, note: "" });
    });
    test("may have JSON white space around it", () => {
      expect(read(` \n${JSON.stringify(good, null, 2)}\n`)).toMatchObject({ ok: true, compliant: true });
    });
    test("may hold no edits at all", () => {
      expect(read('{"edits":[]}')).toMatchObject({ ok: true, compliant: true, answer: { edits: [] } });
    });
    test("can be a unified diff", () => {
      expect(read('{"diff":"--- a/x\\n"}', "udiff")).toMatchObject({ ok: true, compliant: true, answer: { kind: "udiff", diff: "--- a/x\n" } });
    });
    test("can be whole files", () => {
      const files = [{ path: "a.rs", content: "fn a() {}\n" }];
      expect(read(JSON.stringify({ files }), "whole")).toMatchObject({ ok: true, compliant: true, answer: { kind: "whole", files } });
    });
    test("may speak of harmony tokens within its strings", () => {
      const said = JSON.stringify({ edits: [{ path: "a.rs", search: "<|end|>", replace: "assistantfinal" }] });
      expect(read(said)).toMatchObject({ ok: true, compliant: true });
    });
  });

  describe("a rescued answer is used and not compliant", () => {
    test.each([
      ["a json fence", `\`\`\`json\n${text}\n\`\`\``],
      ["a bare fence", `\`\`\`\n${text}\n\`\`\``],
      ["prose around it", `Here is the repair: ${text} Hope that helps!`],
      ["prose with an unmatched brace before it", `The block { is not closed. ${text}`],
      ["Rust code before it", `fn a() { b(); } ${text}`],
      ["an empty object before it", `use {} here. ${text}`],
      ["text after it", `${text}assistantfinal`],
      ["a byte order mark", `\uFEFF${text}`],
      ["a channel token at its end", `${text}<|return|>`],
    ])("with %s", (_, answer) => {
      expect(read(answer)).toMatchObject({ ok: true, compliant: false, answer: { kind: "edits", edits: good.edits } });
    });
    test("behind an analysis with a draft, the final channel counts", () => {
      const draft = JSON.stringify({ edits: [{ path: "draft.rs", search: "x", replace: "y" }] });
      const raw = `analysisI could write ${draft}assistantfinal${text}`;
      expect(read(raw)).toMatchObject({ ok: true, compliant: false, answer: { edits: good.edits } });
    });
    test("behind raw harmony tokens, the last message counts", () => {
      const raw = `<|channel|>analysis<|message|>{"edits":[]}<|end|><|start|>assistant<|channel|>final<|message|>${text}<|return|>`;
      expect(read(raw)).toMatchObject({ ok: true, compliant: false, answer: { edits: good.edits } });
    });
    test("says where it was found", () => {
      expect(read(`Sure. ${text}`)).toMatchObject({ note: expect.stringMatching(/./) });
    });
  });

  describe("an answer that can't be used", () => {
    test("is not-json where there is none", () => {
      expect(read("I can't do that.")).toMatchObject({ ok: false, why: "not-json", compliant: false });
    });
    test("is not-json where it was torn", () => {
      expect(read(text.slice(0, -3))).toMatchObject({ ok: false, why: "not-json" });
    });
    test("is not-json where two objects fit", () => {
      expect(read(`${text}\n${text.replace("lib", "main")}`)).toMatchObject({ ok: false, why: "not-json", detail: expect.stringContaining("2") });
    });
    test("is not-json when empty", () => {
      expect(read("")).toMatchObject({ ok: false, why: "not-json" });
    });
    test.each(["null", "[]", '"text"', "{}", '{"edits":{}}', '{"edits":[],"note":"x"}', '{"edits":[],"__proto__":1}', '{"edits":[{"path":"a"}]}'])(
      "has the wrong form as %s",
      (answer) => {
        expect(read(answer)).toMatchObject({ ok: false, why: "schema", compliant: false });
      },
    );
    test("names the key that is wrong", () => {
      expect(read('{"edits":[{"path":1,"search":"a","replace":"b"}]}')).toMatchObject({ detail: expect.stringContaining("edits.0.path") });
    });
    test("names what is wrong with it as a whole, and counts no further issue where there is none", () => {
      expect(read("null")).toMatchObject({ detail: expect.stringMatching(/^the answer: [^;]*$/) });
    });
    test("has three of its issues told, and the others counted", () => {
      const parts = (length: number) => JSON.stringify({ edits: Array.from({ length }, () => ({ ...good.edits[0], path: 1 })) });
      expect(read(parts(3))).toMatchObject({ detail: expect.stringMatching(/^edits\.0\.path: [^;]+; edits\.1\.path: [^;]+; edits\.2\.path: [^;]+$/) });
      expect(read(parts(5))).toMatchObject({ detail: expect.stringMatching(/; edits\.2\.path: [^;]+; and 2 more$/) });
    });
    test("has the wrong form in a fence", () => {
      expect(read('```json\n{"diff":"x"}\n```')).toMatchObject({ ok: false, why: "schema" });
    });
    test("is not read from within an object of another form", () => {
      expect(read('{"answer":{"diff":"x"}}', "udiff")).toMatchObject({ ok: false, why: "schema" });
    });
    test("is too large by its characters, from the first one beyond the limit on", () => {
      expect(read(" ".repeat(10_001))).toMatchObject({ ok: false, why: "too-large" });
      expect(read(text.padEnd(10_000))).toMatchObject({ ok: true, compliant: true });
    });
    test.each(["edits", "whole"] as const)("is too large by its parts, from the first one beyond the limit on, as %s", (format) => {
      const parts = (length: number) =>
        JSON.stringify({
          [format === "edits" ? "edits" : "files"]: Array.from({ length }, () => (format === "edits" ? good.edits[0] : { path: "a", content: "" })),
        });
      expect(readAnswer(parts(201), format, { max_answer_chars: 1e6 }, reading)).toMatchObject({ ok: false, why: "too-large" });
      expect(readAnswer(parts(200), format, { max_answer_chars: 1e6 }, reading)).toMatchObject({ ok: true });
    });
    test("holds half a character", () => {
      expect(read('{"edits":[{"path":"a","search":"b","replace":"\\ud800"}]}')).toMatchObject({ ok: false, why: "schema" });
    });
    test("has a detail of bounded length", () => {
      const outcome = read(`{"edits":[],"${"k".repeat(5000)}":1}`);
      expect(outcome.ok || outcome.detail.length).toBeLessThanOrEqual("the answer: ".length + 160);
    });
  });

  describe("reading", () => {
    const formats = fc.constantFrom("edits" as const, "udiff" as const, "whole" as const);
    const hostile = fc.oneof(
      anyText(),
      fc.string({ unit: fc.constantFrom("{", "}", '"', "\\", "`", "\n", "[", "<|message|>", '{"edits":[', "]}", "assistantfinal", "\ud800"), maxLength: 200 }),
      fc.json(),
    );
    test("never throws and gives well-formed details", () => {
      fc.assert(
        fc.property(hostile, formats, (answer, format) => {
          const outcome = read(answer, format);
          if (!outcome.ok) expect(outcome.detail.isWellFormed() && outcome.detail !== "").toBe(true);
        }),
        { numRuns: 1000 },
      );
    });
    test("gives back whatever edits were written, compliant as they are and not with prose around them", () => {
      const edits = fc.array(fc.record({ path: fc.string(), search: fc.string(), replace: fc.string() }, { noNullPrototype: true }), { maxLength: 5 });
      fc.assert(
        fc.property(edits, (list) => {
          const written = JSON.stringify({ edits: list });
          expect(read(written)).toMatchObject({ compliant: true, answer: { edits: list } });
          expect(read(`Here: ${written} done`)).toMatchObject({ compliant: false, answer: { edits: list } });
        }),
      );
    });
    test.each([
      "{".repeat(200_000),
      '{"'.repeat(100_000),
      "[".repeat(200_000),
      '{"a":'.repeat(40_000),
      "{}".repeat(100_000),
      `{"edits":[${"1,".repeat(99_000)}1]}`,
    ])("is linear in hostile text %#", (answer) => {
      const started = performance.now();
      expect(readAnswer(answer, "edits", { max_answer_chars: 300_000 }, reading).ok).toBe(false);
      expect(performance.now() - started).toBeLessThan(3000);
    });
  });
});

describe("the schema that is sent", () => {
  test("of edits is terse and strict", () => {
    const line = { type: "string" };
    expect(answerSchema("edits")).toEqual({
      name: "edits",
      schema: {
        type: "object",
        properties: {
          edits: {
            type: "array",
            items: {
              type: "object",
              properties: { path: line, search: line, replace: line },
              required: ["path", "search", "replace"],
              additionalProperties: false,
            },
          },
        },
        required: ["edits"],
        additionalProperties: false,
      },
    });
  });
  test.each(["edits", "udiff", "whole"] as const)("of %s has the name of its form", (format) => {
    expect(answerSchema(format).name).toBe(format);
  });
  test.each(["edits", "udiff", "whole"] as const)("of %s has every object closed and all its keys required", (format) => {
    const objects: { properties?: object; required?: string[]; additionalProperties?: boolean }[] = [];
    JSON.stringify(answerSchema(format).schema, (_, value) => (value?.type === "object" && objects.push(value), value));
    expect(objects.length).toBeGreaterThan(0);
    for (const object of objects) {
      expect(object.additionalProperties).toBe(false);
      expect(object.required).toEqual(Object.keys(object.properties ?? {}));
    }
  });
});
