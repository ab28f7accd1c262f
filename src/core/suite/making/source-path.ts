// What a file of a Rust repository is for, told by its path and by what the manifests say.
import { parse } from "smol-toml";
import { z } from "zod";
import type { Tree } from "../../text/edit.ts";

/** `beside`: documents, examples and benches, which no test needs and which could give the answer away. */
export type PathKind = "source" | "test" | "manifest" | "beside" | "other";

interface PathRule {
  readonly kind: PathKind;
  readonly sentence: string;
  readonly pattern: RegExp;
}

/** The first rule that matches a path says what it is. */
const PATH_RULES: readonly PathRule[] = [
  { kind: "manifest", sentence: "files that say how to build", pattern: /(^|\/)(Cargo\.(toml|lock)|build\.rs|rust-toolchain(\.toml)?)$|(^|\/)\.cargo\// },
  { kind: "beside", sentence: "examples and benches are no part of the tests", pattern: /(^|\/)(examples|benches)\// },
  {
    kind: "test",
    sentence: "Rust files in a folder of tests, or named after tests",
    pattern: /(^|\/)tests?\/.*\.rs$|(^|\/)(tests?|[^/]*_tests?|tests?_[^/]*)\.rs$/,
  },
  { kind: "source", sentence: "every other Rust file", pattern: /\.rs$/ },
  {
    kind: "beside",
    sentence: "documents tell what was changed",
    pattern: /\.(md|markdown|rst|adoc|org)$|(^|\/)(docs?|\.github)\/|(^|\/)(CHANGELOG|CHANGES|NEWS|HISTORY)[^/]*$/i,
  },
];

export function pathKind(path: string): PathKind {
  return PATH_RULES.find(({ pattern }) => pattern.test(path))?.kind ?? "other";
}

const targetSchema = z.object({ path: z.string().optional() });
const manifestSchema = z.object({ lib: targetSchema.optional(), bin: z.array(targetSchema).optional(), test: z.array(targetSchema).optional() });

/** Tells crate roots: by cargo's own layout, and by the paths that manifests name. */
export function crateRoots(tree: Tree): (path: string) => boolean {
  const named = new Set(
    [...tree].flatMap(([path, content]) => {
      if (!/(^|\/)Cargo\.toml$/.test(path) || typeof content !== "string") return [];
      const folder = path.slice(0, -"Cargo.toml".length);
      return namedTargets(content).map((target) => folder + target.replace(/^\.\//, ""));
    }),
  );
  return (path) => named.has(path) || USUAL_ROOT.test(path);
}

/** Cargo's own layout: https://doc.rust-lang.org/cargo/guide/project-layout.html. */
const USUAL_ROOT = /(^|\/)(src\/(lib|main)\.rs|src\/bin\/([^/]+|[^/]+\/main)\.rs|tests\/([^/]+|[^/]+\/main)\.rs)$/;

function namedTargets(manifest: string): string[] {
  try {
    const read = manifestSchema.safeParse(parse(manifest)).data;
    return [read?.lib, ...(read?.bin ?? []), ...(read?.test ?? [])].flatMap((target) => target?.path ?? []);
  } catch {
    // A manifest that is no TOML names nothing; cargo says so when the base is built.
    return [];
  }
}

/** `none`, where the lock file names nothing outside of the workspace. */
export function dependenciesOf(tree: Tree): "none" | "cargo-fetch" {
  const lock = tree.get("Cargo.lock");
  return typeof lock === "string" && /^source = /m.test(lock) ? "cargo-fetch" : "none";
}
