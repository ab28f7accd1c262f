// What of a repository's own cargo configuration its base is built with: flags, environment and profiles, and nothing that starts a program.
import { parse } from "smol-toml";
import { z } from "zod";
import type { Tree } from "../text/edit.ts";

export interface CargoConfig {
  readonly rustflags: readonly string[];
  /** For cargo and for tests. */
  readonly env: Readonly<Record<string, string>>;
  /** `key=value`, as `--config` has them. */
  readonly settings: readonly string[];
  /** Does the repository say itself, there or in its manifest, how its tests are optimised? */
  readonly optimizes: boolean;
  /** Keys that would start a program, or fetch something from elsewhere. */
  readonly leftOut: readonly string[];
}

export const NO_CARGO_CONFIG: CargoConfig = { rustflags: [], env: {}, settings: [], optimizes: false, leftOut: [] };

/** The profiles that tests are built by. */
const OPTIMIZES = /^profile\.(dev|test)\.(.+\.)?opt-level=/;

/** Cargo looks for the second name only where the first is missing. Source: The Cargo Book, "Configuration". */
const FILES = [".cargo/config", ".cargo/config.toml"];

const flags = z.union([z.string().transform((text) => text.split(/\s+/).filter((word) => word !== "")), z.array(z.string())]);
const variable = z.union([z.string(), z.object({ value: z.string(), relative: z.boolean().default(false) })]);
const table = z.record(z.string(), z.unknown());

/** Profiles' settings that change how a build is debugged or split, and not what it does. */
const IDLE = new Set(["debug", "incremental", "codegen-units", "strip", "split-debuginfo"]);
/** Tables and keys that say nothing of what is built. */
const HARMLESS =
  /^(alias|cargo-new|credential-alias|doc|future-incompat-report|http|install|net|term|build\.(jobs|incremental|target-dir|dep-info-basedir))(\.|$)/;

export interface ConfigPlace {
  /** The workspace's folder as cargo sees it: relative values of the environment begin there. */
  readonly root: string;
  /** The compiler's own target, as `rustc -vV` names it. */
  readonly host: string;
}

/** A file that is no TOML configures nothing: cargo does not read it either, as the base is built from outside of it. */
export function cargoConfig(tree: Tree, place: ConfigPlace): CargoConfig {
  const text = FILES.map((path) => tree.get(path)).find((content) => typeof content === "string");
  const config = typeof text === "string" ? parsed(text) : null;
  const manifest = tree.get("Cargo.toml");
  const profiles = [config, typeof manifest === "string" ? parsed(manifest) : null].map((own) => tableAt(own ?? {}, "profile"));
  const optimizes = profiles.some((own) => leaves(own, "profile").some((setting) => OPTIMIZES.test(setting)));
  if (config === null) return { ...NO_CARGO_CONFIG, optimizes };
  const build = tableAt(config, "build");
  const target = tableAt(tableAt(config, "target"), place.host);
  // One of the two counts, as cargo has it: a target's own flags come first.
  const own = flags.safeParse(target["rustflags"]).data ?? flags.safeParse(build["rustflags"]).data ?? [];
  return {
    rustflags: withoutLinker(own),
    env: environment(tableAt(config, "env"), place.root),
    settings: leaves(tableAt(config, "profile"), "profile").filter((setting) => !IDLE.has(/\.([\w-]+)=/.exec(setting)?.[1] ?? "")),
    optimizes,
    leftOut: refused(config, place.host),
  };
}

/** What is left out of a tree's configuration, as lists of left-out files have it. */
export const configLeftOut = (tree: Tree, host: string): { readonly path: string; readonly why: string }[] =>
  cargoConfig(tree, { root: "", host }).leftOut.map((key) => ({ path: `.cargo/config.toml: ${key}`, why: "cargo is not configured by it in the sandbox" }));

function parsed(text: string): Record<string, unknown> | null {
  try {
    return table.parse(parse(text));
  } catch {
    return null;
  }
}

const tableAt = (parent: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> => table.safeParse(parent[key]).data ?? {};

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

function environment(own: Readonly<Record<string, unknown>>, root: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(own).flatMap(([name, value]) => {
      const read = variable.safeParse(value).data;
      if (read === undefined) return [];
      return [[name, typeof read === "string" ? read : read.relative ? `${root}/${read.value}` : read.value] as const];
    }),
  );
}

/** Each value of a table as `a.b=value`; TOML's values of these kinds are JSON's. */
function leaves(own: Readonly<Record<string, unknown>>, path: string): string[] {
  return Object.entries(own).flatMap(([key, value]) => {
    const here = `${path}.${/^[\w-]+$/.test(key) ? key : JSON.stringify(key)}`;
    const inner = table.safeParse(value);
    return inner.success ? leaves(inner.data, here) : [`${here}=${JSON.stringify(value)}`];
  });
}

function refused(config: Readonly<Record<string, unknown>>, host: string): string[] {
  const keys = Object.keys(config).flatMap((key) => {
    if (key === "env" || key === "profile") return [];
    if (key === "build") return Object.keys(tableAt(config, key)).flatMap((inner) => (inner === "rustflags" ? [] : [`build.${inner}`]));
    if (key !== "target") return [key];
    return Object.entries(tableAt(config, key)).flatMap(([triple, own]) =>
      Object.keys(table.safeParse(own).data ?? {}).flatMap((inner) => (triple === host && inner === "rustflags" ? [] : [`target.${triple}.${inner}`])),
    );
  });
  return keys.filter((key) => !HARMLESS.test(key)).toSorted();
}
