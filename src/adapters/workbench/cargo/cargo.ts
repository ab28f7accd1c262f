// How cargo is called inside the sandbox, and which of its reports the harness reads: on the trusted clean base only.
import { z } from "zod";
import { type CargoConfig, NO_CARGO_CONFIG } from "../../../core/suite/cargo-config.ts";

export interface CargoFlags {
  /** The base has no unsafe code, so none is allowed. */
  readonly forbidUnsafe: boolean;
  /** Dependencies come from /vendor. */
  readonly vendored: boolean;
  readonly jobs: number;
  /** Lints that only warn, whatever the sources say: a newer compiler knows more of them. */
  readonly warn: readonly string[];
  readonly features: readonly string[];
  /** Members of the workspace that are built and tested; none: all. */
  readonly packages: readonly string[];
  /** The workspace's packages: what is compiled anew for every attempt is not optimised. */
  readonly members: readonly Pick<Member, "name" | "dir">[];
  /** What the base's own configuration says. */
  readonly config: CargoConfig;
  /** `/w`, or the tree's own path without a sandbox. */
  readonly root: string;
  /** Toolchain root and other paths as the stage sees them. */
  readonly rust: string;
  readonly home: string;
  readonly vendor: string;
}

export function cargoEnv(flags: CargoFlags): Record<string, string> {
  return {
    ...flags.config.env,
    PATH: `${flags.rust}/bin:/usr/bin:/bin`,
    HOME: "/tmp",
    LANG: "C",
    CARGO_HOME: flags.home,
    CARGO_TARGET_DIR: `${flags.root}/target`,
    CARGO_INCREMENTAL: "1",
    CARGO_PROFILE_DEV_DEBUG: "0",
    // Where a crate falls into more units than this, they are merged by size, and an edit of one changes what most others hold (decision 0343).
    CARGO_PROFILE_DEV_CODEGEN_UNITS: "144",
    CARGO_NET_OFFLINE: "true",
    CARGO_TERM_COLOR: "never",
    CARGO_BUILD_JOBS: String(flags.jobs),
    ...rustFlags(flags),
  };
}

/** `--force-warn` names each lint: `--cap-lints` would let unsafe code through. */
function rustFlags({ forbidUnsafe, warn, config }: CargoFlags): { readonly RUSTFLAGS?: string } | { readonly CARGO_ENCODED_RUSTFLAGS: string } {
  const words = [...config.rustflags, ...(forbidUnsafe ? ["-Funsafe-code"] : []), ...warn.map((lint) => `--force-warn=${lint}`)];
  if (words.some((word) => /\s/.test(word))) return { CARGO_ENCODED_RUSTFLAGS: words.join("\u001f") };
  return words.length === 0 ? {} : { RUSTFLAGS: words.join(" ") };
}

function vendored({ vendored: isVendored, vendor, config, members }: CargoFlags): string[] {
  if (!isVendored) return [];
  // Not `package."*"`: that would optimise build scripts and procedural macros too, which takes longer than they run.
  const levels = config.optimizes ? [] : ["profile.dev.opt-level=2", ...members.map(({ name }) => `profile.dev.package.${name}.opt-level=0`)];
  return ['source.crates-io.replace-with="vendored"', ...config.sources, ...levels, `source.vendored.directory="${vendor}"`];
}

function command(flags: CargoFlags, verb: string, args: readonly string[]): string[] {
  const configs = [...flags.config.settings, ...vendored(flags)];
  return [
    `${flags.rust}/bin/cargo`,
    verb,
    "--frozen",
    "--manifest-path",
    `${flags.root}/Cargo.toml`,
    ...configs.flatMap((config) => ["--config", config]),
    ...args,
  ];
}

/**
 * Builds every test binary, or those of some packages alone. `--no-fail-fast`: which errors are seen must not depend on which crate was
 * compiled first.
 */
export const buildTests = (flags: CargoFlags, packages: readonly string[] | null = null): string[] =>
  command(flags, "test", [...testArguments(flags, packages), "--message-format=json", "-q"]);

/** What `buildTests` would compile. The option is unstable: `UNSTABLE` lets any cargo take it. */
export const readUnits = (flags: CargoFlags, packages: readonly string[] | null = null): string[] =>
  command(flags, "test", [...testArguments(flags, packages), "--unit-graph", "-Zunstable-options"]);

