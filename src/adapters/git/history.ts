// A repository's history, read from its objects only: commits, trees and blobs; nothing is checked out or written.
import { BakeoffError } from "../../core/base/errors.ts";
import type { History, HistoryCommit } from "../../ports/repository.ts";
import { openBlobReader, decodedText } from "./blob-reader.ts";
import { readCommitTree } from "./commit-tree.ts";
import { complaintOf, type GitPlace, runGit, startGit } from "./git.ts";
import { commitsOf, fieldsOf, LOG_ARGUMENTS } from "./history-log.ts";

/** Throws `usage` if the folder is not in a repository; `environment` if git refuses it. */
export async function openHistory(folder: string, signal: AbortSignal): Promise<History> {
  const facts = await repositoryFacts(folder, signal);
  const place: GitPlace = { gitDir: facts.gitDir };
  const blobs = openBlobReader(place, signal);
  const notes = [...(facts.shallow ? ["the clone is shallow: commits before its first one can't be mined"] : []), ...(await dirtyNotes(folder, facts, signal))];
  const treeish = (commit: string) => (facts.prefix === "" ? commit : `${commit}:${facts.prefix.replace(/\/$/, "")}`);
  return {
    notes,
    commits: (since, stop) => walk({ place, folder, prefix: facts.prefix, since, shallow: facts.shallow }, stop),
    branch: (merge, stop) => branchOf(place, merge, stop),
    resolve: (revision, stop) => resolve(place, revision, stop),
    tree: async (commit, stop) => {
      const end = await runGit({ place, args: ["ls-tree", "-r", "-z", "-l", "--full-tree", "--end-of-options", treeish(commit)], signal: stop });
      if (end.code !== 0) return { ok: false, why: complaintOf(end.stderr) };
      return readCommitTree(end.stdout, blobs);
    },
    text: async (blob) => decodedText(await blobs.read(blob)),
    close: () => blobs.close(),
  };
}

interface RepositoryFacts {
  readonly gitDir: string;
  readonly bare: boolean;
  readonly shallow: boolean;
  /** The folder's path in the repository, with a trailing slash; empty at the top. */
  readonly prefix: string;
}

async function repositoryFacts(folder: string, signal: AbortSignal): Promise<RepositoryFacts> {
  const place = { folder };
  const asked = await runGit({ place, args: ["rev-parse", "--is-bare-repository", "--is-shallow-repository", "--absolute-git-dir"], signal });
  if (asked.code !== 0) throw notUsable(folder, asked.stderr);
  const [bare, shallow, gitDir = ""] = asked.stdout.toString("utf8").split("\n");
  const prefix = bare === "true" ? "" : (await runGit({ place, args: ["rev-parse", "--show-prefix"], signal })).stdout.toString("utf8").trimEnd();
  return { gitDir, bare: bare === "true", shallow: shallow === "true", prefix };
}

function notUsable(folder: string, stderr: string): BakeoffError {
  const why = complaintOf(stderr);
  if (/dubious ownership/.test(why)) {
    return new BakeoffError("environment", `git does not trust ${folder}: it belongs to another user`, "mine a clone of your own: git clone --no-hardlinks");
  }
  if (/not a git repository|cannot change to|No such file/i.test(why)) {
    return new BakeoffError("usage", `${folder} is not a git repository`, "name a repository's folder, or make a suite from plain files: bakeoff suite mutate");
  }
  return new BakeoffError("environment", `git can't read ${folder}: ${why}`, "check the repository with git fsck");
}

/** How many files differ from the commit: they are not mined, and the suite's readers should know. */
async function dirtyNotes(folder: string, facts: RepositoryFacts, signal: AbortSignal): Promise<string[]> {
  if (facts.bare) return [];
  const settings = await filtersOff(folder, signal);
  const args = ["status", "--porcelain=v1", "-z", "--untracked-files=no", "--ignore-submodules=all", "--no-renames", "--", "."];
  const status = await runGit({ place: { folder }, args, signal, settings });
  const changed = status.stdout.toString("latin1").split("\0").length - 1;
  return changed > 0 ? [`${changed} ${changed === 1 ? "file differs" : "files differ"} from the last commit: only commits are mined`] : [];
}

/** Content filters in the repository's configuration are programs that `git status` would start. */
async function filtersOff(folder: string, signal: AbortSignal): Promise<string[]> {
  const asked = await runGit({
    place: { folder },
    args: ["config", "-z", "--name-only", "--get-regexp", String.raw`^filter\..*\.(clean|smudge|process|required)$`],
    signal,
  });
  const names = asked.stdout
    .toString("utf8")
    .split("\0")
    .filter((name) => name !== "" && !name.includes("="));
  return names.map((name) => `${name}=${name.endsWith(".required") ? "false" : ""}`);
}

async function resolve(place: GitPlace, revision: string, signal: AbortSignal): Promise<string | null> {
  const end = await runGit({ place, args: ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`], signal });
  const id = end.stdout.toString("latin1").trim();
  return end.code === 0 && /^[0-9a-f]{40,64}$/.test(id) ? id : null;
}

/** A branch of more commits is no single change. */
const MAX_BRANCH = 200;

async function branchOf(place: GitPlace, merge: string, signal: AbortSignal): Promise<{ id: string; message: string }[]> {
  const found: { id: string; message: string }[] = [];
  const args = [...LOG_ARGUMENTS, "--no-merges", `--max-count=${MAX_BRANCH}`, "--end-of-options", merge, `^${merge}^1`, "--"];
  const child = startGit(place, args, signal);
  child.stdin.end();
  try {
    for await (const { id, message } of commitsOf(fieldsOf(child.stdout))) found.push({ id, message });
    return found;
  } finally {
    child.kill();
    await child.ended;
  }
}

interface Walk {
  readonly place: GitPlace;
  readonly prefix: string;
  readonly folder: string;
  readonly since: string | null;
  readonly shallow: boolean;
}

async function* walk({ place, folder, prefix, since, shallow }: Walk, signal: AbortSignal): AsyncGenerator<HistoryCommit> {
  const from = await resolve(place, "HEAD", signal);
  if (from === null)
    throw new BakeoffError("usage", `${folder} has no commit yet`, "commit something, or make a suite from the files as they are: bakeoff suite mutate");
  const until = since === null ? null : await resolve(place, since, signal);
  if (since !== null && until === null) throw new BakeoffError("usage", `no commit ${since}`, "name a commit, tag or branch that the repository has");
  const relative = prefix === "" ? [] : [`--relative=${prefix}`];
  const child = startGit(place, [...LOG_ARGUMENTS, ...relative, "--end-of-options", from, ...(until === null ? [] : [`^${until}`]), "--"], signal);
  child.stdin.end();
  try {
    for await (const commit of commitsOf(fieldsOf(child.stdout))) {
      // The first commit of a shallow clone looks like a root commit that adds everything.
      if (!(shallow && commit.parents.length === 0)) yield commit;
    }
    const code = await child.ended;
    signal.throwIfAborted();
    if (code !== 0) throw new BakeoffError("environment", "git log ended before the history did", "check the repository with git fsck");
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    child.kill();
    await child.ended;
  }
}
