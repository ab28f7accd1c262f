// The capsule's journal on disk: one append-only file, one writer, whole lines in plan order once it is sealed.
import { type FileHandle, mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { deflateSync } from "node:zlib";
import { merkleRoot, sha256 } from "../../core/base/canonical.ts";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import { type BlobLine, type EventLine, type Header, lineText } from "../../core/capsule/line.ts";
import type { Journal, JournalEntry, StoredRun } from "../../run/ports.ts";
import { readCapsule } from "./capsule-file.ts";

/** Starts the journal of a new run. Refuses to touch a file that is there. */
export async function createJournal(path: string, header: Header): Promise<Journal> {
  await onDisk(path, () => mkdir(dirname(path), { recursive: true }));
  await lock(path);
  try {
    const file = await onDisk(path, () => open(path, "wx"));
    const journal = new FileJournal(path, file, 0);
    await journal.write(`${lineText(header)}\n`);
    await journal.sync();
    return journal;
  } catch (error) {
    await unlock(path);
    throw error;
  }
}

/** Opens a journal that a run left unfinished; `keep` says which of its events count. The rest is taken out first. */
export async function reopenJournal(
  path: string,
  keep: (stored: StoredRun) => readonly EventLine[],
): Promise<{ readonly journal: Journal; readonly stored: StoredRun }> {
  await lock(path);
  try {
    const read = await readCapsule(path);
    if (read.seal) throw new BakeoffError("usage", `${path} is sealed: the run is finished`, "look at its report, or start a new run");
    const stored = { ...read, events: keep(read), blob: read.blob };
    const lines = [lineText(stored.header), ...read.blobs.map((blob) => encodeBlob(blob.sha256, blob.text)), ...stored.events.map(lineText)];
    const text = lines.map((line) => `${line}\n`).join("");
    await replaceFile(path, text);
    const file = await onDisk(path, () => open(path, "a"));
    return { journal: new FileJournal(path, file, Buffer.byteLength(text)), stored };
  } catch (error) {
    await unlock(path);
    throw error;
  }
}

class FileJournal implements Journal {
  readonly path: string;
  private readonly file: FileHandle;
  private size: number;
  private queue: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(path: string, file: FileHandle, size: number) {
    this.path = path;
    this.file = file;
    this.size = size;
  }

  append(entry: JournalEntry): Promise<void> {
    const blobs = entry.blobs.map((blob) => `${encodeBlob(blob.sha256, blob.text)}\n`);
    return this.write([...blobs, ...entry.lines.map((line) => `${line}\n`)].join(""));
  }

  /** One write at a time. A write that fails half-way is taken back, so that no half line stays. */
  write(text: string): Promise<void> {
    const turn = this.queue.then(() =>
      onDisk(this.path, async () => {
        try {
          await this.file.appendFile(text);
          this.size += Buffer.byteLength(text);
        } catch (error) {
          await this.file.truncate(this.size).catch(() => undefined);
          throw error;
        }
      }),
    );
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  sync(): Promise<void> {
    return onDisk(this.path, () => this.file.datasync());
  }

  async seal(...[order, sealLine]: Parameters<Journal["seal"]>): Promise<void> {
    await this.queue;
    const read = await readCapsule(this.path);
    const events = order(read.events).map(lineText);
    const header = lineText(read.header);
    const seal = sealLine({ merkleRoot: merkleRoot(events), headerHash: sha256(header), events: events.length, blobs: read.blobs.length });
    const blobs = read.blobs.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1)).map((blob) => encodeBlob(blob.sha256, blob.text));
    await replaceFile(this.path, [header, ...blobs, ...events, lineText(seal)].map((line) => `${line}\n`).join(""));
    await this.close();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.queue;
    await this.file.close();
    await unlock(this.path);
  }
}

export function encodeBlob(hash: string, text: string): string {
  const line: BlobLine = { kind: "blob", sha256: hash, encoding: "deflate+base64", data: deflateSync(text).toString("base64") };
  return lineText(line);
}

/** Writes beside the file, makes it durable, and renames it into place: readers see the old bytes or the new. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  await onDisk(path, async () => {
    try {
      const file = await open(temporary, "w");
      try {
        await file.writeFile(text);
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  });
}

/** What the disk refuses stops the run, with the way out. */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BakeoffError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const ways: Readonly<Record<string, string>> = {
      ENOSPC: "free some space on that disk; a run can be gone on with --resume",
      EACCES: "make the folder writable, or name another",
      EROFS: "name a folder on a file system that can be written to",
      EEXIST: "it belongs to another run: wait a second, or name another folder",
    };
    throw new BakeoffError("environment", `${path} can't be written: ${messageOf(error)}`, ways[code] ?? "see the message", { cause: error });
  }
}

/** One writer a journal. The lock of a process that is no longer there is taken over at once. */
async function lock(path: string): Promise<void> {
  const file = `${path}.lock`;
  const mine = () => onDisk(file, () => writeFile(file, String(process.pid), { flag: "wx" }));
  const owner = Number.parseInt(await readFile(file, "utf8").catch(() => ""), 10);
  if (Number.isNaN(owner)) return mine();
  if (isAlive(owner)) throw new BakeoffError("environment", `process ${owner} is writing to ${path}`, "wait for it, or stop it");
  await rm(file, { force: true });
  return mine();
}

const unlock = (path: string): Promise<void> => rm(`${path}.lock`, { force: true });

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
