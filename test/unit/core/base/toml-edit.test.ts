// Edits of TOML texts: whatever form a key is written in, only what is meant changes, and what can't be changed safely is refused.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { BakeoffError } from "../../../../src/core/base/errors.ts";
import { editToml, type TomlEdit } from "../../../../src/core/base/toml-edit.ts";
import { anyText } from "../../any-text.ts";

const set = (value: string, ...key: readonly (string | number)[]): TomlEdit => ({ do: "set", key, value });
const append = (table: Readonly<Record<string, string>>): TomlEdit => ({ do: "append", list: "promotion", table });
const REMOVE: TomlEdit = { do: "remove-last", list: "promotion" };

/** Null where it is refused. */
function attempt(text: string, edit: TomlEdit): string | null {
  try {
    return editToml(text, [edit]);
  } catch (error) {
    if (error instanceof BakeoffError && error.code === "usage") return null;
    throw error;
  }
}

const refusal = (text: string, edit: TomlEdit): { readonly code: string; readonly hint: string } => {
  try {
    editToml(text, [edit]);
    return { code: "none", hint: "" };
  } catch (error) {
    if (!(error instanceof BakeoffError)) throw error;
    return error;
  }
};

describe("a string that is set", () => {
  it.each([
    ["a plain line", 'candidate = "old"'],
    ["a comment behind it", 'candidate   =  "old"   # the "old" one'],
    ["a quoted key", '"candidate" = "old"'],
    ["single quotes", "'candidate' = 'old'"],
    ["several lines of quotes", 'candidate = """\nold"""'],
    ["an escape", String.raw`candidate = "o\u006Cd"`],
  ])("may be written with %s, in any table", (_, line) => {
    const quotes = line.includes("= 'old'") ? "'" : '"';
    const changed = line.replace(/("""\nold"""|"old"(?!\s*one)|'old'|"o\\u006Cd")/, `${quotes}new${quotes}`);
    for (const [head, tail] of [
      ["[reflex]\n", "\n"],
      ["# [reflex] is below\n[ reflex ] # here\nmax = 2\n", "\nmin = 1\n[other]\ncandidate = 'old'\n"],
      ['["reflex"]\r\n', "\r\n[other]\r\nreflex.candidate = 'old'\r\n"],
      ["\uFEFFother = 1\n[ 'reflex' ]\n", ""],
    ] as const)
      expect(editToml(head + line + tail, [set("new", "reflex", "candidate")])).toBe(head + changed + tail);
  });

  it.each([
    ['reflex.candidate = "old"', 'reflex.candidate = "new"'],
    ['reflex . "candidate" = "old"', 'reflex . "candidate" = "new"'],
    ['reflex = { max = 2, candidate = "old" } # candidate = "old"', 'reflex = { max = 2, candidate = "new" } # candidate = "old"'],
    ['[reflex]\nlist = [ { candidate = "old" } ]\ncandidate = "old"', '[reflex]\nlist = [ { candidate = "old" } ]\ncandidate = "new"'],
    ['[reflex]\nother = """\ncandidate = "old"\n"""\ncandidate = "old"', '[reflex]\nother = """\ncandidate = "old"\n"""\ncandidate = "new"'],
  ])("may stand in %s", (before, after) => expect(editToml(before, [set("new", "reflex", "candidate")])).toBe(after));

  it("may be in a list of tables, of either form", () => {
    expect(editToml('[[scenario]]\nexpect = "a"\n[[ scenario ]]\nexpect = "a"\n', [set("b", "scenario", 1, "expect")])).toBe(
      '[[scenario]]\nexpect = "a"\n[[ scenario ]]\nexpect = "b"\n',
    );
    expect(editToml('scenario = [{ expect = "a" }, { expect = "a" }]', [set("b", "scenario", 0, "expect")])).toBe(
      'scenario = [{ expect = "b" }, { expect = "a" }]',
    );
  });

  it("stays as it is written where it says that already", () => {
    const text = String.raw`a = """\u0061"""`;
    expect(editToml(text, [set("a", "a")])).toBe(text);
  });

  it("is refused, with what to write, where it is not there or no string, and where the text is no TOML", () => {
    for (const text of ["", "[reflex]\nmax = 2\n", "[reflex]\ncandidate = 3\n", "reflex = 1\n", "[reflex\n", '[reflex]\ncandidate = "a"\ncandidate = "b"\n'])
      expect(refusal(text, set("new", "reflex", "candidate")), text).toMatchObject({
        code: "usage",
        hint: expect.stringContaining('reflex.candidate = "new"') as string,
      });
  });
});

