// Changes a TOML text that a person wrote by the positions of its parts: only what is meant changes, every other byte stays.
import { isDeepStrictEqual } from "node:util";
import { parse } from "smol-toml";
import { type AST, parseTOML } from "toml-eslint-parser";
import { BakeoffError, messageOf } from "./errors.ts";

/** Names of tables and keys, and places in lists. */
export type TomlKey = readonly (string | number)[];

export type TomlEdit =
  /** A string that is there already becomes another, in whatever form its key is written. */
  | { readonly do: "set"; readonly key: TomlKey; readonly value: string }
  /** The last part of a key becomes another name; its value stays. */
  | { readonly do: "rename"; readonly key: TomlKey; readonly to: string }
  /** A table of strings at the end of a list of tables, which need not be there yet. */
  | { readonly do: "append"; readonly list: string; readonly table: Readonly<Record<string, string>> }
  /** The last table of a list of tables goes. */
  | { readonly do: "remove-last"; readonly list: string };

type Kind = TomlEdit["do"];
type Edit<K extends Kind> = Extract<TomlEdit, { do: K }>;

/** A part of a text that becomes another. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Source {
  readonly text: string;
  readonly ast: AST.TOMLProgram;
}

interface Editor<K extends Kind> {
  /** Where the text changes; null where what is to be changed is not there in a form that can be. */
  readonly splices: (source: Source, edit: Edit<K>) => readonly Splice[] | null;
  /** The same change of the value that the text stands for. */
  readonly apply: (value: Tree, edit: Edit<K>) => void;
  /** The change in words, for whoever must make it by hand. */
  readonly says: (edit: Edit<K>) => string;
}

type Tree = Record<string, unknown>;

const BOM = "\uFEFF";

/** The text with all the edits, each of what the text says now. Throws `usage` with what to write by hand where one can't be made safely. */
export function editToml(text: string, edits: readonly TomlEdit[]): string {
  const start = text.startsWith(BOM) ? 1 : 0;
  return text.slice(0, start) + edited(text.slice(start), edits);
}

function edited(text: string, edits: readonly TomlEdit[]): string {
  const byHand = edits.map((edit) => editorOf(edit).says(edit)).join("; ");
  const refuse = (why: string) => new BakeoffError("usage", `the file can't be edited: ${why}`, `write it yourself: ${byHand}`);
  const { value: expected, ast } = read(text, refuse);
  const splices = edits.flatMap((edit) => {
    const own = editorOf(edit).splices({ text, ast }, edit);
    if (own === null) throw refuse(`${nameOf(edit)} is not there in a form that can be changed`);
    editorOf(edit).apply(expected, edit);
    return own;
  });
  // From the end on, so that none moves the place of the next.
  const changed = splices
    .toSorted((a, b) => b.start - a.start)
    .reduce((done, splice) => done.slice(0, splice.start) + splice.text + done.slice(splice.end), text);
  // Nothing but what was meant may have changed, whatever the file looks like.
  if (!isDeepStrictEqual(listed(read(changed, refuse).value), listed(expected))) throw refuse(`${edits.map(nameOf).join(", ")} can't be changed safely`);
  return changed;
}

const editorOf = (edit: TomlEdit): Editor<Kind> => EDITORS[edit.do] as Editor<Kind>;

/** A list that is empty is as good as none. */
const listed = (value: Tree): Tree => Object.fromEntries(Object.entries(value).filter(([, member]) => !Array.isArray(member) || member.length > 0));

function read(text: string, refuse: (why: string) => BakeoffError): { readonly value: Tree; readonly ast: AST.TOMLProgram } {
  try {
    return { value: parse(text), ast: parseTOML(text) };
  } catch (error) {
    throw refuse(messageOf(error).split("\n")[0] ?? "");
  }
}

const nameOf = (edit: TomlEdit): string => ("key" in edit ? edit.key.join(".") : edit.list);

