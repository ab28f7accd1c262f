// One writer per journal: a lock file that names its process and is taken over once that process is gone.
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { BakeoffError } from "../../core/base/errors.ts";
import { withDiskErrors } from "../files/disk.ts";

/** Locks held by this process. A lock that names its pid but is not in here was left by an earlier process with the same pid. */
const held = new Set<string>();

/** Throws `environment` while another live process holds it. */
export async function lock(path: string): Promise<void> {
  const file = `${path}.lock`;
  const owner = await ownerOf(file);
  if (owner !== null) {
    if (isHeld(file, owner)) throw inUse(file, path, owner);
    await moveAway(file, path);
  }
  await withDiskErrors(file, () => create(file, path));
  held.add(file);
}

/** Is a live process writing to it? */
export async function isLocked(path: string): Promise<boolean> {
  const owner = await ownerOf(`${path}.lock`);
  return owner !== null && isHeld(`${path}.lock`, owner);
}

export async function unlock(path: string): Promise<void> {
  const file = `${path}.lock`;
  held.delete(file);
  await rm(file, { force: true });
}

/** The pid in a lock, 0 if it names none, null if there is no lock. */
async function ownerOf(file: string): Promise<number | null> {
  const text = await readFile(file, "utf8").catch(() => null);
  return text === null ? null : /^\d+$/.test(text) ? Number(text) : 0;
}

/** The lock appears atomically: a crash never leaves one without a pid. */
async function create(file: string, path: string): Promise<void> {
  const own = `${file}.${process.pid}`;
  try {
    await writeFile(own, String(process.pid));
    await link(own, file);
  } catch (error) {
    const isTaken = error instanceof Error && "code" in error && error.code === "EEXIST";
    throw isTaken ? inUse(file, path, await ownerOf(file)) : error;
  } finally {
    await rm(own, { force: true });
  }
}

/** Renamed before it is removed: of two processes that find a stale lock, only one succeeds in moving it. */
async function moveAway(file: string, path: string): Promise<void> {
  const aside = `${file}.${process.pid}.old`;
  await rename(file, aside).catch(() => undefined);
  const owner = await ownerOf(aside);
  if (owner !== null && isHeld(file, owner)) {
    await rename(aside, file);
    throw inUse(file, path, owner);
  }
  await rm(aside, { force: true });
}

function inUse(file: string, path: string, owner: number | null): BakeoffError {
  return new BakeoffError("environment", `process ${owner ?? ""} is writing to ${path}`, `wait for it, or stop it; if it is another program, remove ${file}`);
}

const isHeld = (file: string, owner: number): boolean => (owner === process.pid ? held.has(file) : isAlive(owner));

export function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
