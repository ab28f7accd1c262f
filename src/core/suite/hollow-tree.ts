// A workspace with nothing in it: its manifests, and sources that do nothing. Cargo resolves and compiles the same dependencies for it.
import type { Tree } from "../text/edit.ts";

/** Good as a library, a program, a test without a harness and a build script. Whatever the manifest denies is allowed again. */
const NOTHING = "#![allow(warnings)]\nfn main() {}\n";

/** Is this file empty of code in a hollow tree? A manifest may be Rust too, and be named as a target's source. */
export const isHollow = (path: string): boolean => path.endsWith(".rs");

/** A folder that stands for a registry is read by its checksums. */
const MANIFEST = /(^|\/)(Cargo\.(toml|lock)|\.cargo-checksum\.json)$/;

/** No code of the tree is in it. Cargo finds targets by their files, so that each source stays where it was. */
export function hollowTree(tree: Tree): Tree {
  return new Map(
    [...tree].flatMap(([path, content]) => {
      if (MANIFEST.test(path)) return [[path, content] as const];
      return isHollow(path) ? [[path, NOTHING] as const] : [];
    }),
  );
}
