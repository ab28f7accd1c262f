// A file that is written line by line and appears completely or not at all.
import { closeSync, fdatasyncSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import { type Destination, destinationOf } from "./destination.ts";
import { temporaryBeside } from "./temporary.ts";

const PIECE_CHARS = 1 << 20;

/** Writes are synchronous, so that a scan's visitor can use them. */
export class NewFile {
  private readonly path: string;
  private readonly place: Destination;
  private readonly temporary: string;
  private readonly file: number;
  private held: string[] = [];
  private chars = 0;
  private isOpen = true;

  constructor(path: string) {
    this.path = path;
    this.place = this.attempt(() => destinationOf(path));
    this.temporary = this.place.isStream ? path : temporaryBeside(this.place.path);
    this.file = this.attempt(() => openSync(this.temporary, "w"));
  }

  line(text: string): void {
    this.text(text);
    this.text("\n");
  }

  text(text: string): void {
    this.held.push(text);
    this.chars += text.length;
    if (this.chars >= PIECE_CHARS) this.flush();
  }

  bytes(piece: Uint8Array): void {
    this.flush();
    this.attempt(() => writeAll(this.file, piece));
  }

  /** Syncs the file and gives it its name. */
  commit(): void {
    this.sync();
    this.attempt(() => {
      this.name();
      if (!this.place.isStream) syncFolder(dirname(this.place.path));
    });
  }

  /** Brings all of it to the disk; it has no name yet. */
  sync(): void {
    this.flush();
    if (!this.place.isStream) this.attempt(() => fdatasyncSync(this.file));
  }

  /** Gives it its name without waiting for the disk: for what is derived, and is made anew where a crash has cut it. */
  commitDerived(): void {
    this.flush();
    this.attempt(() => this.name());
  }

  private name(): void {
    this.close();
    if (!this.place.isStream) renameSync(this.temporary, this.place.path);
  }

  /** Removes the temporary file; does nothing after a commit. */
  discard(): void {
    if (!this.isOpen) return;
    this.close();
    if (!this.place.isStream) rmSync(this.temporary, { force: true });
  }

  private flush(): void {
    if (this.held.length === 0) return;
    const text = this.held.join("");
    this.held = [];
    this.chars = 0;
    this.attempt(() => writeAll(this.file, Buffer.from(text)));
  }

  private close(): void {
    this.isOpen = false;
    closeSync(this.file);
  }

  private attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw new BakeoffError("environment", `${this.path} can't be written: ${messageOf(error)}`, "free some space, or name another folder", { cause: error });
    }
  }
}

function writeAll(file: number, piece: Uint8Array): void {
  for (let written = 0; written < piece.length; ) written += writeSync(file, piece, written);
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
