// TOML against a schema: values, every issue at its place, and no text that makes it throw.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createRandom } from "../../../../src/core/base/random.ts";
import { locator, parseToml } from "../../../../src/core/base/toml.ts";
import { candidatesSchema, policySchema } from "../../../../src/core/policy/schema.ts";
import { suiteSchema, taskSchema } from "../../../../src/core/suite/schema.ts";

const schema = z.strictObject({
  name: z.string(),
  count: z.number().int().min(1),
  point: z.strictObject({ x: z.number(), y: z.number() }),
  item: z.array(z.strictObject({ id: z.string(), part: z.array(z.strictObject({ size: z.number() })).default([]) })).default([]),
});

const places = (text: string): string[] => {
  const parsed = parseToml("f.toml", text, schema);
  return parsed.ok ? [] : parsed.issues.map(({ line, column, message }) => `${line}:${column} ${message.split(":")[0] ?? ""}`);
};

const GOOD = `name = "a"
count = 1

[point]
x = 1.5
y = 2

[[item]]
id = "one"

[[item]]
id = "two"
[[item.part]]
size = 1
[[item.part]]
size = 2
`;

describe("parseToml", () => {
  it("says where an issue is behind a byte order mark too", () => {
    expect(places(`\uFEFF${GOOD.replace("count = 1", "count = 0")}`)).toEqual(["2:1 count"]);
  });

  it("gives the value where there is nothing wrong", () => {
    const parsed = parseToml("f.toml", GOOD, schema);
    expect(parsed.ok && parsed.value.item.map(({ id, part }) => [id, part.length])).toEqual([
      ["one", 0],
      ["two", 2],
    ]);
  });

  it("shows a value of the wrong kind at its key", () => expect(places(GOOD.replace("count = 1", "count = 0"))).toEqual(["2:1 count"]));
  it("shows a value inside a table at its key", () => expect(places(GOOD.replace("y = 2", 'y = "2"'))).toEqual(["6:1 point.y"]));
  it("shows a missing key at the table that lacks it", () => expect(places(GOOD.replace("y = 2\n", ""))).toEqual(["4:1 point.y"]));
  it("shows a missing key of the whole file at its start", () => expect(places(GOOD.replace('name = "a"\n', ""))).toEqual(["1:1 name"]));
  it("shows a value in the second of two array tables", () => expect(places(GOOD.replace('id = "two"', "id = 2"))).toEqual(["12:1 item.1.id"]));
  it("shows a value in an array table inside an array table", () =>
    expect(places(GOOD.replace("size = 2", "size = true"))).toEqual(["16:1 item.1.part.1.size"]));
  it("shows an unknown key where it is written", () =>
    expect(places(GOOD.replace("[point]", "[point]\n  colour = 1"))).toEqual(["5:3 unknown key point.colour"]));
  it("shows an unknown table where it begins", () => expect(places(`${GOOD}[odd]\na = 1\n`)).toEqual(["17:1 unknown key odd"]));
  it("shows values of inline tables and dotted keys", () => {
    expect(places(GOOD.replace("[point]\nx = 1.5\ny = 2\n", 'point = { x = 1, y = "no" }\n'))).toEqual(["4:18 point.y"]);
    expect(places(GOOD.replace("[point]\nx = 1.5\ny = 2\n", 'point.x = 1\npoint.y = "no"\n'))).toEqual(["5:1 point.y"]);
  });

  it("shows all of them at once", () => {
    const text = GOOD.replace("count = 1", 'count = "x"')
      .replace("y = 2", "y = true")
      .replace('id = "one"', "id = 1\ncolour = 2")
      .replace("size = 1", 'size = "1"');
    expect(places(text).toSorted()).toEqual(["10:1 unknown key item.0.colour", "15:1 item.1.part.0.size", "2:1 count", "6:1 point.y", "9:1 item.0.id"]);
  });

  const SYNTAX: readonly [string, string, number][] = [
    ["a value that is missing", "name = \n", 1],
    ["a key twice", 'name = "a"\nname = "b"\n', 2],
    ["a string that does not end", '\n\nname = "a\n', 3],
    ["a table twice", "[point]\nx = 1\n[point]\n", 3],
    ["two values on a line", 'name = "a" count = 1\n', 1],
    ["a bare word", "count = one\n", 1],
    ["a leading zero", "count = 01\n", 1],
    ["a control character", 'name = "\u0000"\n', 1],
    ["an escape there is none of", 'name = "\\q"\n', 1],
    ["half a surrogate pair", String.raw`name = "\uD800"`, 1],
    ["a number too large to be exact", "count = 99999999999999999999\n", 1],
    ["what is no TOML at all", "<html>", 1],
  ];
  for (const [name, text, line] of SYNTAX) {
    it(`refuses ${name} as one issue at its line`, () => {
      const parsed = parseToml("f.toml", text, schema);
      expect(parsed.ok ? [] : parsed.issues.map((issue) => [issue.path, issue.line])).toEqual([["f.toml", line]]);
    });
  }

  it("refuses numbers that are none, dates and keys of the language itself", () => {
    for (const value of ["nan", "inf", "-inf", "2026-11-22", "12:00:00", "[]", "{}"])
      expect(parseToml("f", GOOD.replace("count = 1", `count = ${value}`), schema).ok).toBe(false);
    for (const key of ["__proto__", "constructor", "toString"]) expect(parseToml("f", `${key} = 1\n${GOOD}`, schema).ok).toBe(false);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("bears CRLF, and refuses what is too large or too deep without throwing", () => {
    expect(parseToml("f", GOOD.replaceAll("\n", "\r\n"), schema).ok).toBe(true);
    expect(places(GOOD.replaceAll("\n", "\r\n").replace("y = 2", "y = true"))).toEqual(["6:1 point.y"]);
    for (const text of ["#".repeat(4_000_001), `a = ${"[".repeat(50_000)}`, `a = ${"{b = ".repeat(20_000)}`, `${"a.".repeat(20_000)}b = 1`])
      expect(parseToml("f", text, schema).ok).toBe(false);
  });
});

describe("locator", () => {
  it("goes to the nearest key above where the key itself is not written", () => {
    const locate = locator(GOOD);
    expect(locate(["item", 1, "part", 0, "nothing"])).toEqual({ line: 13, column: 1 });
    expect(locate(["point", "z", "deeper"])).toEqual({ line: 4, column: 1 });
    expect(locate(["nothing"])).toEqual({ line: 1, column: 1 });
    expect(locate([])).toEqual({ line: 1, column: 1 });
  });

  it("shows the start of a text that is not TOML", () => expect(locator("= =")(["a"])).toEqual({ line: 1, column: 1 }));
});

it("never throws, and always says where, over two thousand damaged files", () => {
  const root = new URL("../../../..", import.meta.url);
  const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
  const files = [
    [read("policy/model_policy.toml"), policySchema],
    [read("policy/candidates.toml"), candidatesSchema],
    [read("suites/reflex-patchloop-v1/suite.toml"), suiteSchema],
    [read("suites/reflex-patchloop-v1/tasks/fix-id-last.toml"), taskSchema],
  ] as const;
  const random = createRandom("toml");
  const junk = [
    "",
    "=",
    "[",
    "]",
    "[[",
    "{",
    "}",
    '"',
    "'''",
    "\n",
    "\\",
    "\u0000",
    "\ud800",
    "#",
    ".",
    "-",
    "1e999",
    "nan",
    "true",
    "__proto__",
    "\ufeff",
    "\r",
    "format = 2\n",
    "[[break]]\n",
  ];
  let refused = 0;
  for (let count = 0; count < 2000; count += 1) {
    const [original, kind] = random.pick(files);
    let text: string = original;
    for (let times = 1 + random.int(3); times > 0; times -= 1) {
      const from = random.int(text.length + 1);
      text = text.slice(0, from) + random.pick(junk) + text.slice(from + random.int(6));
    }
    const parsed = parseToml("f.toml", text, kind as z.ZodType<unknown>);
    if (parsed.ok) continue;
    refused += 1;
    expect(parsed.issues.length).toBeGreaterThan(0);
    for (const { line, column, message } of parsed.issues) {
      expect(line).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(text.split(/\r?\n|\r/).length + 1);
      expect(column).toBeGreaterThanOrEqual(1);
      expect(message).not.toBe("");
    }
  }
  expect(refused).toBeGreaterThan(500);
});
