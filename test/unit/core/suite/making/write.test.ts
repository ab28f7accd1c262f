import fc from "fast-check";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { parseToml } from "../../../../../src/core/base/toml.ts";
import { suiteSchema, taskSchema, type WrittenTask } from "../../../../../src/core/suite/schema.ts";
import { renderSummary } from "../../../../../src/core/suite/summary.ts";
import { renderSuite, renderTask, tomlString } from "../../../../../src/core/suite/making/write.ts";

const task: WrittenTask = {
  format: 1,
  id: "fix-it",
  title: "A \"title\" with \\ and 'quotes'",
  kind: "compile",
  risk: "low",
  area: "types",
  tags: ["a"],
  error_codes: ["E0308"],
  instruction: "Two\nlines, and ''' in the middle.\n",
  editable: ["src/lib.rs"],
  protected: [],
  fail_to_pass: Array.from({ length: 30 }, (_, index) => `crate/lib/tests::number_${index}`),
  pass_to_pass: ["**"],
  held_out: ["crate/lib/heldout::one"],
  break: [{ path: "src/lib.rs", search: "\n\tlet a = '\\n';\r\n", replace: "  \u0000'" }],
};

describe("writing a suite", () => {
  it("writes any text so that TOML reads it back", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.oneof(fc.constantFrom("'", "\n", '"', "\\", "\r", "\t", "\u007f", "\u0000", "'''"), fc.string({ unit: "grapheme", maxLength: 1 })),
        }),
        (text) => {
          expect(parse(`a = ${tomlString(text)}\n`)["a"]).toBe(text);
        },
      ),
    );
  });

  it("writes tasks that the schema reads back as they were", () => {
    const read = parseToml("t.toml", renderTask(task), taskSchema);
    expect(read.ok && read.value).toEqual(task);
    const test: WrittenTask = {
      ...task,
      kind: "test",
      error_codes: [],
      solution: task.break,
      base: "main",
      family: "a-file",
      test_timeout_s: 3,
      pass_to_pass: ["a/**"],
      protected: ["b"],
    };
    const again = parseToml("t.toml", renderTask(test), taskSchema);
    expect(again.ok && again.value).toEqual(test);
  });

  it("gives every file by its path, in order, with the same bytes each time", () => {
    const base = {
      name: "main",
      path: "base",
      hidden: ["src/heldout.rs"],
      protected: [],
      tree: new Map([
        ["src/lib.rs", "x"],
        ["Cargo.toml", "y"],
      ]),
    };
    const draft = {
      name: "s",
      version: "1.0.0",
      description: "d",
      dependencies: "none",
      defaults: { compile_timeout_s: 60, test_timeout_s: 20 },
      bases: [base],
      tasks: [task],
      extra: new Map([["suite.md", "# s"]]),
    } as const;
    const files = renderSuite(draft);
    expect([...files.keys()]).toEqual(["base/Cargo.toml", "base/src/lib.rs", "suite.md", "suite.toml", "tasks/fix-it.toml"]);
    const read = parseToml("suite.toml", String(files.get("suite.toml")), suiteSchema);
    expect(read.ok && read.value.base).toEqual([{ name: "main", path: "base", hidden: ["src/heldout.rs"], protected: [] }]);
    const wide = parseToml("suite.toml", String(renderSuite({ ...draft, bases: [{ ...base, features: ["wide"] }] }).get("suite.toml")), suiteSchema);
    expect(wide.ok && wide.value.base[0]?.features).toEqual(["wide"]);
    expect([...renderSuite(draft)]).toEqual([...files]);
  });
});

describe("a suite's summary", () => {
  it("counts kinds, codes, files and times, and tells what was dropped and left out", () => {
    const made = {
      id: "a",
      title: "x | y",
      kind: "compile",
      origin: "remove-mut",
      errorCodes: ["E0596"],
      files: ["src/lib.rs"],
      compileMs: 300,
      testMs: null,
      failToPass: 1,
      heldOut: 2,
      leaks: { lines: 3, leaks: [{ task: "a", where: "src/b.rs", kind: "code", line: "let x = y;" }] },
      notes: ["weak oracle: 3 of 4 changes of the solution survive"],
    } as const;
    const text = renderSummary({
      name: "s",
      description: "d",
      made: ["seed 1"],
      tasks: [made, { ...made, id: "b", kind: "test", origin: "boundary", errorCodes: [], testMs: 70_000 }],
      dropped: [{ what: "m", reason: "no test notices it" }],
      skipped: [{ what: "link", reason: "a link out of the repository" }],
    });
    for (const part of [
      /^compile +1 /m,
      /^E0596 +1 /m,
      /^src\/lib.rs +2 /m,
      /^250–500 ms +2 /m,
      /^60000 ms and more +1 /m,
      /^no test notices it +1 /m,
      /- `link`: a link out/,
      /x \\\| y/,
      /weak oracle: 3 of 4/,
      /\| 1 \| 2 \| 1 of 3 \| .*code src\/b.rs holds "let x = y;" \|$/m,
    ])
      expect(text).toMatch(part);
  });
});