const EDITORS: { readonly [K in Kind]: Editor<K> } = {
  set: {
    splices: ({ ast }, { key, value }) => {
      const node = valuesIn(ast).find((found) => sameKey(found.key, key))?.node;
      if (node?.type !== "TOMLValue" || node.kind !== "string") return null;
      return node.value === value ? [] : [{ start: node.range[0], end: node.range[1], text: written(value, node) }];
    },
    apply: (value, { key, value: text }) => {
      const parent = key.slice(0, -1).reduce<unknown>((here, part) => (here as Tree)[part], value) as Tree;
      parent[key.at(-1) ?? ""] = text;
    },
    says: ({ key, value }) => `${key.join(".")} = ${tomlString(value)}`,
  },
  rename: {
    splices: ({ ast }, { key, to }) => {
      const node = keysIn(ast).find((found) => sameKey(found.key, key))?.node;
      return node === undefined ? null : [{ start: node.range[0], end: node.range[1], text: BARE.test(to) ? to : tomlString(to) }];
    },
    apply: (value, { key, to }) => {
      const parent = key.slice(0, -1).reduce<unknown>((here, part) => (here as Tree)[part], value) as Tree;
      const name = String(key.at(-1));
      parent[to] = parent[name];
      delete parent[name];
    },
    says: ({ key, to }) => `rename ${key.join(".")} to ${to}`,
  },
  append: {
    splices: (source, { list, table }) => {
      const array = inlineList(source, list);
      if (array === undefined) return [tableBlock(source, list, table)];
      return array === null ? null : [inlineItem(source, array, table)];
    },
    apply: (value, { list, table }) => void (value[list] = [...itemsOf(value[list]), Object.assign(Object.create(null), table)]),
    says: ({ list, table }) => `[[${list}]] with ${fieldsOf(table).join(", ")}`,
  },
  "remove-last": {
    splices: (source, { list }) => {
      const array = inlineList(source, list);
      if (array === undefined) return withoutLastTable(source, list);
      return array === null ? null : withoutLastItem(source, array);
    },
    apply: (value, { list }) => void (value[list] = itemsOf(value[list]).slice(0, -1)),
    says: ({ list }) => `take the last [[${list}]] out`,
  },
};

const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

interface Placed {
  readonly key: TomlKey;
  readonly node: AST.TOMLContentNode;
}

/** Every value of a text with its whole key: tables' headers, dotted and quoted keys, inline tables and lists alike. */
function valuesIn({ body: [top] }: AST.TOMLProgram): readonly Placed[] {
  return top.body.flatMap((node) => (node.type === "TOMLTable" ? node.body.flatMap((pair) => pairIn(pair, node.resolvedKey)) : pairIn(node, [])));
}

function pairIn({ key: { keys }, value }: AST.TOMLKeyValue, prefix: TomlKey): readonly Placed[] {
  return valueIn(value, [...prefix, ...keys.map((part) => (part.type === "TOMLBare" ? part.name : part.value))]);
}

function valueIn(node: AST.TOMLContentNode, key: TomlKey): readonly Placed[] {
  const inside =
    node.type === "TOMLInlineTable"
      ? node.body.flatMap((pair) => pairIn(pair, key))
      : node.type === "TOMLArray"
        ? node.elements.flatMap((element, index) => valueIn(element, [...key, index]))
        : [];
  return [{ key, node }, ...inside];
}

const BARE = /^[A-Za-z0-9_-]+$/;

interface PlacedKey {
  readonly key: TomlKey;
  readonly node: AST.TOMLBare | AST.TOMLQuoted;
}

/** The last part of every pair's key, with its whole key; names in the headers of tables are none of them. */
function keysIn({ body: [top] }: AST.TOMLProgram): readonly PlacedKey[] {
  return top.body.flatMap((node) => (node.type === "TOMLTable" ? node.body.flatMap((pair) => keyIn(pair, node.resolvedKey)) : keyIn(node, [])));
}

function keyIn({ key: { keys }, value }: AST.TOMLKeyValue, prefix: TomlKey): readonly PlacedKey[] {
  const key = [...prefix, ...keys.map((part) => (part.type === "TOMLBare" ? part.name : part.value))];
  const last = keys.at(-1);
  const inside = value.type === "TOMLInlineTable" ? value.body.flatMap((pair) => keyIn(pair, key)) : [];
  return [...(last ? [{ key, node: last }] : []), ...inside];
}

