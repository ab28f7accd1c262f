// What can be read as often as one likes: a plain file itself, and one copy of what a pipe or a device gives only once.
import { createReadStream, createWriteStream, rmSync, statSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { isAlive } from "../capsules/lock.ts";
import { withDiskErrors } from "./disk.ts";

const PREFIX = "bakeoff-pipe-";

/** Copies of this process, by the path that was named. They are gone when it ends. */
const copies = new Map<string, Promise<string>>();

/** Where the bytes of `path` can be read. What is not there, and a folder, is left to whoever opens it. */
export async function plainFile(path: string): Promise<string> {
  const info = statSync(path, { throwIfNoEntry: false });
  if (info === undefined || info.isFile() || info.isDirectory()) return path;
  const copy = copies.get(path) ?? copied(path);
  copies.set(path, copy);
  return copy;
}

async function copied(path: string): Promise<string> {
  await removeLeftovers();
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const copy = join(folder, "capsule.jsonl");
  await withDiskErrors(copy, () => pipeline(createReadStream(path), createWriteStream(copy, { mode: 0o600 })));
  return copy;
}

/** Of processes that were killed. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d{1,10})-`).exec(name)?.[1];
    // Another user's can't be removed by us, and needn't be.
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}
