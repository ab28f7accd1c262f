// The capsule's journal on disk: one append-only file, one writer, whole lines in plan order once it is sealed.
import { createHash, type Hash } from "node:crypto";
import { writeSync } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { deflateSync } from "node:zlib";
import type { Sha256 } from "../../../core/base/canonical.ts";
import { type BlobLine, type Header, lineText } from "../../../core/capsule/line.ts";
import type { Journal, JournalEntry, JournalReader, StoredTexts } from "../../../ports/journal.ts";
import { makeFolder, withDiskErrors, replaceFile } from "../../files/disk.ts";
import type { PlacedLine } from "../glance.ts";
import { cutJournal } from "./cut.ts";
import { type JournalVisitor, readJournal } from "./reading.ts";
import { type JournalSum, readSum, removeSum, writeSum } from "./sum.ts";
import { JournalTexts } from "./texts.ts";
import type { LineRange } from "../lines.ts";
import { lock, unlock } from "../lock.ts";
import { withSealedLines } from "../sealing.ts";

/** Starts the journal of a new run, with the texts that its header refers to. Never touches an existing file, and leaves none behind if it fails. */
export async function createJournal(path: string, header: Header, blobs: JournalEntry["blobs"] = []): Promise<Journal> {
  await makeFolder(dirname(path));
  await lock(path);
  let file: FileHandle | null = null;
  try {
    file = await withDiskErrors(path, () => open(path, "ax"));
    const journal = new FileJournal(path, file, { bytes: 0, hash: createHash("sha256"), texts: null });
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

/** Opens the journal of an unfinished run; what its reader says does not count is removed first. */
export async function reopenJournal<T>(
  path: string,
  reader: (texts: StoredTexts) => JournalReader<T>,
): Promise<{ readonly journal: Journal; readonly kept: T }> {
  await lock(path);
  try {
    const sum = await readSum(path);
    const { visitor, hash, bytes, wholeBytes } = await readJournal(path, sum, () => new KeepingVisitor(path, reader));
    const { texts } = visitor;
    const { kept, dropped } = visitor.end();
    const isWhole = dropped.length === 0 && bytes === wholeBytes;
    const { movedTo, ...left } = isWhole ? { bytes, hash, movedTo: null } : await cutJournal(path, wholeBytes, dropped);
    if (movedTo !== null) texts.move(movedTo);
    // All of it is checked now: whoever has to go on after a kill need not do that again.
    await writeSum(path, { bytes: left.bytes, sha256: left.hash.copy().digest("hex") });
    const file = await withDiskErrors(path, () => open(path, "a"));
    return { journal: new FileJournal(path, file, { ...left, texts }), kept };
  } catch (error) {
    await unlock(path);
    throw error;
  }
}

class KeepingVisitor<T> implements JournalVisitor {
  readonly texts: JournalTexts;
  private readonly reader: JournalReader<T>;

  constructor(path: string, reader: (texts: StoredTexts) => JournalReader<T>) {
    this.texts = new JournalTexts(path);
    this.reader = reader(this.texts);
  }

  header(): void {}

  text(hash: Sha256, place: LineRange): void {
    this.texts.add(hash, place);
  }

  event(line: PlacedLine): void {
    this.reader.take(line);
  }

  end(): { readonly kept: T; readonly dropped: readonly LineRange[] } {
    const { kept, dropped } = this.reader.end();
    return { kept, dropped: dropped.map((line) => (line as PlacedLine).place) };
  }
}

/** Upper limit on bytes collected for one write. */
const MOST_WAITING_CHARS = 1 << 12;

/** What was written since the last sum is checked line by line when the run goes on. */
const SUM_EVERY_BYTES = 8_000_000;

/** What a journal's file holds. */
interface WrittenPart {
  readonly bytes: number;
  readonly hash: Hash;
  readonly texts: JournalTexts | null;
}

class FileJournal implements Journal {
  readonly path: string;
  private readonly file: FileHandle;
  private size: number;
  /** Of all that was written, and how much of it the sum beside the journal tells of. */
  private readonly hash: Hash;
  private summed: number;
  private lastSum: Promise<void> = Promise.resolve();
  private readonly texts: JournalTexts | null;
  /** Appends that wait for the current write; they are written together. */
  private waiting: string[] = [];
  private waitingChars = 0;
  private nextWrite: Promise<void> | null = null;
  private lastWrite: Promise<void> = Promise.resolve();
  private nextSync: Promise<void> | null = null;
  private lastSync: Promise<void> = Promise.resolve();
  private closed = false;
  private isSealed = false;
  private failure: unknown = null;

  constructor(path: string, file: FileHandle, { bytes, hash, texts }: WrittenPart) {
    this.path = path;
    this.file = file;
    this.size = bytes;
    this.summed = bytes;
    this.hash = hash;
    this.texts = texts;
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
      const bytes = Buffer.from(text);
      writeWhole(this.file.fd, bytes);
      this.size += bytes.length;
      this.hash.update(bytes);
    } catch (error) {
      this.failure = error;
      await this.file.truncate(this.size).catch(() => undefined);
      throw error;
    }
    if (this.size - this.summed >= SUM_EVERY_BYTES) this.writeSum();
  }

  private writeSum(): void {
    this.summed = this.size;
    const sum = this.sum();
    this.lastSum = this.lastSum.then(() => writeSum(this.path, sum));
  }

  private sum(): JournalSum {
    return { bytes: this.size, sha256: this.hash.copy().digest("hex") };
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
    await this.lastSum;
    await withSealedLines({ path: this.path, sum: this.sum() }, order, sealLine, (lines) => replaceFile(this.path, lines));
    this.isSealed = true;
    await removeSum(this.path);
    await this.close();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.lastWrite;
    await this.lastSync;
    if (!this.isSealed && this.failure === null) this.writeSum();
    await this.lastSum;
    this.texts?.close();
    await this.file.close();
    await unlock(this.path);
  }
}

/** Into memory of the system's, which takes less than handing it to a thread; what waits for the disk is `sync`. */
function writeWhole(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

export function encodeBlob(hash: string, text: string): string {
  const line: BlobLine = { kind: "blob", sha256: hash, encoding: "deflate+base64", data: deflateSync(text).toString("base64") };
  return lineText(line);
}