const sameKey = (one: TomlKey, other: TomlKey): boolean => one.length === other.length && one.every((part, index) => part === other[index]);

/** The list as an array in brackets; undefined where it is none, null where something else has its name. */
function inlineList({ ast }: Source, list: string): AST.TOMLArray | null | undefined {
  const node = valuesIn(ast).find(({ key }) => sameKey(key, [list]))?.node;
  return node === undefined || node.type === "TOMLArray" ? node : null;
}

/** In the quotes that the value had, where they can hold the new one. */
function written(value: string, before: AST.TOMLStringValue): string {
  const isLiteral = before.style === "literal" && !before.multiline && !/['\p{Cc}]/u.test(value);
  return isLiteral ? `'${value}'` : tomlString(value);
}

/** TOML's basic strings escape as JSON's do, but for one character and for halves of characters. */
function tomlString(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll("\u007F", String.raw`\u007F`);
}

const fieldsOf = (table: Readonly<Record<string, string>>): readonly string[] => Object.entries(table).map(([name, value]) => `${name} = ${tomlString(value)}`);

/** At the end of the text, with its line ends and a blank line before it. */
function tableBlock({ text }: Source, list: string, table: Readonly<Record<string, string>>): Splice {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const gap = text === "" ? "" : text.endsWith("\n") ? eol : eol + eol;
  return { start: text.length, end: text.length, text: `${gap}${[`[[${list}]]`, ...fieldsOf(table), ""].join(eol)}` };
}

function inlineItem({ ast }: Source, array: AST.TOMLArray, table: Readonly<Record<string, string>>): Splice {
  const item = `{ ${fieldsOf(table).join(", ")} }`;
  const last = array.elements.at(-1);
  const comma = last && commaAfter(ast, last);
  const place = comma?.range[1] ?? last?.range[1] ?? array.range[0] + 1;
  return { start: place, end: place, text: comma ? ` ${item},` : last ? `, ${item}` : item };
}

function commaAfter({ tokens }: AST.TOMLProgram, { range: [, end] }: AST.TOMLContentNode): AST.Token | undefined {
  const next = tokens.find(({ range: [start] }) => start >= end);
  return next?.value === "," ? next : undefined;
}

/** The element with the comma that goes with it. */
function withoutLastItem({ text, ast }: Source, array: AST.TOMLArray): readonly Splice[] | null {
  const last = array.elements.at(-1);
  if (last === undefined) return null;
  const blank = /[ \t]*$/.exec(text.slice(0, last.range[0]))?.[0].length ?? 0;
  const after = commaAfter(ast, last);
  if (after) return [{ start: last.range[0] - (array.elements.length > 1 ? blank : 0), end: after.range[1], text: "" }];
  const isBesideComma = text[last.range[0] - blank - 1] === ",";
  return [{ start: isBesideComma ? last.range[0] - blank - 1 : last.range[0], end: last.range[1], text: "" }];
}

/** Whole lines, with the comments on them and one blank line before; comments above and below stay. */
function withoutLastTable({ text, ast }: Source, list: string): readonly Splice[] | null {
  const tables = ast.body[0].body.filter((node) => node.type === "TOMLTable" && node.resolvedKey[0] === list) as readonly AST.TOMLTable[];
  const last = Math.max(...tables.map(({ resolvedKey: [, index] }) => (typeof index === "number" ? index : -1)));
  if (last < 0) return null;
  return tables
    .filter(({ resolvedKey: [, index] }) => index === last)
    .map(({ range: [start, end] }) => {
      const lineStart = text.lastIndexOf("\n", start - 1) + 1;
      const lineEnd = text.indexOf("\n", end);
      const blank = /(?:^|\n)(\r?\n)$/.exec(text.slice(0, lineStart))?.[1]?.length ?? 0;
      return { start: lineStart - blank, end: lineEnd < 0 ? text.length : lineEnd + 1, text: "" };
    });
}
