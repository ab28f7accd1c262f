// Answers with slips that a person would overlook, and what is said of those that can't be read.
import { describe, expect, it } from "vitest";
import { type ReadAnswer, readAnswer } from "../../../../../src/core/verdict/answer/answer.ts";
import type { AnswerReading } from "../../../../../src/core/verdict/answer/reading.ts";

const limits = { max_answer_chars: 50_000 };
const good = { edits: [{ path: "src/lib.rs", search: "    a - b\n", replace: "    a + b\n" }] };
const text = JSON.stringify(good);
const other = text.replace("lib", "main");
const read = (answer: string, reading: AnswerReading = "tolerant"): ReadAnswer => readAnswer(answer, "edits", limits, reading);
const detail = (answer: string): string => {
  const outcome = read(answer);
  return outcome.ok ? "read" : `${outcome.why}: ${outcome.detail}`;
};

const SLIPS: readonly (readonly [string, string])[] = [
  ["a trailing comma in the object", text.replace(/\}$/, ",}")],
  ["a trailing comma in the list", text.replace("]", ",]")],
  ["a trailing comma in an edit", text.replace('\\n"}', '\\n",}')],
  ["raw line breaks in its texts", '{"edits":[{"path":"src/lib.rs","search":"    a - b\n","replace":"    a + b\n"}]}'],
  ["the same object twice", `${text}\n${text}`],
  ["the same object twice, in other words", `${text}\n\`\`\`json\n${JSON.stringify(good, null, 2)}\n\`\`\``],
  ["reasoning before it", `<think>\nThe form is {"edits":[]}, so I replace the minus.\n</think>\n\n${text}`],
  ["reasoning that a template opened", `I could write ${other}, but no.</think>${text}`],
  ["reasoning with an open quote", `<think>{"edits": "what now</think>${text}`],
  ["reasoning of another model", `[THINK]${other}[/THINK]${text}`],
  ["reasoning, and prose behind it", `<think>x</think> Here: ${text} Done.`],
  ["empty reasoning", `<think>\n\n</think>\n\n${text}`],
  ["a slip behind reasoning", `<think>x</think>${text.replace("]", ",]")}`],
];

describe("an answer is applied, though it is not compliant,", () => {
  it.each(SLIPS)("with %s", (_, answer) => {
    const outcome = read(answer);
    expect(outcome).toMatchObject({ ok: true, compliant: false, answer: { edits: good.edits } });
    expect(outcome.ok && outcome.note).not.toBe("");
  });
  it("where a mark of reasoning stands in a text of its own", () => {
    const said = { edits: [{ path: "a.rs", search: "<think>", replace: "x</think>y" }] };
    expect(read(JSON.stringify(said))).toMatchObject({ ok: true, compliant: true });
    expect(read(`Sure: ${JSON.stringify(said)}`)).toMatchObject({ ok: true, compliant: false, answer: { edits: said.edits } });
  });
  it("where an object in quotes that never end stands before it", () => {
    expect(read(`The block {"name: is open. ${text}`)).toMatchObject({ ok: true, answer: { edits: good.edits } });
  });
});

describe("where an answer was taken from", () => {
  const note = (answer: string, reading: AnswerReading = "tolerant") => {
    const outcome = read(answer, reading);
    return outcome.ok ? outcome.note : outcome.detail;
  };
  it.each(["tolerant", "narrow"] as const)("is told by the %s reading", (reading) => {
    expect(note(`Sure: ${text}`, reading)).toBe("taken out of the text around it");
    expect(note(`analysis assistantfinal${text}`, reading)).toBe("taken from behind harmony channel marks");
  });
  it("is the last of the marks before it, or the slips that were overlooked", () => {
    expect(note(`<think>assistantfinal</think>${text}`)).toBe("taken from behind the model's reasoning");
    expect(note(`<think></think>assistantfinal${text}`)).toBe("taken from behind harmony channel marks");
    expect(note(text.replace("]", ",]"))).toMatch(/^read with /);
  });
  it.each([
    ["<think>", "</think>"],
    ["<thinking>", "</thinking>"],
    ["<reasoning>", "</reasoning>"],
    ["<seed:think>", "</seed:think>"],
    ["[THINK]", "[/THINK]"],
    ["◁think▷", "◁/think▷"],
  ])("is behind %s…%s, and never within it", (open, close) => {
    expect(note(`${open}${other}${close}${text}`)).toBe("taken from behind the model's reasoning");
    expect(detail(` ${open}${text}`)).toMatch(/^not-json: the answer ends within its reasoning/);
    expect(detail(`${open}${text}${close}`)).toMatch(/^not-json: /);
  });
  it("is the whole text, where all that stands behind a harmony mark is no answer", () => {
    expect(read(`${text}assistantfinal done`)).toMatchObject({ ok: true, answer: { edits: good.edits } });
    expect(read(`${text}</think> done`).ok).toBe(false);
  });
  it.each(["tolerant", "narrow"] as const)("is among the first thousand objects, by the %s reading", (reading) => {
    expect(read(`${"{} ".repeat(999)}${text}`, reading).ok).toBe(true);
    expect(read(`${"{} ".repeat(1000)}${text}`, reading).ok).toBe(false);
  });
});

