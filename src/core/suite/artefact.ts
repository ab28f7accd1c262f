// Whose a build artefact is: the repository's own, or that of a dependency, which holds nothing of the repository.
import { parse } from "smol-toml";
import { z } from "zod";
import type { Tree } from "../text/edit.ts";

const lockSchema = z.object({ package: z.array(z.object({ name: z.string() })).default([]) });
const manifestSchema = z.object({ package: z.object({ name: z.string() }) });

/** Names of files and folders below a profile's folder that cargo makes for a package: `libserde-0a….rlib`, `serde-0a…/`. */
const MADE_FOR = /^target\/(?:[^/]+\/)?[^/]+\/(?:deps|build|incremental|\.fingerprint)\/(?:lib)?([^/]+?)-[0-9a-z]{13,16}(?:[./]|$)/;

const crateName = (name: string): string => name.replaceAll("-", "_");

/** Does an artefact belong to a package that the lock file names and the tree does not hold? Where that can't be told, it does not. */
export function foreignArtefacts(tree: Tree): (path: string) => boolean {
  const own = new Set(
    [...tree].flatMap(([path, content]) => (/(^|\/)Cargo\.toml$/.test(path) ? (read(content, manifestSchema)?.package.name ?? []) : [])).map(crateName),
  );
  const locked = read(tree.get("Cargo.lock"), lockSchema)?.package ?? [];
  const foreign = new Set(locked.map(({ name }) => crateName(name)).filter((name) => !own.has(name)));
  return (path) => {
    const name = MADE_FOR.exec(path)?.[1];
    return name !== undefined && foreign.has(crateName(name));
  };
}

function read<T>(content: unknown, schema: z.ZodType<T>): T | null {
  if (typeof content !== "string") return null;
  try {
    return schema.safeParse(parse(content)).data ?? null;
  } catch {
    // Cargo says what is wrong with it when the base is built.
    return null;
  }
}
