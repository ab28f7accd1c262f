// Packs a folder's files into a deterministic tar, and unpacks one safely: plain files of known names, within bounds.
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { chmod, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { create, Parser, type ReadEntry } from "tar";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import { withDiskErrors } from "../files/disk.ts";

/** The same files always give the same bytes. */
export async function packFiles(folder: string, names: readonly string[], target: string): Promise<void> {
  for (const name of names) await chmod(join(folder, name), 0o644);
  await withDiskErrors(target, () => create({ cwd: folder, file: target, portable: true, mtime: new Date(0), noDirRecurse: true, strict: true }, [...names]));
}

const MAX_ENTRIES = 10_000;
const NAME = /^(?:attachments\/)?[A-Za-z0-9_][A-Za-z0-9._-]{0,139}$/;

const refused = (archive: string, what: string, cause?: unknown): BakeoffError =>
  new BakeoffError("integrity", `${archive}: archive: ${what}`, "this is not an export of a capsule, or it was damaged: fetch it again from its source", {
    cause,
  });

/** Unpacks an export into an empty folder; returns the names. Throws `integrity` for links, folders, escaping paths, duplicates and damage. */
export async function unpackFiles(archive: string, folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  const faults: string[] = [];
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      const fault = entryFault(entry, names);
      if (fault !== null || faults.length > 0) {
        if (fault !== null) faults.push(fault);
        return entry.resume();
      }
      names.push(entry.path);
      writeEntry(entry, join(folder, entry.path), (error) => faults.push(messageOf(error)));
    },
  });
  await feed(parser, archive, faults);
  const [fault] = faults;
  if (fault !== undefined) throw refused(archive, fault);
  return names;
}

function entryFault(entry: ReadEntry, names: readonly string[]): string | null {
  const shown = JSON.stringify(entry.path.slice(0, 100));
  if (entry.type !== "File" && entry.type !== "OldFile") return `${shown} is a ${entry.type}, not a file`;
  if (!NAME.test(entry.path) || entry.path.split("/").includes("..")) return `the path ${shown} leads out of the export, or is not one of its files`;
  if (names.includes(entry.path)) return `${shown} is present twice`;
  return names.length >= MAX_ENTRIES ? `more than ${MAX_ENTRIES} files` : null;
}

function writeEntry(entry: ReadEntry, path: string, failed: (error: unknown) => void): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "wx", 0o644);
  entry.on("data", (piece: Buffer) => {
    try {
      for (let written = 0; written < piece.length; ) written += writeSync(file, piece, written);
    } catch (error) {
      failed(error);
    }
  });
  entry.on("end", () => closeSync(file));
}

/** The parser must never see a compressed stream: it would inflate it without a bound. */
async function feed(parser: Parser, archive: string, faults: readonly string[]): Promise<void> {
  const file = await open(archive, "r");
  try {
    const ended = new Promise<void>((resolve, reject) => {
      parser.on("end", () => resolve());
      parser.on("error", reject);
    });
    ended.catch(() => undefined);
    const buffer = Buffer.alloc(1 << 16);
    for (let first = true; ; first = false) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (first && !isTar(buffer.subarray(0, bytesRead))) throw refused(archive, "it is not a tar file");
      if (bytesRead === 0 || faults.length > 0) break;
      parser.write(Buffer.from(buffer.subarray(0, bytesRead)));
    }
    parser.end();
    await ended;
  } catch (error) {
    throw error instanceof BakeoffError ? error : refused(archive, messageOf(error), error);
  } finally {
    await file.close();
  }
}

/** POSIX.1-1988: "ustar" at offset 257. */
export const isTar = (bytes: Buffer): boolean => bytes.subarray(257, 262).toString("latin1") === "ustar";
