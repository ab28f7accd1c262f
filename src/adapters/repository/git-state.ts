// Asks git about a user's repository with everything turned off that would write to it or run its configuration.
import { resolve } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { homeOf } from "../../core/suite/build-output.ts";
import type { SkippedPath } from "../../ports/repository.ts";
import { runProcess } from "../sandbox/process.ts";

export interface GitState {
  readonly bare: boolean;
  readonly commit: string | null;
  readonly dirty: boolean;
  /** Tracked files, and untracked ones that are not ignored. */
  readonly paths: readonly string[];
  readonly skipped: readonly SkippedPath[];
}

const SILENT = [
  "core.fsmonitor=false",
  "core.untrackedCache=false",
  "core.hooksPath=/dev/null",
  "safe.directory=*",
  "core.quotePath=false",
  "submodule.recurse=false",
];
const MAX_LIST_BYTES = 64_000_000;

/** Null if the folder is not in a git repository, or git is not installed. */
export async function gitState(folder: string, signal: AbortSignal): Promise<GitState | null> {
  const ask = (args: readonly string[]) => git(folder, args, signal);
  const where = await ask(["rev-parse", "--is-bare-repository", "--is-inside-work-tree"]);
  if (where === null) return null;
  const [bare, inside] = where.trim().split("\n");
  const none = { commit: null, dirty: false, paths: [], skipped: [] };
  if (bare === "true") return { bare: true, ...none };
  if (inside !== "true") return null;
  const listed = await ask(["ls-files", "-z", "--stage", "--cached"]);
  const others = await ask(["ls-files", "-z", "--others", "--exclude-standard"]);
  if (listed === null || others === null) throw unanswered(folder, "list the files of");
  const tracked = listed.split("\0").flatMap(readStage);
  const paths = [...tracked.flatMap((item) => (item.skipped ? [] : [item.path])), ...others.split("\0").filter((path) => path !== "")];
  // A folder that git ignores as a whole has no files listed.
  if (paths.length === 0) return null;
  const homes = paths.flatMap((path) => homeOf(path) ?? []).map((home) => `:(exclude,literal)${home}`);
  const status = await ask(["status", "--porcelain", "-z", "--untracked-files=normal", "--ignore-submodules=all", "--", ".", ...homes]);
  if (status === null) throw unanswered(folder, "tell what has changed in");
  const commit = await ask(["rev-parse", "--verify", "--quiet", "HEAD"]);
  return {
    bare: false,
    commit: commit?.trim() || null,
    dirty: status !== "",
    paths: [...new Set(paths)],
    skipped: tracked.flatMap(({ path, skipped }) => (skipped ? [{ path, reason: skipped }] : [])),
  };
}

const unanswered = (folder: string, what: string): BakeoffError =>
  new BakeoffError("environment", `git can't ${what} ${folder}`, "run git status there, and fix what it reports");

const SUBMODULE = "160000";

/** `mode object stage TAB path` */
function readStage(entry: string): { readonly path: string; readonly skipped: string | null }[] {
  const tab = entry.indexOf("\t");
  if (tab < 0) return [];
  const path = entry.slice(tab + 1);
  return [{ path, skipped: entry.startsWith(SUBMODULE) ? "a submodule: its files belong to another repository" : null }];
}

/** The output, or null if git fails or is not installed. Takes no lock, runs no hook and no helper. */
async function git(folder: string, args: readonly string[], signal: AbortSignal): Promise<string | null> {
  const { PATH = "", HOME = "/" } = process.env;
  const end = await runProcess({
    command: ["git", "--no-optional-locks", ...SILENT.flatMap((setting) => ["-c", setting]), "-C", resolve(folder), ...args],
    env: { PATH, HOME, LANG: "C", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" },
    cwd: "/",
    timeoutMs: 60_000,
    maxBytes: MAX_LIST_BYTES,
    signal,
  });
  return end.code === 0 ? end.stdout : null;
}
