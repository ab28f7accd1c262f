// Makes repositories with real histories: git commands with fixed names and dates, so that ids never change.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { lstat, mkdir, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface FixtureCommit {
  readonly message: string;
  /** Null removes a file. */
  readonly files: Readonly<Record<string, string | null>>;
}

const START = 1_700_000_000;

export function git(folder: string, args: readonly string[], at = START, input?: string | Buffer): string {
  const date = `${at} +0000`;
  return execFileSync("git", ["-C", folder, "-c", "init.defaultBranch=main", "-c", "core.hooksPath=/dev/null", ...args], {
    encoding: "utf8",
    input: input ?? "",
    stdio: ["pipe", "pipe", "pipe"],
    maxBuffer: 100_000_000,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: "Ada",
      GIT_AUTHOR_EMAIL: "ada@example.com",
      GIT_COMMITTER_NAME: "Ada",
      GIT_COMMITTER_EMAIL: "ada@example.com",
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
    },
  });
}

/** A repository with these commits, one a minute. Gives their ids, oldest first. */
export async function layHistory(folder: string, commits: readonly FixtureCommit[]): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  git(folder, ["init", "-q"]);
  const ids: string[] = [];
  for (const [index, { message, files }] of commits.entries()) {
    for (const [path, content] of Object.entries(files)) {
      const file = join(folder, path);
      if (content === null) await rm(file);
      else {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, content);
      }
    }
    git(folder, ["add", "-A"]);
    git(folder, ["commit", "-q", "--allow-empty", "-m", message], START + index * 60);
    ids.push(git(folder, ["rev-parse", "HEAD"]).trim());
  }
  return ids;
}

/** SHA-256 over path, mode, time of change and content of everything below a folder, `.git` included; no link is followed. */
export async function folderDigest(folder: string): Promise<string> {
  const hash = createHash("sha256");
  const walk = async (at: Buffer): Promise<void> => {
    for (const name of (await readdir(at, { encoding: "buffer" })).toSorted((a, b) => Buffer.compare(a, b))) {
      const path = Buffer.concat([at, Buffer.from("/"), name]);
      const info = await lstat(path);
      hash.update(path).update(`\0${info.mode}\0${info.mtimeMs}\0`);
      if (info.isDirectory()) await walk(path);
      else hash.update(info.isSymbolicLink() ? await readlink(path) : await readFile(path));
    }
  };
  await walk(Buffer.from(folder));
  return hash.digest("hex");
}
