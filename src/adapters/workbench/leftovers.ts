// Removes leftovers of dead processes from the temporary folder: their folders' names contain the pid.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new folder in the temporary folder, marked as this process's own. */
export const ownFolder = (purpose: string): Promise<string> => mkdtemp(join(tmpdir(), `bakeoff-${process.pid}-${purpose}-`));

/** Removes the folders of dead processes. Folders of other users stay. */
export async function removeLeftovers(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  const dead = names.filter((name) => isDead(Number(/^bakeoff-(\d+)-/.exec(name)?.[1])));
  await Promise.all(dead.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined)));
}

function isDead(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
