// The runs of one folder, and others by their paths: listed from their indexes, opened a few at a time.
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import type { RunDigest } from "../../core/report/runs/digest.ts";
import type { FollowedRun, LibraryRun, RunLibrary, ShelvedRun } from "../../ports/run-library.ts";
import { peekCapsule } from "../capsules/file.ts";
import { isLocked } from "../capsules/lock.ts";
import { CAPSULE_EXTENSION, signaturePath } from "../capsules/paths.ts";
import { plainFile } from "../files/plain-file.ts";
import { IndexFiles, type IndexHead } from "./index-files.ts";
import { hasIndexProcess, indexInProcess, LARGE_BYTES } from "./index-process.ts";
import { openIndexed } from "./indexed-run.ts";
import { JournalFollower } from "./journal-run.ts";
import { makeIndex } from "./make-index.ts";
import { type FileStamp, isSameStamp, stampOf } from "./stamp.ts";

export interface LibraryPlaces {
  /** All capsules of this folder; null: only `files`. */
  readonly folder: string | null;
  readonly files: readonly string[];
  readonly cacheRoot: string;
  readonly version: string;
}

/** So many runs stay open: a reader goes back and forth between a few. */
const MOST_OPEN = 4;

export const openLibrary = (places: LibraryPlaces): RunLibrary => new FolderLibrary(places);

interface OpenedRun {
  readonly stamp: FileStamp;
  readonly run: LibraryRun & { close(): void };
}

class FolderLibrary implements RunLibrary {
  private readonly places: LibraryPlaces;
  private readonly heads = new Map<string, IndexHead>();
  private readonly damaged = new Map<string, FileStamp>();
  /** Sealed, and without an index: the files that this was found of. */
  private readonly unread = new Map<string, FileStamp>();
  private readonly opened = new Map<string, OpenedRun>();
  private readonly followers = new Map<string, JournalFollower>();
  private reading: Promise<unknown> = Promise.resolve();

  constructor(places: LibraryPlaces) {
    this.places = places;
  }

  async list(): Promise<readonly ShelvedRun[]> {
    const shelved: ShelvedRun[] = [];
    for await (const { path, names } of this.paths()) shelved.push(await this.shelved(path, names));
    return shelved.toSorted((a, b) => (beginOf(a) < beginOf(b) ? 1 : -1));
  }

  async digests(): Promise<readonly RunDigest[]> {
    const known = (await this.list()).filter(({ listing }) => listing !== null);
    // Null where somebody has emptied the cache meanwhile: it is unread again.
    return known.flatMap(({ path }) => this.files(path).digest() ?? []);
  }

  /** With the names of all that lies beside each. */
  private async *paths(): AsyncGenerator<{ readonly path: string; readonly names: ReadonlySet<string> }> {
    const { folder, files } = this.places;
    const names = new Set(folder === null ? [] : namesIn(folder));
    if (folder !== null) for (const name of names) if (name.endsWith(CAPSULE_EXTENSION)) yield { path: join(folder, name), names };
    for (const file of files) {
      const path = await plainFile(file);
      yield { path, names: new Set(namesIn(dirname(path))) };
    }
  }

  private async shelved(path: string, names: ReadonlySet<string>): Promise<ShelvedRun> {
    const stamp = stampOf(path);
    const isSigned = names.has(basename(signaturePath(path)));
    const facts = { run: basename(path, CAPSULE_EXTENSION), path, isSigned, faults: null, listing: null };
    const head = this.headOf(path, stamp);
    if (head) return { ...facts, run: head.listing.run, state: "sealed", faults: head.faults, listing: head.listing };
    const damage = this.damaged.get(path);
    if (damage && isSameStamp(damage, stamp)) return { ...facts, state: "damaged" };
    if (names.has(`${basename(path)}.lock`) && (await isLocked(path))) return { ...facts, state: "running" };
    return { ...facts, state: await this.unreadState(path, stamp) };
  }

  private async unreadState(path: string, stamp: FileStamp): Promise<ShelvedRun["state"]> {
    const known = this.unread.get(path);
    // A large header takes its time: while a capsule is read, its list is asked for again and again.
    if (known && isSameStamp(known, stamp)) return "unread";
    try {
      if (!(await peekCapsule(path)).sealed) return "unfinished";
      this.unread.set(path, stamp);
      return "unread";
    } catch (error) {
      if (!(error instanceof BakeoffError) || error.code !== "integrity") throw error;
      this.damaged.set(path, stamp);
      return "damaged";
    }
  }

