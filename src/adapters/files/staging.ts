// A scratch folder beside a result's final place, named after its process, so that leftovers of a crash can be recognised and removed.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, withDiskErrors } from "./disk.ts";
import { isAlive } from "../capsules/lock.ts";

const PREFIX = ".staging-";

/** Runs `work` with an empty folder inside `parent`, on the same disk, and removes it afterwards in any case. */
export async function withStaging<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  await makeFolder(parent);
  await removeLeftovers(parent);
  const folder = await withDiskErrors(parent, () => mkdtemp(join(parent, `${PREFIX}${process.pid}-`)));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = /^\.staging-(\d{1,10})-/.exec(name)?.[1];
    if (pid !== undefined && Number(pid) !== process.pid && !isAlive(Number(pid))) await rm(join(parent, name), { recursive: true, force: true });
  }
}