export const UNSTABLE = { RUSTC_BOOTSTRAP: "1" };

function testArguments(flags: CargoFlags, packages: readonly string[] | null): string[] {
  return ["--no-run", "--no-fail-fast", ...packageArguments(flags, packages), "--tests", ...featureArguments(flags)];
}

/** By their places: a package from elsewhere may have a member's name. */
function packageArguments({ packages: chosen, members, root }: CargoFlags, some: readonly string[] | null): string[] {
  const packages = some ?? chosen;
  if (packages.length === 0) return ["--workspace"];
  const placeOf = (name: string): string => {
    const dir = members.find((member) => member.name === name)?.dir;
    return dir === undefined ? name : `file://${encodeURI(dir === "" ? root : `${root}/${dir}`)}#${name}`;
  };
  return packages.flatMap((name) => ["-p", placeOf(name)]);
}

function featureArguments({ features }: CargoFlags): string[] {
  if (features.includes("*")) return ["--all-features"];
  return features.length === 0 ? [] : ["--features", features.join(",")];
}

/** Everything that this file passes to cargo: part of every cache key, since cargo derives file names from it. */
export function howBuilt(): unknown {
  const config = NO_CARGO_CONFIG;
  const all: CargoFlags = {
    forbidUnsafe: true,
    vendored: true,
    jobs: 1,
    features: [],
    packages: [],
    warn: [],
    members: [{ name: "a", dir: "a" }],
    config,
    root: "/w",
    rust: "/rust",
    home: "/cargo",
    vendor: "/vendor",
  };
  return { env: cargoEnv(all), argv: buildTests(all) };
}

export const runClippy = (flags: CargoFlags): string[] =>
  command(flags, "clippy", [...packageArguments(flags, null), ...featureArguments(flags), "--message-format=json", "-q", "--no-deps"]);

/** The packages that a build here takes, those of other platforms left out. */
export const readResolved = (flags: CargoFlags, host: string): string[] =>
  command(flags, "metadata", ["--format-version=1", "--filter-platform", host, ...featureArguments(flags)]);

export const readMetadata = (flags: CargoFlags): string[] => command(flags, "metadata", ["--no-deps", "--format-version=1"]);

/** An optional field of a manifest. */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");

const metadataSchema = z.object({
  packages: z.array(
    z.object({
      name: z.string(),
      manifest_path: z.string(),
      version: z.string().default(""),
      authors: z.array(z.string()).default([]),
      description: text,
      homepage: text,
      repository: text,
      license: text,
      license_file: text,
      rust_version: text,
      readme: text,
      dependencies: z.array(z.object({ name: z.string(), path: z.string().optional(), kind: z.string().nullable().default(null) })),
      targets: z.array(z.object({ kind: z.array(z.string()), name: z.string() })),
    }),
  ),
});

export interface Member {
  readonly name: string;
  /** Folder relative to the workspace root; empty for the root itself. */
  readonly dir: string;
  /** Members that are rebuilt when this one changes, itself included. */
  readonly dependents: readonly string[];
  readonly procMacro: boolean;
  /** Its crates, as rustc names them, if its code runs while others compile: a proc macro, a build script's dependency, or one of theirs. */
  readonly compileTimeCrates: readonly string[];
  /** What cargo tells a test about its package at run time. */
  readonly env: Readonly<Record<string, string>>;
}