  async readAll(signal: AbortSignal, told: (path: string, left: number) => void): Promise<void> {
    const unread = (await this.list()).filter(({ state }) => state === "unread");
    for (const [index, { path }] of unread.entries()) {
      signal.throwIfAborted();
      told(path, unread.length - index);
      // A damaged one does not hide the others: the list names it.
      await this.indexed(path).catch(ignoreDamage);
    }
  }

  async open(runIdOrPath: string): Promise<LibraryRun> {
    const path = await this.pathOf(runIdOrPath);
    const known = this.opened.get(path);
    const stamp = stampOf(path);
    if (known && isSameStamp(known.stamp, stamp)) return known.run;
    // An index is of a sealed file: only where there is none, the file itself has to be asked.
    if (this.headOf(path, stamp) === null && !(await peekCapsule(path)).sealed) return this.followed(path);
    const head = await this.indexed(path);
    const run = openIndexed(path, head, this.files(path), namesIn(dirname(path)).includes(basename(signaturePath(path))));
    this.keep(path, { stamp: head.stamp, run });
    return run;
  }

  async follow(runIdOrPath: string): Promise<FollowedRun | null> {
    const path = await this.pathOf(runIdOrPath);
    if (!this.followers.has(path) && (await peekCapsule(path)).sealed) return null;
    return this.followed(path);
  }

  close(): void {
    for (const { run } of this.opened.values()) run.close();
    for (const follower of this.followers.values()) follower.close();
    this.opened.clear();
    this.followers.clear();
  }

  private async pathOf(runIdOrPath: string): Promise<string> {
    if (runIdOrPath.endsWith(".jsonl")) return runIdOrPath;
    for await (const { path } of this.paths())
      if (basename(path, CAPSULE_EXTENSION) === runIdOrPath || this.heads.get(path)?.listing.run === runIdOrPath) return path;
    throw new BakeoffError("usage", `there is no run ${runIdOrPath.slice(0, 100)} here`, "see which there are: bakeoff capsule list");
  }

  private followed(path: string): FollowedRun {
    const follower = this.followers.get(path) ?? new JournalFollower(path);
    this.followers.set(path, follower);
    follower.advance();
    return follower.run();
  }

  private keep(path: string, opened: OpenedRun): void {
    this.opened.get(path)?.run.close();
    this.opened.delete(path);
    this.opened.set(path, opened);
    const [oldest] = this.opened.keys();
    // Several that were named may be looked at as one.
    if (this.opened.size <= Math.max(MOST_OPEN, this.places.files.length) || oldest === undefined) return;
    this.opened.get(oldest)?.run.close();
    this.opened.delete(oldest);
  }

  private headOf(path: string, stamp: FileStamp): IndexHead | null {
    const known = this.heads.get(path);
    if (known && isSameStamp(known.stamp, stamp)) return known;
    const head = this.files(path).head(stamp);
    if (head) this.heads.set(path, head);
    return head;
  }

  /** With all that belongs to it. */
  private wholeHead(path: string): IndexHead | null {
    const head = this.headOf(path, stampOf(path));
    return head && this.files(path).isWhole(head) ? head : null;
  }

  /** One capsule is read at a time: each may be large. */
  private async indexed(path: string): Promise<IndexHead> {
    const turn = this.reading.then(() => this.wholeHead(path) ?? this.index(path));
    this.reading = turn.catch(() => undefined);
    return turn;
  }

  private async index(path: string): Promise<IndexHead> {
    const stamp = stampOf(path);
    try {
      const head = (await this.indexApart(path, stamp)) ?? this.files(path).write(await makeIndex(path));
      this.heads.set(path, head);
      return head;
    } catch (error) {
      if (error instanceof BakeoffError && error.code === "integrity") this.damaged.set(path, stamp);
      throw error;
    }
  }

  /** Null for one that is read here: it is small, or no other process can be started. */
  private async indexApart(path: string, stamp: FileStamp): Promise<IndexHead | null> {
    if (Number(stamp.size) < LARGE_BYTES || !hasIndexProcess()) return null;
    const { cacheRoot, version } = this.places;
    await indexInProcess({ path, cacheRoot, version });
    return this.files(path).head(stamp);
  }

  private files(path: string): IndexFiles {
    return new IndexFiles(this.places.cacheRoot, path, this.places.version);
  }
}

const beginOf = ({ listing, run }: ShelvedRun): string => listing?.createdAt ?? run;

function ignoreDamage(error: unknown): void {
  if (!(error instanceof BakeoffError) || error.code !== "integrity") throw error;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw new BakeoffError("environment", `${folder} can't be read`, "make it readable", { cause: error });
  }
}
