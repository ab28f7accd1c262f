// One writer per journal: a lock file that names its process and is taken over once that process is gone.
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { BakeoffError } from "../../core/base/errors.ts";
import { withDiskErrors } from "../files/disk.ts";

/** Locks held by this process. A lock that names its pid but is not in here was left by an earlier process with the same pid. */
const held = new Set<string>();

/** Locks that this process is about to take: whoever else in it comes meanwhile would move them away as left by an earlier process. */
const taken = new Set<string>();

/** Throws `environment` while another live process holds it, or somebody else in this one. */
export async function lock(path: string): Promise<void> {
  const file = `${path}.lock`;
  if (taken.has(file)) throw inUse(file, path, process.pid);
  taken.add(file);
  try {
    const owner = await ownerOf(file);
    if (owner !== null) {
      if (isHeld(file, owner)) throw inUse(file, path, owner);
      await moveAway(file, path);
    }
    await withDiskErrors(file, () => create(file, path));
    held.add(file);
  } finally {
    taken.delete(file);
  }
}

/** Is a live process writing to it? */
export async function isLocked(path: string): Promise<boolean> {
  const owner = await ownerOf(`${path}.lock`);
  return owner !== null && isHeld(`${path}.lock`, owner);
}

const TRY_AGAIN_MS = 50;
const MOST_TRIES = 600;

/** Waits for whoever holds it. Throws `environment` after so many tries, and the signal's reason if aborted. */
export async function lockInTurn(path: string, wait: { readonly everyMs: number; readonly tries?: number; readonly signal?: AbortSignal }): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await lock(path);
    } catch (error) {
      if (!(error instanceof InUseError) || tries === wait.tries) throw error;
      await setTimeout(wait.everyMs, undefined, wait.signal ? { signal: wait.signal } : {});
    }
  }
}

/** Does what takes moments while nobody else holds the lock; waits for whoever does, half a minute at most. */
export async function inTurn(path: string, work: () => void): Promise<void> {
  await lockInTurn(path, { everyMs: TRY_AGAIN_MS, tries: MOST_TRIES });
  try {
    work();
  } finally {
    await unlock(path);
  }
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

class InUseError extends BakeoffError {}

function inUse(file: string, path: string, owner: number | null): InUseError {
  return new InUseError("environment", `process ${owner ?? ""} is writing to ${path}`, `wait for it, or stop it; if it is another program, remove ${file}`);
}

const isHeld = (file: string, owner: number): boolean => (owner === process.pid ? held.has(file) : isAlive(owner));

export function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
