// The layers of a policy, from the built-in defaults up, and the values that each sets.
import { z } from "zod";
import type { FileIssue } from "../base/errors.ts";
import { locator, type Parsed, parseToml } from "../base/toml.ts";

/** Lowest first: each layer overrides those before it. */
export type LayerName = "defaults" | "workspace" | "spec" | "override";

export type Table = { readonly [key: string]: unknown };

/** A written text and its name in issues. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

type Place = Pick<FileIssue, "line" | "column">;

export interface PolicyLayer {
  readonly name: LayerName;
  readonly path: string;
  readonly table: Table;
  /** Where a key is in the layer's text. */
  readonly locate: (key: readonly PropertyKey[]) => Place;
}

/** Maximum length of a policy text in characters: a policy is read by people. */
const LONGEST = 300_000;

/** The name of an object's prototype in JavaScript: parsers drop it silently, so no table may use it. */
const RESERVED = "__proto__";

const DEEPEST = 20;

export function readLayer(name: LayerName, source: SourceText): Parsed<PolicyLayer> {
  const parsed = readTable(source);
  return parsed.ok ? { ok: true, value: { name, path: source.path, table: parsed.value, locate: lazyLocator(source.text) } } : parsed;
}

/** The text is parsed for positions once, and only on demand. */
export function lazyLocator(text: string): PolicyLayer["locate"] {
  let locate: PolicyLayer["locate"] | null = null;
  return (key) => (locate ??= locator(text))(key);
}

/** A TOML text as a table, or the position of its syntax error. */
export function readTable({ path, text }: SourceText): Parsed<Table> {
  if (text.length > LONGEST) return refused(path, "larger than 300,000 characters: split it, or take out what is not policy");
  const parsed = parseToml(path, text, z.custom<Table>(isTable));
  if (!parsed.ok) return parsed;
  const oddity = oddityIn(parsed.value, []);
  if (!oddity) return { ok: true, value: parsed.value };
  return { ok: false, issues: [{ path, ...locator(text)(oddity.key), message: oddity.message }] };
}

const refused = (path: string, message: string): { ok: false; issues: FileIssue[] } => ({ ok: false, issues: [{ path, line: 1, column: 1, message }] });

interface Oddity {
  readonly key: readonly (string | number)[];
  readonly message: string;
}

/** What no schema can check: a reserved name at any depth, or excessive nesting. */
function oddityIn(value: unknown, parent: readonly (string | number)[]): Oddity | null {
  if (parent.length > DEEPEST) return { key: parent.slice(0, 3), message: `nested deeper than ${DEEPEST} levels: flatten it` };
  const members: readonly (readonly [string | number, unknown])[] = Array.isArray(value) ? [...value.entries()] : isTable(value) ? Object.entries(value) : [];
  for (const [name, member] of members) {
    const key = [...parent, name];
    const found = name === RESERVED ? { key, message: `${RESERVED} is no key: remove it` } : oddityIn(member, key);
    if (found) return found;
  }
  return null;
}

export function isTable(value: unknown): value is Table {
  // TOML's dates and times are objects too, but distinguishable.
  return Object.prototype.toString.call(value) === "[object Object]";
}

/** Tables whose members only make sense together: a layer that sets one of them sets all. */
const WHOLE: readonly string[] = ["reflex.rollout"];

/** Tables merge, everything else (lists too) is replaced. */
export function mergeTables(below: Table, above: Table, parent: readonly string[] = []): Table {
  const merged = Object.entries(above).map(([key, value]) => {
    const under = Object.hasOwn(below, key) ? below[key] : undefined;
    const path = [...parent, key];
    const both = isTable(under) && isTable(value) && !WHOLE.includes(path.join("."));
    return [key, both ? mergeTables(under, value, path) : value] as const;
  });
  return { ...below, ...Object.fromEntries(merged) };
}

export interface PolicyLeaf {
  readonly key: readonly string[];
  readonly value: unknown;
}

/** Every value that is not a table, in written order. Lists are leaves, since layers replace them whole; so are empty tables. */
export function leavesOf(table: Table, parent: readonly string[] = []): readonly PolicyLeaf[] {
  return Object.entries(table).flatMap(([name, value]) => {
    const key = [...parent, name];
    return isTable(value) && Object.keys(value).length > 0 ? leavesOf(value, key) : [{ key, value }];
  });
}

/** A key path as TOML writes it: `models."gpt-5.2-high".effort`. */
export const keyText = (key: readonly PropertyKey[]): string =>
  key.map((part) => (/^[A-Za-z0-9_-]+$/.test(String(part)) ? String(part) : JSON.stringify(String(part)))).join(".");

/** True if the value holds something at the key path. */
export function holds(value: unknown, key: readonly PropertyKey[]): boolean {
  let here = value;
  for (const part of key) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, part)) return false;
    here = (here as Readonly<Record<PropertyKey, unknown>>)[part];
  }
  return true;
}

/** Which layer each leaf of the merged policy comes from, by the leaf's key text. */
export function originsOf(layers: readonly PolicyLayer[], merged: Table): Readonly<Record<string, LayerName>> {
  const origin = (key: readonly string[]): LayerName => layers.findLast((layer) => holds(layer.table, key))?.name ?? "defaults";
  return Object.fromEntries(leavesOf(merged).map(({ key }) => [keyText(key), origin(key)]));
}

/** The position of a key in the topmost layer that sets it; a key that nobody sets is missing in the workspace's file. */
export function placeOf(layers: readonly PolicyLayer[], key: readonly PropertyKey[]): Pick<FileIssue, "path" | "line" | "column"> {
  const written = layers.filter(({ name }) => name !== "defaults");
  const layer = written.findLast(({ table }) => holds(table, key)) ?? written.find(({ name }) => name === "workspace");
  return layer ? { path: layer.path, ...layer.locate(key) } : { path: "", line: 1, column: 1 };
}
