// Code of the workspace that runs while other code compiles: build scripts, proc macros, and all that they are made of.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tree } from "../../../core/text/edit.ts";
import type { Member } from "./cargo.ts";

/** A folder below `target/debug` with rustc's dependency information in it, and whether a file there is of code that runs at compile time. */
interface Place {
  readonly folder: string;
  readonly isOfCompileTime: (name: string) => boolean;
}

/**
 * Workspace paths of every source that a build script, a proc macro or a crate which one of them depends on was compiled from, as
 * rustc's own dependency information names them: modules by `#[path]` and files by `include!` or `include_str!` among them.
 */
export async function compileTimeSources(tree: string, root: string, base: Tree, members: readonly Member[]): Promise<string[]> {
  const debug = join(tree, "target/debug");
  const crates = new Set(members.flatMap(({ compileTimeCrates }) => compileTimeCrates));
  const places: Place[] = [
    { folder: join(debug, "deps"), isOfCompileTime: (name) => crates.has(name.replace(/-[0-9a-f]{16}\.d$/, "")) },
    ...(await buildFolders(debug)).map((folder) => ({ folder, isOfCompileTime: (name: string) => /^build_script_.*\.d$/.test(name) })),
  ];
  const found = new Set<string>();
  for (const { folder, isOfCompileTime } of places) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names.filter((one) => one.endsWith(".d") && isOfCompileTime(one)))
      for (const path of readDepInfo(await readFile(join(folder, name), "utf8"))) found.add(path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path);
  }
  return [...found].filter((path) => base.has(path)).toSorted();
}

/** Cargo's folders of build scripts; a script itself, where cargo has linked it to its name, and its information lie in them. */
async function buildFolders(debug: string): Promise<string[]> {
  const names = await readdir(join(debug, "build")).catch(() => []);
  return names.map((name) => join(debug, "build", name));
}

/** The sources that a makefile of rustc names: each has a rule of its own without dependencies. White space in paths is escaped. */
export function readDepInfo(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [, path] = /^(.+):\s*$/.exec(line) ?? [];
    return path === undefined || path.startsWith("#") ? [] : [path.replaceAll(/\\(.)/g, "$1")];
  });
}