/** Parses `cargo metadata` of a workspace at `root`. Throws what zod or JSON throws: the caller says whose fault it is. */
export function readMembers(stdout: string, root: string): Member[] {
  const { packages } = metadataSchema.parse(JSON.parse(stdout));
  const dirOf = (manifest: string) =>
    manifest
      .replace(/\/?Cargo\.toml$/, "")
      .slice(root.length)
      .replace(/^\//, "");
  const uses = (a: (typeof packages)[number], b: (typeof packages)[number]) =>
    a.dependencies.some((dependency) => dependency.path !== undefined && dependency.name === b.name);
  const closure = (start: (typeof packages)[number]): string[] => {
    const found = new Set([start]);
    for (const item of found) for (const other of packages) if (uses(other, item)) found.add(other);
    return [...found].map((item) => item.name).toSorted();
  };
  const compiling = compileTimePackages(packages);
  return packages.map((item) => ({
    name: item.name,
    dir: dirOf(item.manifest_path),
    dependents: closure(item),
    procMacro: isProcMacro(item),
    compileTimeCrates: compiling.has(item)
      ? item.targets.filter(({ kind }) => kind.some((one) => one.endsWith("lib") || one === "proc-macro")).map(({ name }) => name.replaceAll("-", "_"))
      : [],
    env: packageEnv(item),
  }));
}

type Package = z.infer<typeof metadataSchema>["packages"][number];

const isProcMacro = ({ targets }: Package): boolean => targets.some(({ kind }) => kind.includes("proc-macro"));

/** Packages whose library runs inside a compiler or a build script. */
function compileTimePackages(packages: readonly Package[]): ReadonlySet<Package> {
  const named = (name: string) => packages.filter((item) => item.name === name);
  const members = (item: Package, wanted: (kind: string | null) => boolean) =>
    item.dependencies.filter(({ path, kind }) => path !== undefined && wanted(kind)).flatMap(({ name }) => named(name));
  const found = new Set([...packages.filter(isProcMacro), ...packages.flatMap((item) => members(item, (kind) => kind === "build"))]);
  for (const item of found) for (const other of members(item, (kind) => kind === null)) found.add(other);
  return found;
}

/** As `cargo test` sets it. Source: The Cargo Book, "Environment variables Cargo sets for crates". */
function packageEnv(item: Package): Record<string, string> {
  const [, major = "", minor = "", patch = "", pre = ""] = /^(\d+)\.(\d+)\.(\d+)(?:-([^+]*))?/.exec(item.version) ?? [];
  return {
    CARGO_MANIFEST_PATH: item.manifest_path,
    CARGO_PKG_NAME: item.name,
    CARGO_PKG_VERSION: item.version,
    CARGO_PKG_VERSION_MAJOR: major,
    CARGO_PKG_VERSION_MINOR: minor,
    CARGO_PKG_VERSION_PATCH: patch,
    CARGO_PKG_VERSION_PRE: pre,
    CARGO_PKG_AUTHORS: item.authors.join(":"),
    CARGO_PKG_DESCRIPTION: item.description,
    CARGO_PKG_HOMEPAGE: item.homepage,
    CARGO_PKG_REPOSITORY: item.repository,
    CARGO_PKG_LICENSE: item.license,
    CARGO_PKG_LICENSE_FILE: item.license_file,
    CARGO_PKG_RUST_VERSION: item.rust_version,
    CARGO_PKG_README: item.readme,
  };
}

const artifactSchema = z.object({
  reason: z.literal("compiler-artifact"),
  manifest_path: z.string(),
  target: z.object({ kind: z.array(z.string()), name: z.string() }),
  profile: z.object({ test: z.boolean() }),
  executable: z.string().nullable(),
});

export interface Executable {
  /** Path below `target/`. */
  readonly exe: string;
  /** Member's folder. */
  readonly dir: string;
  /** `lib`, `bin:<name>` or `test:<name>`. */
  readonly target: string;
  readonly test: boolean;
}

/** The executables that a build of the clean base produced. */
export function readExecutables(stdout: string, root: string): Executable[] {
  return stdout.split("\n").flatMap((line) => {
    if (!line.startsWith('{"reason":"compiler-artifact"')) return [];
    const artifact = artifactSchema.safeParse(JSON.parse(line));
    if (!artifact.success || artifact.data.executable === null) return [];
    const { executable, manifest_path, target, profile } = artifact.data;
    const kind = target.kind[0] ?? "";
    const name = ["lib", "rlib", "proc-macro", "dylib", "cdylib", "staticlib"].includes(kind) ? "lib" : `${kind}:${target.name}`;
    return [
      {
        exe: executable.slice(`${root}/target/`.length),
        target: name,
        test: profile.test,
        dir: manifest_path
          .replace(/\/?Cargo\.toml$/, "")
          .slice(root.length)
          .replace(/^\//, ""),
      },
    ];
  });
}