describe("an answer is refused", () => {
  it("where two objects differ", () => expect(detail(`${text}\n${other}`)).toContain("2 different JSON objects"));
  it("where only the reasoning holds an object", () => expect(detail(`<think>I could write ${text}</think> I can't do that.`)).toMatch(/^not-json: /));
  it("where the reasoning never ends", () => expect(detail(`<think>I could write ${text}`)).toContain("ends within its reasoning"));
  it("where an object of the right form is a part of one that is torn", () => {
    expect(detail(`{"edits":[{"path":"a","search":"b","replace":"c"},`)).toContain("ends too early");
  });
});

describe("what a model is told", () => {
  it.each([
    ['{"edits":[{"path":"a" "search":"b","replace":"c"}]}', /line 1, column 23: "," or "}" should stand after .*, not "\\""/],
    ['{"edits":[\n  {"path":"a","search":"say "hi"","replace":"c"}]}', /line 2, column 30: "," or "}"/],
    ['{"edits":[{"path":"a","search":"\\d","replace":"c"}]}', /line 1, column 33: an escape that JSON has/],
    ['{"edits":[{"path":"é","search":"b","replace":"cut off he', /ends too early, at line 1, column 57: the text's closing quote/],
    [`Here you are:\n{"edits":[{"path":"a","search":"b","replace":"c"}]`, /ends too early, at line 2, column 51/],
  ])("of %j is where it breaks", (answer, place) => expect(detail(answer)).toMatch(place));
  it("is what stands before the break, from the answer's first character on", () => {
    expect(detail('{"a":1 2}')).toContain(String.raw`after "{\"a\":1 ", not "2"`);
  });
  it("is the form, where the object is whole", () => expect(detail('Here: {"edits":[{"path":"a"}]}')).toMatch(/^schema: edits\.0\.search/));
  it("is not the form of a part, where the whole breaks", () => expect(detail(text.replace("]}", "]"))).toMatch(/^not-json: .*ends too early/));
  it("is that there is no JSON, where braces are code", () =>
    expect(detail("fn a() { b(); }")).toBe("not-json: the answer is not JSON: write one JSON object, and nothing else"));
  it("never is longer than a line of feedback", () => expect(detail(`{"edits":[{"path":"${"x".repeat(3000)}`).length).toBeLessThan(620));
});

describe("a run without a named reading", () => {
  it.each(SLIPS.filter(([name]) => !["reasoning, and prose behind it", "empty reasoning", "reasoning with an open quote"].includes(name)))(
    "is read as it was: not with %s",
    (_, answer) => {
      expect(read(answer, "narrow").ok).toBe(false);
    },
  );
  it("is searched from eight braces that nothing closes, and not from nine", () => {
    expect(read(`${"{ ".repeat(8)}${text}`, "narrow").ok).toBe(true);
    expect(read(`${"{ ".repeat(9)}${text}`, "narrow").ok).toBe(false);
  });
  it("is found behind texts with braces, quotes and backslashes", () => {
    expect(read(String.raw`{"a": "\"}{", "b": {"c": "\"}} ${text}`, "narrow")).toMatchObject({ ok: true, answer: { edits: good.edits } });
  });
  it("is told what it was told", () => {
    expect(read(text.replace("]}", ",]}"), "narrow")).toMatchObject({ why: "schema", detail: expect.stringContaining("edits: Invalid input") });
    expect(read(`${text}${text}`, "narrow")).toMatchObject({ detail: "the answer holds 2 JSON objects that fit: write exactly one, and nothing else" });
  });
});
