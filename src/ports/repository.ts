// What making a suite needs of the world: a copy of the user's repository, kept verdicts, a place to write to. Interfaces only.
import type { Sha256 } from "../core/base/canonical.ts";
import type { WorkspaceMembers } from "../core/suite/making/members.ts";
import type { Content, Tree } from "../core/text/edit.ts";
import type { PreparedBase } from "./workbench.ts";

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
  /** Names of those that the manifest's own `default-members` lists; null where it lists none. */
  readonly byDefault: readonly string[] | null;
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
  /** Globs of files that git ignores and that are taken all the same. */
  readonly include: readonly string[];
}

export interface Repositories {
  /** Throws `written-file` or `environment`: no folder, no Cargo.toml, bare, uncommitted changes, a workspace that cargo can't read. */
  copy(folder: string, options: CopyOptions, signal: AbortSignal): Promise<RepositoryCopy>;
  /** Digest over path, kind, mode, size and time of change of everything in the repository, `.git` included, but for `target/`. */
  digest(folder: string): Promise<Sha256>;
}

/** Files of a repository's folder as they lie there, whatever git says of them. */
export interface IncludedFiles {
  readonly tree: Tree;
  readonly leftOut: readonly SkippedFile[];
}

/** Throws `usage` for a glob that matches no file. */
export type FileIncluder = (folder: string, globs: readonly string[]) => Promise<IncludedFiles>;

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

/** A file that a commit changed against its first parent; ids name blobs, null where the file is not there. */
export interface ChangedFile {
  /** Null where the path is not UTF-8 or could not lie in a suite. */
  readonly path: string | null;
  readonly before: string | null;
  readonly after: string | null;
  /** Neither side is a link or a submodule. */
  readonly isFile: boolean;
}

export interface HistoryCommit {
  readonly id: string;
  readonly parents: readonly string[];
  /** At most 20,000 characters; what is not UTF-8 is replaced. */
  readonly message: string;
  /** Cut off after `MAX_CHANGED`, which `changedCount` tells. */
  readonly changed: readonly ChangedFile[];
  readonly changedCount: number;
}

/** One thing of a commit's tree that a suite can't hold, and why. */
export interface SkippedFile {
  readonly path: string;
  readonly why: string;
}

export type CommitTree = { readonly ok: true; readonly tree: Tree; readonly leftOut: readonly SkippedFile[] } | { readonly ok: false; readonly why: string };

/** Reads a git repository from its objects; never writes to it. Every method throws `environment` where git itself fails. */
export interface History {
  /** What a reader of the result should know: shallow, uncommitted changes, … */
  readonly notes: readonly string[];
  /** Newest first, from HEAD back to `since` (a revision; not included). Throws `usage` for an unknown revision, or where there is no commit. */
  commits(since: string | null, signal: AbortSignal): AsyncIterable<HistoryCommit>;
  /** What a merge brought to its first parent, newest first, other merges left out. */
  branch(merge: string, signal: AbortSignal): Promise<readonly Pick<HistoryCommit, "id" | "message">[]>;
  /** The full id of a revision, or null where there is no such commit. */
  resolve(revision: string, signal: AbortSignal): Promise<string | null>;
  tree(commit: string, signal: AbortSignal): Promise<CommitTree>;
  /** The text of a blob; null where it is not UTF-8, too large or not there. */
  text(blob: string): Promise<string | null>;
  close(): Promise<void>;
}

/** A complete lock file, and the members of the workspace that it is for. */
export interface ResolvedWorkspace extends WorkspaceMembers {
  readonly lock: string;
}

/** Completes the lock file of a tree that lies in a suite: cargo is asked, nothing of the tree is run. */
export type LockFileMaker = (
  tree: Tree,
  signal: AbortSignal,
) => Promise<({ readonly ok: true } & ResolvedWorkspace) | { readonly ok: false; readonly detail: string }>;