describe("any text", () => {
  const comment = fc.stringMatching(/^#[ -~é🙂]{0,12}$/u);
  const eol = fc.constantFrom("\n", "\r\n");
  const space = fc.constantFrom("", " ", "  ", "\t");
  const value = anyText(12);
  /** Lines before and after that say nothing about the key, or only seem to. */
  const others = fc.array(
    fc.oneof(comment, fc.constantFrom("", "z1 = 'version = \"x\"'", 'z2 = "\\"version\\""', 'z3 = [1, { version = "x" }]', "z4.version = 'x'")),
    { maxLength: 5 },
  );
  const distinct = (lines: readonly string[]): readonly string[] =>
    lines.filter((line, index) => line === "" || line.startsWith("#") || lines.indexOf(line) === index);
  const quoted = fc.constantFrom("version", '"version"', "'version'");

  const form = fc.record({
    head: fc.constantFrom("[meta]", "[ meta ]", '[ "meta" ]', "dotted", "inline"),
    key: quoted,
    around: space,
    eol,
    bom: fc.boolean(),
    before: others,
    after: others,
    tail: fc.oneof(comment, fc.constant("")),
  });

  it("keeps every byte but the value's", () => {
    fc.assert(
      fc.property(form, value, value, ({ head, key, around, eol: end, bom, before, after, tail }, was, becomes) => {
        const old = JSON.stringify(was.toWellFormed()).replaceAll("\u007F", String.raw`\u007F`);
        const openings: Readonly<Record<string, string>> = { dotted: `meta${around}.${around}${key}`, inline: `meta = {${around}a = 1,${around}${key}` };
        const opening = openings[head] ?? `${head}${end}${key}`;
        const closing = head === "inline" ? `${around}}` : "";
        const start = [...distinct(before), `${opening}${around}=${around}`].join(end);
        const rest = [`${closing} ${tail}`, ...distinct(after).filter((line) => !before.includes(line) || line === "" || line.startsWith("#"))].join(end);
        const text = `${bom ? "\uFEFF" : ""}${start}${old}${rest}`;
        const changed = editToml(text, [set(becomes.toWellFormed(), "meta", "version")]);
        const [lead, trail] = [`${bom ? "\uFEFF" : ""}${start}`, rest];
        expect(changed.startsWith(lead) && changed.endsWith(trail)).toBe(true);
        const parsed = parse(changed.replace(/^\uFEFF/, "")) as { meta: { version: string } };
        expect(parsed.meta.version).toBe(becomes.toWellFormed());
        expect(editToml(changed, [set(was.toWellFormed(), "meta", "version")])).toBe(text);
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it("is edited as meant or refused, however damaged it is", () => {
    const policy = readFileSync(new URL("../../../../policy/model_policy.toml", import.meta.url), "utf8");
    const count = { edited: 0, refused: 0 };
    const damage = fc.record({
      start: fc.nat(policy.length),
      length: fc.nat(40),
      text: fc.constantFrom("", '"', "'", "\n", "\r", "[", "]", "{", "#", "=", "\u0000", '"""', "[meta]\n", "promotion = [", "version = 1\n"),
    });
    fc.assert(
      fc.property(fc.array(damage, { maxLength: 3 }), (damages) => {
        const text = damages.reduce((whole, { start, length, text: inserted }) => whole.slice(0, start) + inserted + whole.slice(start + length), policy);
        for (const edit of [set("9.9.9", "meta", "version"), append({ by: "Ada" }), REMOVE]) {
          const edited = attempt(text, edit);
          count[edited === null ? "refused" : "edited"] += 1;
          if (edited === null) continue;
          const [before, after] = [parse(text), parse(edited)] as readonly Record<string, unknown>[];
          const own = edit.do === "set" ? "meta" : "promotion";
          expect({ ...after, [own]: null }).toEqual({ ...before, [own]: null });
        }
      }),
      { numRuns: 50, seed: 7 },
    );
    expect(Math.min(count.edited, count.refused)).toBeGreaterThan(10);
  });

  it("has its last table back as it was before one was appended", () => {
    const lists = fc.constantFrom(
      "",
      '[[promotion]]\ncandidate = "a" # why\n',
      "promotion = []\n",
      'promotion = [ { candidate = "a" } ]\n',
      'promotion = [\n  { candidate = "a" }, # why\n]\n',
    );
    const line = fc.constantFrom("[meta]", "[other] # below", "# a comment", "", "[[promotions]]");
    fc.assert(
      fc.property(lists, fc.array(line, { maxLength: 4 }), eol, value, (list, lines, end, name) => {
        const tables = lines.filter((one, index) => (!one.startsWith("[m") && !one.startsWith("[o") ? true : lines.indexOf(one) === index));
        const text = `${list}${tables.map((one) => `${one}\n`).join("")}`.replaceAll("\n", end);
        const table = { candidate: name.toWellFormed(), by: "Ada" };
        const longer = editToml(text, [append(table)]);
        expect((parse(longer) as { promotion: unknown[] }).promotion.at(-1)).toEqual(table);
        expect(editToml(longer, [REMOVE])).toBe(text);
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});

describe("the last table of a list", () => {
  it("goes with its lines and its own comments, wherever it stands; comments around it stay", () => {
    const text = '[[promotion]]\nby = "a"\n\n# About b.\n[[ "promotion" ]] # b\nby = "b" # him\n# inside\nto = "c"\n# About meta.\n\n[meta]\nx = 1\n';
    expect(editToml(text, [REMOVE])).toBe('[[promotion]]\nby = "a"\n\n# About b.\n# About meta.\n\n[meta]\nx = 1\n');
  });

  it("goes with the tables in it", () => {
    expect(editToml("[[promotion]]\na = 1\n[promotion.of]\nb = 2\n\n[promotion.to]\nc = 3\n", [REMOVE])).toBe("");
  });

  it.each([
    ['promotion = [ { by = "a" } ]', "promotion = [  ]"],
    ['promotion = [ { by = "a" }, ]', "promotion = [  ]"],
    ['promotion = [ { by = "a" }, { by = "b" } ]', 'promotion = [ { by = "a" } ]'],
    ['promotion = [\n  { by = "a" }, # a\n  { by = "b" } # b\n]', 'promotion = [\n  { by = "a" }, # a\n   # b\n]'],
  ])("goes from %j too", (before, after) => expect(editToml(before, [REMOVE])).toBe(after));

  it("can't go where there is none", () => {
    for (const text of ["", "promotion = []\n", "promotion = 1\n", "[promotion]\na = 1\n"])
      expect(refusal(text, REMOVE), text).toMatchObject({ code: "usage" });
  });

  it("can't be appended to what is no list", () => {
    for (const text of ["promotion = 1\n", "[promotion]\na = 1\n", "promotion.a = 1\n"])
      expect(refusal(text, append({ a: "b" })), text).toMatchObject({ code: "usage" });
  });
});
