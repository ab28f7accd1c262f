// What of a repository's own cargo configuration its base is built with: flags, environment, profiles and sources, and nothing that starts a program.
import { z } from "zod";
import type { Tree } from "../text/edit.ts";
import { asTable, leaves, ownCargoConfig, parsedTable, type ConfigTable, tableAt } from "./cargo-config-file.ts";
import { cargoSources } from "./cargo-sources.ts";

export interface CargoConfig {
  readonly rustflags: readonly string[];
  /** For cargo and for tests. */
  readonly env: Readonly<Record<string, string>>;
  /** `key=value`, as `--config` has them. */
  readonly settings: readonly string[];
  /** The same, for where a folder of vendored sources takes the place of what the lock file names: of crates.io it always does. */
  readonly sources: readonly string[];
  /** Does the repository say itself, there or in its manifest, how its tests are optimised? */
  readonly optimizes: boolean;
  /** Keys that would start a program, hold a secret, or lead out of the repository. */
  readonly leftOut: readonly string[];
}

export const NO_CARGO_CONFIG: CargoConfig = { rustflags: [], env: {}, settings: [], sources: [], optimizes: false, leftOut: [] };

/** The profiles that tests are built by. */
const OPTIMIZES = /^profile\.(dev|test)\.(.+\.)?opt-level=/;

const flags = z.union([z.string().transform((text) => text.split(/\s+/).filter((word) => word !== "")), z.array(z.string())]);
const variable = z.union([z.string(), z.object({ value: z.string(), relative: z.boolean().default(false) })]);

/** Tables of which each key is taken, or named by whoever takes the others. */
const TAKEN = new Set(["env", "profile", "source", "registries", "patch"]);
/** Profiles' settings that change how a build is debugged or split, and not what it does. */
const IDLE = new Set(["debug", "incremental", "codegen-units", "strip", "split-debuginfo"]);
/** Tables and keys that say nothing of what is built. */
const HARMLESS =
  /^(alias|cargo-new|credential-alias|doc|future-incompat-report|http|install|net|registry\.default|term|build\.(jobs|incremental|target-dir|dep-info-basedir))(\.|$)/;

export interface ConfigPlace {
  /** The workspace's folder as cargo sees it: relative values of the environment begin there. */
  readonly root: string;
  /** The compiler's own target, as `rustc -vV` names it. */
  readonly host: string;
}

export function cargoConfig(tree: Tree, place: ConfigPlace): CargoConfig {
  const config = ownCargoConfig(tree);
  const manifest = tree.get("Cargo.toml");
  const profiles = [config, typeof manifest === "string" ? parsedTable(manifest) : null].map((own) => tableAt(own ?? {}, "profile"));
  const optimizes = profiles.some((own) => leaves(own, "profile").some((setting) => OPTIMIZES.test(setting)));
  const { named, vendored: sources, leftOut } = cargoSources(tree, place.root);
  if (config === null) return { ...NO_CARGO_CONFIG, sources, optimizes };
  const build = tableAt(config, "build");
  const target = tableAt(tableAt(config, "target"), place.host);
  // One of the two counts, as cargo has it: a target's own flags come first.
  const own = flags.safeParse(target["rustflags"]).data ?? flags.safeParse(build["rustflags"]).data ?? [];
  const profile = leaves(tableAt(config, "profile"), "profile").filter((setting) => !IDLE.has(/\.([\w-]+)=/.exec(setting)?.[1] ?? ""));
  return {
    rustflags: withoutLinker(own),
    env: environment(tableAt(config, "env"), place.root),
    settings: [...profile, ...named],
    sources,
    optimizes,
    leftOut: [...refused(config, place.host), ...leftOut].toSorted(),
  };
}

/** What is left out of a tree's configuration, as lists of left-out files have it. */
export const configLeftOut = (tree: Tree, host: string): { readonly path: string; readonly why: string }[] =>
  cargoConfig(tree, { root: "", host }).leftOut.map((key) => ({ path: `.cargo/config.toml: ${key}`, why: "cargo is not configured by it in the sandbox" }));

/** Flags without those that name a linker, which the sandbox need not have. */
function withoutLinker(words: readonly string[]): string[] {
  return words.filter(
    (word, index) =>
      !isLinker(word) &&
      !(/^(-C|--codegen)$/.test(word) && isLinker(`-C${words[index + 1] ?? ""}`)) &&
      !(/^(-C|--codegen)$/.test(words[index - 1] ?? "") && isLinker(`-C${word}`)),
  );
}

const isLinker = (word: string): boolean => /^(-C ?|--codegen[= ])linker(-flavor)?=/.test(word);

function environment(own: ConfigTable, root: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(own).flatMap(([name, value]) => {
      const read = variable.safeParse(value).data;
      if (read === undefined) return [];
      return [[name, typeof read === "string" ? read : read.relative ? `${root}/${read.value}` : read.value] as const];
    }),
  );
}

function refused(config: ConfigTable, host: string): string[] {
  const keys = Object.keys(config).flatMap((key) => {
    if (TAKEN.has(key)) return [];
    if (key === "build" || key === "registry") return Object.keys(tableAt(config, key)).flatMap((inner) => (inner === "rustflags" ? [] : [`${key}.${inner}`]));
    if (key !== "target") return [key];
    return Object.entries(tableAt(config, key)).flatMap(([triple, own]) =>
      Object.keys(asTable(own)).flatMap((inner) => (triple === host && inner === "rustflags" ? [] : [`target.${triple}.${inner}`])),
    );
  });
  return keys.filter((key) => !HARMLESS.test(key));
}
