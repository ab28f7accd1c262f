// Reads a file as of a git revision, without a shell and without touching the working tree.
import { BakeoffError } from "../../core/base/errors.ts";
import type { TextAtRevision } from "../../ports/revisions.ts";
import { runProcess } from "../sandbox/process.ts";

/** `name` is in `folder`. Outcomes are data; throws `usage` only for what can't be a revision at all. */
export async function readAtRevision(folder: string, revision: string, name: string, signal: AbortSignal): Promise<TextAtRevision> {
  if (!/^[^\s\p{Cc}:-][^\s\p{Cc}:]{0,200}$/u.test(revision))
    throw new BakeoffError("usage", `${revision} is not a git revision`, "name a branch, a tag, a commit, or a file");
  const git = (args: readonly string[]) => runGit(folder, args, signal);
  const blob = await git(["cat-file", "blob", `${revision}:./${name}`]);
  if (blob.missing) return { ok: false, reason: "git is not installed" };
  // A tag goes before a branch, and before what another place calls so: whoever may push one would choose what is read.
  if (blob.stderr.includes("is ambiguous"))
    return { ok: false, reason: `several references of git are called ${revision}: name it in full, as refs/remotes/origin/main` };
  if (blob.code === 0) return { ok: true, text: blob.stdout };
  const inside = await git(["rev-parse", "--is-inside-work-tree"]);
  if (inside.code !== 0)
    return { ok: false, reason: inside.stderr.includes("not a git repository") ? "this is not a git repository" : firstLine(inside.stderr) };
  const known = await git(["rev-parse", "--verify", "--quiet", `${revision}^{commit}`]);
  return { ok: false, reason: known.code === 0 ? `${name} is not in git ${revision}` : `git knows no revision ${revision}` };
}

/** The state before the last commit that touched any of the files: a revision, or null if there is no such commit. */
export async function beforeLastChange(folder: string, names: readonly string[], signal: AbortSignal): Promise<string | null> {
  const { code, stdout } = await runGit(folder, ["log", "-1", "--format=%H", "--", ...names], signal);
  const commit = stdout.trim();
  return code === 0 && /^[0-9a-f]{40,64}$/.test(commit) ? `${commit}~1` : null;
}

const firstLine = (text: string): string => text.split("\n")[0] ?? "";

function runGit(folder: string, args: readonly string[], signal: AbortSignal) {
  const kept = ["PATH", "HOME", "XDG_CONFIG_HOME"].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
  return runProcess({
    command: ["git", "-c", "core.warnAmbiguousRefs=true", ...args],
    env: { ...Object.fromEntries(kept), LANG: "C", GIT_NO_REPLACE_OBJECTS: "1" },
    cwd: folder,
    timeoutMs: 10_000,
    maxBytes: 4_000_000,
    signal,
  });
}
