// The capsule's journal on disk: one append-only file, one writer, whole lines in plan order once it is sealed.
import { type FileHandle, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { deflateSync } from "node:zlib";
import { BakeoffError } from "../../core/base/errors.ts";
import { type BlobLine, type EventLine, type Header, lineText } from "../../core/capsule/line.ts";
import { referredHashes } from "../../core/capsule/reference.ts";
import type { Journal, JournalEntry, StoredRun } from "../../ports/journal.ts";
import { readCapsule } from "./file.ts";
import type { StoredBlob } from "./scan.ts";
import { makeFolder, withDiskErrors, replaceFile } from "../files/disk.ts";
import { lock, unlock } from "./lock.ts";
import { withSealedLines } from "./sealing.ts";

/** Starts the journal of a new run, with the texts that its header refers to. Never touches an existing file, and leaves none behind if it fails. */
export async function createJournal(path: string, header: Header, blobs: JournalEntry["blobs"] = []): Promise<Journal> {
  await makeFolder(dirname(path));
  await lock(path);
  let file: FileHandle | null = null;
  try {
    file = await withDiskErrors(path, () => open(path, "ax"));
    const journal = new FileJournal(path, file, 0);
    await journal.append({ blobs: [], lines: [lineText(header), ...blobs.map((blob) => encodeBlob(blob.sha256, blob.text))] });
    await journal.sync();
    return journal;
  } catch (error) {
    await file?.close();
    if (file) await rm(path, { force: true });
    await unlock(path);
    throw error;
  }
}

/** Opens the journal of an unfinished run; `keep` selects the events that count. The rest is removed first. */
export async function reopenJournal(
  path: string,
  keep: (stored: StoredRun) => readonly EventLine[],
): Promise<{ readonly journal: Journal; readonly stored: StoredRun }> {
  await lock(path);
  try {
    const read = await readCapsule(path);
    if (read.seal) throw new BakeoffError("usage", `${path} is sealed: the run is finished`, "look at its report, or start a new run");
    const events = keep(read);
    const kept = new Set(referredBlobs(read.header, read.blobs, events).map((blob) => blob.sha256));
    const stored = { ...read, events, blob: (hash: string) => (kept.has(hash) ? read.blob(hash) : null) };
    const size = await replaceFile(path, journalLines(read.header, read.blobs, events));
    const file = await withDiskErrors(path, () => open(path, "a"));
    return { journal: new FileJournal(path, file, size), stored };
  } catch (error) {
    await unlock(path);
    throw error;
  }
}

/** The lines of a capsule up to its seal, without texts left over from an incomplete step. */
function* journalLines(header: Header, blobs: readonly StoredBlob[], events: readonly EventLine[]): Generator<string> {
  yield `${lineText(header)}\n`;
  for (const blob of referredBlobs(header, blobs, events))
    yield `${lineText({ kind: "blob", sha256: blob.sha256, encoding: "deflate+base64", data: blob.data })}\n`;
  for (const event of events) yield `${lineText(event)}\n`;
}

function referredBlobs(header: Header, blobs: readonly StoredBlob[], events: readonly EventLine[]): readonly StoredBlob[] {
  const referred = referredHashes(header, events);
  return blobs.filter((blob) => referred.has(blob.sha256)).toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
}

/** Upper limit on bytes collected for one write. */
const MOST_WAITING_CHARS = 1 << 12;

class FileJournal implements Journal {
  readonly path: string;
  private readonly file: FileHandle;
  private size: number;
  /** Appends that wait for the current write; they are written together. */
  private waiting: string[] = [];
  private waitingChars = 0;
  private nextWrite: Promise<void> | null = null;
  private lastWrite: Promise<void> = Promise.resolve();
  private nextSync: Promise<void> | null = null;
  private lastSync: Promise<void> = Promise.resolve();
  private closed = false;
  private failure: unknown = null;

  constructor(path: string, file: FileHandle, size: number) {
    this.path = path;
    this.file = file;
    this.size = size;
  }

  /** One write at a time, in order. A write that fails half-way is undone and is the last: nothing may follow a gap. */
  append(entry: JournalEntry): Promise<void> {
    const lines = [...entry.blobs.map((blob) => encodeBlob(blob.sha256, blob.text)), ...entry.lines];
    const text = lines.map((line) => `${line}\n`).join("");
    if (this.waitingChars > MOST_WAITING_CHARS) this.nextWrite = null;
    if (this.nextWrite === null) {
      const batch: string[] = [];
      this.waiting = batch;
      this.waitingChars = 0;
      this.nextWrite = this.lastWrite.then(() => {
        if (this.waiting === batch) this.nextWrite = null;
        return withDiskErrors(this.path, () => this.write(batch.join("")));
      });
      this.lastWrite = this.nextWrite.catch(() => undefined);
    }
    this.waiting.push(text);
    this.waitingChars += text.length;
    return this.nextWrite;
  }

  private async write(text: string): Promise<void> {
    if (this.failure) throw this.failure;
    try {
      await this.file.appendFile(text);
      this.size += Buffer.byteLength(text);
    } catch (error) {
      this.failure = error;
      await this.file.truncate(this.size).catch(() => undefined);
      throw error;
    }
  }

  /** Requests during a sync share the next one. */
  sync(): Promise<void> {
    this.nextSync ??= this.lastSync.then(() => {
      this.nextSync = null;
      return withDiskErrors(this.path, () => this.file.datasync());
    });
    this.lastSync = this.nextSync.catch(() => undefined);
    return this.nextSync;
  }

  async seal(...[order, sealLine]: Parameters<Journal["seal"]>): Promise<void> {
    await this.lastWrite;
    await withSealedLines(this.path, order, sealLine, (lines) => replaceFile(this.path, lines));
    await this.close();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.lastWrite;
    await this.lastSync;
    await this.file.close();
    await unlock(this.path);
  }
}

export function encodeBlob(hash: string, text: string): string {
  const line: BlobLine = { kind: "blob", sha256: hash, encoding: "deflate+base64", data: deflateSync(text).toString("base64") };
  return lineText(line);
}
