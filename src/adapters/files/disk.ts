// Writes to disk: whole files or none; failures become errors with a way out.
import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import { destinationOf } from "./destination.ts";
import { temporaryBeside } from "./temporary.ts";

/** Creates a folder and its parents. (Node's own recursive mkdir never returns on file systems such as /proc that refuse new folders.) */
export function makeFolder(folder: string): Promise<void> {
  return withDiskErrors(folder, async () => {
    if (await isFolder(folder)) return;
    const above = dirname(folder);
    if (above !== folder && !(await isFolder(above))) await makeFolder(above);
    await mkdir(folder).catch(async (error: unknown) => {
      if (!(await isFolder(folder))) throw error;
    });
  });
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );

/** Writes beside the file, syncs, and renames it into place: readers see the old bytes or the new. Returns the bytes written. */
export async function replaceFile(path: string, content: string | Uint8Array | Iterable<string | Uint8Array>): Promise<number> {
  const parts = typeof content === "string" ? [content] : content instanceof Uint8Array ? content : chunksOf(content);
  return withDiskErrors(path, async () => {
    const { path: place, isStream } = destinationOf(path);
    if (isStream) return writeParts(place, parts);
    const temporary = temporaryBeside(place);
    try {
      const size = await writeParts(temporary, parts, (file) => file.datasync());
      await rename(temporary, place);
      await syncFolder(dirname(place));
      return size;
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  });
}

/** Makes a rename durable. Not every file system can; at worst the rename is lost. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code !== "EINVAL" && code !== "ENOTSUP") throw error;
  } finally {
    await handle.close();
  }
}

async function writeParts(path: string, parts: Iterable<string | Uint8Array> | Uint8Array, end?: (file: FileHandle) => Promise<void>): Promise<number> {
  const file = await open(path, "w");
  try {
    let size = 0;
    for (const chunk of parts instanceof Uint8Array ? [parts] : parts) {
      await file.writeFile(chunk);
      size += Buffer.byteLength(chunk);
    }
    await end?.(file);
    return size;
  } finally {
    await file.close();
  }
}

/** Joins texts into chunks large enough for one write each; bytes are passed on as they come. */
function* chunksOf(parts: Iterable<string | Uint8Array>): Generator<string | Uint8Array> {
  let held: string[] = [];
  let chars = 0;
  for (const part of parts) {
    if (typeof part !== "string") {
      yield part;
      continue;
    }
    held.push(part);
    chars += part.length;
    if (chars < 1 << 20) continue;
    yield held.join("");
    held = [];
    chars = 0;
  }
  yield held.join("");
}

/** A disk error stops the run and names the way out. */
export async function withDiskErrors<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BakeoffError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const ways: Readonly<Record<string, string>> = {
      ENOSPC: "free some space on that disk; a run can be resumed with --resume",
      EACCES: "make the folder writable, or name another",
      EROFS: "name a folder on a writable file system",
      EEXIST: "that name exists already: move it away",
      ENOTDIR: "a part of that path is a file: move it away, or start in another folder",
    };
    throw new BakeoffError("environment", `${path} can't be written: ${messageOf(error)}`, ways[code] ?? "see the message", { cause: error });
  }
}
