// Where a tree's dependencies come from: registries, sources and patches of its own configuration, and what its lock file names.
import { posix } from "node:path";
import type { Tree } from "../text/edit.ts";
import { asTable, leaves, ownCargoConfig, quotedKey, type ConfigTable, tableAt } from "./cargo-config-file.ts";
import { lockPackages } from "./lock-packages.ts";

/** Settings as `--config` has them. */
export interface CargoSources {
  /** What manifests name: registries, and the configuration's own patches. Every call of cargo needs it. */
  readonly named: readonly string[];
  /** From where packages are fetched, besides: what the configuration puts in the place of a source. */
  readonly fetching: readonly string[];
  /** The vendored sources, called `vendored`, in the place of each source that the lock file names. */
  readonly vendored: readonly string[];
  /** Keys that are not taken: they would start a program, hold a secret, or lead out of the tree. */
  readonly leftOut: readonly string[];
}

/** The folder, or file, that a source is. A registry or a repository is found by its address. */
const PATHS = new Set(["directory", "local-registry"]);
const OF_SOURCES = new Set([...PATHS, "registry", "replace-with", "git", "branch", "tag", "rev"]);

/** `root`: the workspace's folder as cargo sees it; relative paths begin there. */
export function cargoSources(tree: Tree, root: string): CargoSources {
  const config = ownCargoConfig(tree) ?? {};
  const registries = tablesOf(config, "registries");
  const patches = tablesOf(config, "patch").flatMap(([registry, own]) => patchesOf(registry, own, root));
  const sources = tablesOf(config, "source").flatMap(([name, own]) => leaves(rooted(pick(own, OF_SOURCES), root), `source.${quotedKey(name)}`));
  const byGit = tableAt(config, "net")["git-fetch-with-cli"];
  return {
    named: [
      ...registries.flatMap(([name, own]) => leaves(pick(own, new Set(["index"])), `registries.${quotedKey(name)}`)),
      ...patches.flatMap(({ taken }) => taken),
    ],
    fetching: [...sources, ...(typeof byGit === "boolean" ? [`net.git-fetch-with-cli=${byGit}`] : [])],
    vendored: replacements(tree),
    leftOut: [
      ...registries.flatMap(([name, own]) => Object.keys(own).flatMap((key) => (key === "index" ? [] : [`registries.${name}.${key}`]))),
      ...patches.flatMap(({ leftOut }) => leftOut),
    ],
  };
}

const tablesOf = (config: ConfigTable, key: string): (readonly [string, ConfigTable])[] =>
  Object.entries(tableAt(config, key)).map(([name, value]) => [name, asTable(value)] as const);

const pick = (own: ConfigTable, keys: ReadonlySet<string>): ConfigTable => Object.fromEntries(Object.entries(own).filter(([key]) => keys.has(key)));

const rooted = (own: ConfigTable, root: string): ConfigTable =>
  Object.fromEntries(Object.entries(own).map(([key, value]) => [key, PATHS.has(key) && typeof value === "string" ? inRoot(root, value) : value]));

const inRoot = (root: string, path: string): string => (posix.isAbsolute(path) ? path : posix.join(root, path));

function patchesOf(registry: string, own: ConfigTable, root: string): { taken: readonly string[]; leftOut: readonly string[] }[] {
  return Object.entries(own).map(([name, value]) => {
    const patch = asTable(value);
    const path = patch["path"];
    const key = `patch.${quotedKey(registry)}.${quotedKey(name)}`;
    if (typeof path !== "string") return { taken: leaves(patch, key), leftOut: [] };
    if (posix.isAbsolute(path) || posix.normalize(path).startsWith("..")) return { taken: [], leftOut: [key] };
    return { taken: leaves({ ...patch, path: posix.join(root, path) }, key), leftOut: [] };
  });
}

/** Cargo knows crates.io's own registry by its name, whichever way it is reached. */
const CRATES_IO = /^(registry\+https:\/\/github\.com\/rust-lang\/crates\.io-index|sparse\+https:\/\/index\.crates\.io\/)$/;

function replacements(tree: Tree): string[] {
  const lock = tree.get("Cargo.lock");
  const { sources } = lockPackages(typeof lock === "string" ? lock : "");
  return sources
    .filter((source) => !CRATES_IO.test(source))
    .flatMap((source, index) => leaves({ ...sourceTable(source), "replace-with": "vendored" }, `source.locked-${index}`));
}

/** As `[source]` has what a lock file calls `git+URL?branch=x#commit`, `registry+URL` or `sparse+URL`. */
function sourceTable(source: string): ConfigTable {
  if (!source.startsWith("git+")) return { registry: source.replace(/^registry\+/, "") };
  const [address = ""] = source.slice("git+".length).split("#", 1);
  const [git = "", query = ""] = address.split("?", 2);
  const at = [...new URLSearchParams(query)].filter(([key]) => key === "branch" || key === "tag" || key === "rev");
  return { git, ...Object.fromEntries(at) };
}
