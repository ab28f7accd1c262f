// A repository's own cargo configuration as a table: read once here for all that is taken of it.
import { parse } from "smol-toml";
import { z } from "zod";
import type { Tree } from "../text/edit.ts";

/** Cargo looks for the second name only where the first is missing. Source: The Cargo Book, "Configuration". */
const FILES = [".cargo/config", ".cargo/config.toml"];

const table = z.record(z.string(), z.unknown());

export type ConfigTable = Readonly<Record<string, unknown>>;

/** Null where there is none. A file that is no TOML configures nothing: cargo does not read it either, as the base is built from outside of it. */
export function ownCargoConfig(tree: Tree): ConfigTable | null {
  const text = FILES.map((path) => tree.get(path)).find((content) => typeof content === "string");
  return typeof text === "string" ? parsedTable(text) : null;
}

export function parsedTable(text: string): ConfigTable | null {
  try {
    return table.parse(parse(text));
  } catch {
    return null;
  }
}

/** Empty where there is no table of that name. */
export const tableAt = (parent: ConfigTable, key: string): ConfigTable => asTable(parent[key]);

export const asTable = (value: unknown): ConfigTable => table.safeParse(value).data ?? {};

/** A key as a dotted path has it. */
export const quotedKey = (key: string): string => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key));

/** Each value of a table as `a.b=value`, as `--config` has them; TOML's values of these kinds are JSON's. */
export function leaves(own: ConfigTable, path: string): string[] {
  return Object.entries(own).flatMap(([key, value]) => {
    const here = `${path}.${quotedKey(key)}`;
    const inner = table.safeParse(value);
    return inner.success ? leaves(inner.data, here) : [`${here}=${JSON.stringify(value)}`];
  });
}
