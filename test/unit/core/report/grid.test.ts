// Tables as text and Markdown.
import { describe, expect, it } from "vitest";
import { gridLines, gridMarkdown, left, markdownCode, markdownText, right, shorten, wrap } from "../../../../src/core/report/grid.ts";

const grid = {
  columns: [left("name"), right("one"), right("two")],
  rows: [
    ["a", "1", "22"],
    ["bbb", "10", "2"],
  ],
};

describe("a text table", () => {
  it("aligns its columns and leaves no trailing space", () => {
    expect(gridLines({ ...grid, columns: [left("name"), right("one"), left("two")] })).toEqual(["name  one  two", "a       1  22", "bbb    10  2"]);
  });

  it("goes on below, led by the first column, where it is too wide", () => {
    expect(gridLines(grid, 11)).toEqual(["name  one", "a       1", "bbb    10", "", "name  two", "a      22", "bbb     2"]);
  });

  it("has only a head without rows", () => {
    expect(gridLines({ ...grid, rows: [] })).toEqual(["name  one  two"]);
  });

  it("puts at least one column beside the first, however narrow the page", () => {
    expect(gridLines(grid, 1).filter((line) => line.startsWith("name"))).toEqual(["name  one", "name  two"]);
  });

  it("shortens long names in their middle", () => {
    expect(shorten("qwen3-coder-30b-a3b-instruct-gptq-int4", 21)).toBe("qwen3-code…-gptq-int4");
  });

  it("leaves names alone that fit exactly", () => {
    expect(shorten("abcde", 5)).toBe("abcde");
  });
});

describe("wrapped text", () => {
  it("indents the lines after the first", () => {
    expect(wrap("one two three", "  ", 7)).toEqual(["one two", "  three"]);
  });

  it("never cuts a word", () => {
    expect(wrap("a incomprehensible b", "", 5)).toEqual(["a", "incomprehensible", "b"]);
  });
});

describe("a Markdown table", () => {
  it("says how columns are aligned", () => {
    expect(gridMarkdown(grid).split("\n")[1]).toBe("| --- | ---: | ---: |");
  });

  it("can't be broken by what its cells hold", () => {
    const lines = gridMarkdown({ columns: [left("x")], rows: [["a | b\nc"]] }).split("\n");
    expect(lines).toEqual(["| x |", "| --- |", String.raw`| a \| b c |`]);
  });
});

describe("Markdown text", () => {
  it("holds no HTML, links, code or escapes of its own", () => {
    expect(markdownText("<b>&amp; [a](u) `c` \\")).toBe(String.raw`&lt;b>&amp;amp; [a]\(u) \`c\` \\`);
  });

  it("leaves intervals readable", () => {
    expect(markdownText("97.9% [89–100] n=48")).toBe("97.9% [89–100] n=48");
  });

  it("is code in a fence that is longer than any inside", () => {
    expect([markdownCode("a"), markdownCode("a ``b`` c")]).toEqual(["`a`", "``` a ``b`` c ```"]);
  });
});
