// Packages that a repository's manifests name by a path that leads out of it: no base can hold them.
import { posix } from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";
import type { Tree } from "../../text/edit.ts";

/** A manifest, and the path as it stands there. */
export interface OutsideDependency {
  readonly manifest: string;
  readonly name: string;
  readonly path: string;
}

const dependencySchema = z.object({ path: z.string() });
const tableSchema = z.record(z.string(), z.unknown());

/** Tables of dependencies, wherever cargo looks for them. Source: The Cargo Book, "The Manifest Format". */
const DEPENDENCY_TABLE = /^(dev-|build-)?dependencies$/;

export function outsideDependencies(tree: Tree): OutsideDependency[] {
  return [...tree].flatMap(([manifest, content]) => {
    if (!/(^|\/)Cargo\.toml$/.test(manifest) || typeof content !== "string") return [];
    const folder = posix.dirname(manifest);
    return pathDependencies(content).flatMap(({ name, path }) => (leadsOut(posix.join(folder, path), path) ? [{ manifest, name, path }] : []));
  });
}

/** An absolute path is never part of a copy, even where it names the repository's own folder. */
const leadsOut = (joined: string, written: string): boolean => posix.isAbsolute(written) || joined === ".." || joined.startsWith("../");

function pathDependencies(manifest: string): { name: string; path: string }[] {
  try {
    return namedPaths(parse(manifest));
  } catch {
    // A manifest that is no TOML names nothing; cargo says so when the base is built.
    return [];
  }
}

/** Of `dependencies` and its kin, also below `target.…` and `workspace`, and of `patch.…`. */
function namedPaths(table: unknown): { name: string; path: string }[] {
  const read = tableSchema.safeParse(table);
  if (!read.success) return [];
  return Object.entries(read.data).flatMap(([key, value]) => {
    if (DEPENDENCY_TABLE.test(key)) return pathsIn(value);
    if (key === "workspace") return namedPaths(value);
    const inner = tableSchema.safeParse(value).data ?? {};
    if (key === "target") return Object.values(inner).flatMap(namedPaths);
    return key === "patch" ? Object.values(inner).flatMap(pathsIn) : [];
  });
}

const pathsIn = (table: unknown): { name: string; path: string }[] =>
  Object.entries(tableSchema.safeParse(table).data ?? {}).flatMap(([name, value]) => {
    const path = dependencySchema.safeParse(value).data?.path;
    return path === undefined ? [] : [{ name, path }];
  });

/** In words: `Cargo.toml: shared lies in ../shared`. */
export const outsideText = ({ manifest, name, path }: OutsideDependency): string => `${manifest}: ${name} lies in ${path}`;
