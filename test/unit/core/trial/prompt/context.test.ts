// Which source a model is shown, and how much of it.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sourceContext } from "../../../../../src/core/trial/prompt/context.ts";
import { estimateTokens } from "../../../../../src/core/trial/prompt/text.ts";
import type { Tree } from "../../../../../src/core/text/edit.ts";
import type { Diagnostic } from "../../../../../src/core/verdict/verdict.ts";
import { ADD, base, diagnostic, task, taskOf, tree } from "../../router/sample-task.ts";

const add = "crates/a/src/add.rs";
const times = "crates/a/src/times.rs";
const hidden = "crates/a/src/heldout.rs";
const long = Array.from({ length: 1000 }, (_, index) => `let line_${index + 1} = ${index + 1};`).join("\n") + "\n";

interface Given {
  diagnostics?: Diagnostic[];
  testOutputs?: string[];
  tokens?: number;
  tree?: Tree;
  editable?: string[];
}
const show = ({ diagnostics = [], testOutputs = [], tokens = 6000, tree: given = tree, editable = [add] }: Given = {}) =>
  sourceContext({ task: taskOf(task.broken, { editable }), tree: given, diagnostics, testOutputs, tokens });
const headers = (text: string) => text.split("\n").filter((line) => line.startsWith("### "));
const withLong = (...paths: string[]): Tree => new Map([...tree, ...paths.map((path): [string, string] => [path, long])]);
const windowsAt = (...lines: number[]) => headers(show({ tree: withLong(add), diagnostics: lines.map((line) => diagnostic(add, line)), tokens: 400 }));

describe("source that fits", () => {
  test("is the editable file, verbatim and whole", () => {
    expect(show()).toBe(`### ${add}\n\`\`\`rust\n${ADD.replace("self.0 + other", "self.0 - other")}\`\`\``);
  });
  test("has files that errors point at behind the editable ones", () => {
    expect(headers(show({ diagnostics: [diagnostic(times, 2)] }))).toEqual([`### ${add}`, `### ${times}`]);
  });
  test("has the editable files that errors point at first", () => {
    expect(headers(show({ editable: ["crates/a/src/*.rs"], diagnostics: [diagnostic(times, 2)] }))).toEqual([
      `### ${times}`,
      `### ${add}`,
      "### crates/a/src/lib.rs",
    ]);
  });
  test("takes places from the text of errors and of test output too", () => {
    expect(headers(show({ diagnostics: [diagnostic(add, 1, { rendered: `note: see\n  --> ${times}:1:1` })] }))).toContain(`### ${times}`);
    expect(headers(show({ testOutputs: [`thread 'x' panicked at ${times}:2:5:\nboom`] }))).toContain(`### ${times}`);
  });
  test("never has hidden files, whoever points at them", () => {
    const text = show({ editable: ["**"], diagnostics: [diagnostic(hidden, 1)], testOutputs: [`at ${hidden}:1:1`] });
    expect(text).not.toContain("heldout.rs");
    expect(text).not.toContain("held_out_case");
  });
  test("has a fence longer than the ones within", () => {
    expect(show({ tree: new Map([[add, "//! ````\n"]]) })).toBe(`### ${add}\n\`\`\`\`\`rust\n//! \`\`\`\`\n\`\`\`\`\``);
  });
});

