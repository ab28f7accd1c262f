// Which flag would have kept a base that does not build, by what the compiler complains of.
import { posix } from "node:path";
import type { Tree } from "../../text/edit.ts";
import { packageNames } from "./test-identity.ts";

export interface Complaint {
  /** Of the file at fault, as the base has it. */
  readonly path: string;
  readonly message: string;
}

/** Rustc's words for a file that `include!` and its kin, or a module, name. */
const UNREADABLE = /couldn't read [`"]?([^`":]+)[`"]?/;
const NO_MODULE = /file not found for module `(\w+)`/;

/** In words; null where no flag would help. */
export function keepingFlag(tree: Tree, { path, message }: Complaint): string | null {
  const [, unread] = UNREADABLE.exec(message) ?? [];
  if (unread !== undefined) return `if git ignores it: --include ${posix.normalize(unread)}`;
  const [, module] = NO_MODULE.exec(message) ?? [];
  if (module !== undefined) return `if git ignores it: --include '**/${module}.rs'`;
  const packages = packageNames(tree);
  const owner = [...packages].filter(([dir]) => path.startsWith(dir)).toSorted(([a], [b]) => b.length - a.length)[0];
  return owner === undefined || packages.size < 2 ? null : `the rest without it: --exclude ${owner[1]}`;
}
