// What making a suite needs of the world: a copy of the user's repository, kept verdicts, a place to write to. Interfaces only.
import type { Sha256 } from "../core/base/canonical.ts";
import type { Content, Tree } from "../core/verdict/edit.ts";
import type { PreparedBase } from "./ports.ts";

/** A file that can't be part of a base, with the words for it. */
export interface SkippedPath {
  readonly path: string;
  readonly reason: string;
}

/** The current tree of a user's repository, read once. Nothing is ever written to the repository itself. */
export interface RepositoryCopy {
  /** Plain files by path, those that git ignores and `target/` left out; with a `Cargo.lock`, made in the copy where there was none. */
  readonly tree: Tree;
  readonly skipped: readonly SkippedPath[];
  /** The commit that is checked out; null where the folder is no git repository or has none yet. */
  readonly commit: string | null;
  /** Are there changes that the commit does not hold? */
  readonly dirty: boolean;
  readonly workspace: WorkspaceFacts;
}

/** What `cargo metadata` says of the copied workspace. */
export interface WorkspaceFacts {
  readonly packages: readonly PackageFacts[];
  /** `none`, where the lock file names nothing outside of the workspace. */
  readonly dependencies: "none" | "cargo-fetch";
}

export interface PackageFacts {
  readonly name: string;
  readonly edition: string;
  /** Folder relative to the workspace root; empty for the root itself. */
  readonly dir: string;
  /** Crate roots that are compiled for tests: `target` as test identities name it (`lib`, `bin:x`, `test:x`). */
  readonly roots: readonly { readonly target: string; readonly path: string }[];
}

export interface CopyOptions {
  /** Take uncommitted changes along instead of refusing them. */
  readonly allowDirty: boolean;
}

export interface Repositories {
  /** Throws `written-file` or `environment`: no folder, no Cargo.toml, bare, uncommitted changes, a workspace that cargo can't read. */
  copy(folder: string, options: CopyOptions, signal: AbortSignal): Promise<RepositoryCopy>;
  /** Digest over path, kind, mode, size and time of change of everything in the repository, `.git` included, but for `target/`. */
  digest(folder: string): Promise<Sha256>;
}

/** Results kept between calls of the program, by a key over all that they depend on; how an interrupted command goes on. */
export interface Shelf {
  find(key: Sha256): Promise<string | null>;
  keep(key: Sha256, text: string): Promise<void>;
}

/** A place in a trial's workspace, beside the sources of its base, that holds some of the lines looked for. */
export interface WorkspaceHit {
  readonly where: string;
  readonly kind: "artefact" | "git-object" | "file";
  readonly found: readonly string[];
}

export interface WorkspaceSearch {
  /** Looks through build artefacts, files that the base does not name, and every object of any git store among them, reachable or not. */
  find(prepared: PreparedBase, lines: readonly string[], signal: AbortSignal): AsyncIterable<WorkspaceHit>;
}

export interface SuiteWriter {
  /** Throws `usage` where something is there already: asked before any work is done. */
  free(folder: string): Promise<void>;
  /** Writes all files beside the place and renames the folder into it. */
  write(folder: string, files: ReadonlyMap<string, Content>): Promise<void>;
}
