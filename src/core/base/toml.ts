// Parses TOML that a person wrote against a schema: a value, or every issue with its line and column.
import { parse, TomlError, stringify } from "smol-toml";
import { parseTOML } from "toml-eslint-parser";
import type { z } from "zod";
import type { FileIssue } from "./errors.ts";

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly issues: FileIssue[] };

type Place = { line: number; column: number };

/** Parses and checks `text`; `path` only labels the issues. */
export function parseToml<T>(path: string, text: string, schema: z.ZodType<T>): Parsed<T> {
  const raw = readToml(path, text);
  if (!raw.ok) return raw;
  const result = schema.safeParse(raw.value);
  if (result.success) return { ok: true, value: result.data };
  const locate = locator(text);
  return { ok: false, issues: schemaFaults(result.error).map(({ key, message }) => ({ path, ...locate(key), message })) };
}

/** A function from a key path to its position in the text: the nearest enclosing key that is written there, even as part of a longer one. */
export function locator(text: string): (keyPath: readonly PropertyKey[]) => Place {
  const places = new Map<string, Place>();
  try {
    collect(parseTOML(text.replace(/^\uFEFF/, "")) as unknown as Node, [], places);
    rememberParts(places);
  } catch {
    // The text parsed as TOML once already; without a syntax tree every issue is shown at the file's start.
  }
  return (keyPath) => {
    for (let length = keyPath.length; length > 0; length--) {
      const place = places.get(keyOf(keyPath.slice(0, length)));
      if (place) return place;
    }
    return { line: 1, column: 1 };
  };
}

function readToml(path: string, text: string): Parsed<unknown> {
  if (text.length > 4_000_000) return { ok: false, issues: [{ path, line: 1, column: 1, message: "larger than 4 MB: split it" }] };
  try {
    return { ok: true, value: parse(text) };
  } catch (error) {
    const place = error instanceof TomlError ? { line: error.line, column: error.column } : { line: 1, column: 1 };
    const message = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
    return { ok: false, issues: [{ path, ...place, message: `not TOML: ${message.replace(/^Invalid TOML document: /, "")}` }] };
  }
}

interface Node {
  readonly type: string;
  readonly loc: { start: { line: number; column: number } };
  readonly resolvedKey?: readonly (string | number)[];
  readonly key?: { keys: readonly { name?: string; value?: string }[] };
  readonly body?: readonly Node[];
  readonly elements?: readonly Node[];
  readonly value?: Node;
}

const keyOf = (path: readonly PropertyKey[]): string => path.map(String).join("\u0000");

function collect(node: Node, prefix: readonly (string | number)[], places: Map<string, Place>): void {
  const here = node.resolvedKey ? [...node.resolvedKey] : prefix;
  if (node.resolvedKey) remember(node, here, places);
  for (const child of node.body ?? []) collect(child, here, places);
  node.elements?.forEach((child, index) => {
    remember(child, [...prefix, index], places);
    collect(child, [...prefix, index], places);
  });
  if (node.type === "TOMLKeyValue" && node.key && node.value) {
    const path = [...here, ...node.key.keys.map((key) => key.name ?? key.value ?? "")];
    remember(node, path, places);
    collect(node.value, path, places);
  }
}

function remember(node: Node, path: readonly (string | number)[], places: Map<string, Place>): void {
  const key = keyOf(path);
  if (!places.has(key)) places.set(key, { line: node.loc.start.line, column: node.loc.start.column + 1 });
}

/** `[a.b]` is also the position of `a`, if `a` appears nowhere else. */
function rememberParts(places: Map<string, Place>): void {
  const written = [...places];
  for (const [key, place] of written) {
    const parts = key.split("\u0000", 8);
    for (let length = parts.length - 1; length > 0; length--) {
      const part = parts.slice(0, length).join("\u0000");
      if (!places.has(part)) places.set(part, place);
    }
  }
}

/** A schema's complaints about a value, each with its key path: unknown keys one by one, in lower case. */
export function schemaFaults(error: z.ZodError): { readonly key: readonly PropertyKey[]; readonly message: string }[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => {
        const full = [...issue.path, key];
        return { key: full, message: `unknown key ${full.map(String).join(".")}: remove it or correct its name` };
      });
    }
    const name = issue.path.map(String).join(".");
    const what = name === "" ? issue.message : `${name}: ${issue.message}`;
    return [{ key: issue.path, message: what.charAt(0).toLowerCase() + what.slice(1) }];
  });
}

/** A table as TOML; what is undefined is left out. Throws for null, which TOML has not. */
export const writeToml = (table: Readonly<Record<string, unknown>>): string => `${stringify(table)}\n`;