describe("source that doesn't fit", () => {
  test("is cut to lines around the error, which the header names", () => {
    const text = show({ tree: withLong(add), diagnostics: [diagnostic(add, 500)], tokens: 300 });
    const [, from, to] = /^### .*, lines (\d+)–(\d+) of 1000\n/.exec(text) ?? [];
    expect(Number(to) - 500).toBe(500 - Number(from));
    expect(text).toContain(
      long
        .split("\n")
        .slice(Number(from) - 1, Number(to))
        .join("\n"),
    );
    expect(estimateTokens(text)).toBeGreaterThan(250);
  });
  test("has a window for each place, and one for places that lie close", () => {
    expect(windowsAt(100, 900)).toHaveLength(2);
    expect(windowsAt(100, 103)).toHaveLength(1);
  });
  test("starts at the top where no error points into it", () => {
    expect(headers(show({ tree: withLong(add), tokens: 400 }))[0]).toMatch(/lines 1–\d+ of 1000/);
  });
  test("shares the room between two large files", () => {
    const text = show({ tree: withLong(add, times), diagnostics: [diagnostic(add, 9), diagnostic(times, 9)], editable: [add, times], tokens: 600 });
    expect(headers(text)).toEqual([expect.stringContaining(add), expect.stringContaining(times)]);
  });
  test("shows a small file whole beside a large one", () => {
    const text = show({ tree: withLong(add), diagnostics: [diagnostic(add, 9), diagnostic(times, 2)], editable: [add, times], tokens: 600 });
    expect(headers(text)).toEqual([expect.stringMatching(/add\.rs, lines/), `### ${times}`]);
  });
  test("says which files have no room", () => {
    const text = show({ tree: withLong(add, times), diagnostics: [diagnostic(add, 9)], editable: [add, times], tokens: 5000 });
    expect(text).not.toContain("Not shown");
    expect(show({ editable: ["crates/a/src/*.rs"], tree: withLong(add, times, "crates/a/src/lib.rs"), tokens: 700 })).toContain("Not shown");
  });
  test("with an error behind its end shows its end", () => {
    expect(headers(show({ tree: withLong(add), diagnostics: [diagnostic(add, 99_999)], tokens: 300 }))[0]).toMatch(/–1000 of 1000/);
  });
});

describe("for any files, errors and budget", () => {
  const file = fc.tuple(
    fc.constantFrom(add, times, "crates/a/src/lib.rs", hidden),
    fc.string({ unit: fc.constantFrom("a\n", "bb ", "`", "```\n", "\r\n", "x".repeat(300)), maxLength: 300 }),
  );
  const given = fc.record({
    tree: fc.array(file).map((files): Tree => new Map(files)),
    diagnostics: fc.array(
      fc.tuple(fc.constantFrom(add, times, hidden, "none.rs"), fc.integer({ min: 0, max: 400 })).map(([path, line]) => diagnostic(path, line)),
      { maxLength: 6 },
    ),
    tokens: fc.integer({ min: -10, max: 900 }),
    editable: fc.constantFrom<string[]>([add], ["**"], [add, times]),
  });
  test("the estimate keeps to the budget", () => {
    fc.assert(
      fc.property(given, (input) => estimateTokens(show(input)) <= Math.max(0, input.tokens)),
      { numRuns: 500 },
    );
  });
  test("the same input gives the same text", () => {
    fc.assert(fc.property(given, (input) => show(input) === show({ ...input, tree: new Map([...input.tree].toReversed()) })));
  });
  test("shown lines are the file's own", () => {
    fc.assert(
      fc.property(given, (input) => {
        for (const [, path = "", fence = "", body = ""] of show(input).matchAll(/^### (\S+?)(?:, lines .*)?\n(`+)rust\n([^]*?)\n\2$/gm)) {
          expect(fence.length).toBeGreaterThan(2);
          expect(`${String(input.tree.get(path))}\n`).toContain(body);
        }
      }),
    );
  });
});

test("a hostile test output is read in linear time", () => {
  const started = performance.now();
  show({ testOutputs: ["a".repeat(300_000), ".rs:".repeat(100_000), `${"a".repeat(399)}.rs:1`.repeat(1000)] });
  expect(performance.now() - started).toBeLessThan(2000);
});

test("the base's hidden globs are what hides", () => {
  const open = taskOf(task.broken, { base: { ...base, hidden: [] }, editable: ["**"], protected: [] });
  expect(sourceContext({ task: open, tree, diagnostics: [], testOutputs: [], tokens: 6000 })).toContain("heldout.rs");
});
