// Opens a capsule or a journal on disk: scanned line by line for any size, or read whole if small.
import { type FileHandle, open } from "node:fs/promises";
import type { Sha256 } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { CapsuleFault } from "../../core/capsule/fault.ts";
import type { EventLine, Header, Seal, WithheldLine } from "../../core/capsule/line.ts";
import { parseLine } from "../../core/capsule/parse.ts";
import type { StoredRun } from "../../ports/journal.ts";
import { plainFile } from "../files/plain-file.ts";
import { LineSplitter } from "./lines.ts";
import { CapsuleScan, type CapsuleVisitor, type Scanned, type StoredBlob } from "./scan.ts";

export interface ReadCapsule extends StoredRun {
  /** In the file's order; each once. */
  readonly blobs: readonly StoredBlob[];
  /** Texts that a safe export left out. */
  readonly withheld: readonly WithheldLine[];
  /** Both, in the file's order. */
  readonly textLines: readonly (StoredBlob | WithheldLine)[];
}

const PIECE_BYTES = 1 << 20;

/**
 * Shows every line to the visitor, one at a time: linear time, memory for the longest line only. `bytes`, if given, sees the
 * file's raw bytes in chunks. Throws `integrity` (a CapsuleFault) or `usage`.
 */
export async function scanCapsule(path: string, visitor: CapsuleVisitor, bytes: (piece: Uint8Array) => void = () => undefined): Promise<Scanned> {
  const scan = new CapsuleScan(path, visitor);
  const cutter = new LineSplitter(path);
  for await (const piece of piecesOf(path)) {
    bytes(piece);
    for (const line of cutter.take(piece)) scan.take(line, cutter.place);
  }
  const { sealed, torn } = scan.end();
  // Whatever follows the last newline was being written when the writer stopped.
  if (sealed && cutter.isTorn) throw new CapsuleFault("after-seal", "something follows the seal", { path, line: 0 });
  return { sealed, torn: torn || cutter.isTorn };
}

/** The bytes of a file; each piece is good until the next one is asked for. */
export async function* piecesOf(path: string): AsyncGenerator<Buffer> {
  const file = await readable(path, async () => open(await plainFile(path), "r"));
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  try {
    for (;;) {
      const bytesRead = await readable(path, () => readPiece(file, buffer));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

const readPiece = async (file: FileHandle, buffer: Buffer): Promise<number> => (await file.read(buffer, 0, buffer.length, null)).bytesRead;

async function readable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BakeoffError) throw error;
    throw new BakeoffError("usage", `${path} can't be read`, "name a capsule file, or the id of a run in capsules/", { cause: error });
  }
}

/** Larger than any seal. */
const SEAL_BYTES = 1 << 16;

/** The header, and whether the file ends in a seal; nothing else is read or checked. Throws `integrity` or `usage`. */
export async function peekCapsule(path: string): Promise<{ readonly header: Header; readonly sealed: boolean }> {
  const first = await firstLine(path);
  const parsed = first === null ? null : parseLine(first);
  if (parsed === null || !parsed.ok || parsed.line.kind !== "header") throw new CapsuleFault("no-header", "it has no header", { path, line: 1 });
  const last = parseLine(await lastLine(path));
  return { header: parsed.line, sealed: last.ok && last.line.kind === "seal" };
}

async function firstLine(path: string): Promise<string | null> {
  const cutter = new LineSplitter(path);
  for await (const piece of piecesOf(path)) for (const line of cutter.take(piece)) return line;
  return null;
}

async function lastLine(path: string): Promise<string> {
  const file = await readable(path, async () => open(await plainFile(path), "r"));
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.min(size, SEAL_BYTES));
    await readable(path, () => file.read(buffer, 0, buffer.length, size - buffer.length));
    return buffer.toString("utf8").trimEnd().split("\n").at(-1) ?? "";
  } finally {
    await file.close();
  }
}

/** Reads the whole file into memory. A torn last line of an unsealed journal is dropped. */
export async function readCapsule(path: string): Promise<ReadCapsule> {
  const header: { read: Header | null; seal: Seal | null } = { read: null, seal: null };
  const events: EventLine[] = [];
  const withheld: WithheldLine[] = [];
  const textLines: (StoredBlob | WithheldLine)[] = [];
  const blobs = new Map<Sha256, StoredBlob>();
  await scanCapsule(path, {
    header: (line) => void (header.read = line),
    blob: (blob) => {
      blobs.set(blob.sha256, blob);
      textLines.push(blob);
    },
    withheld: (line) => {
      withheld.push(line);
      textLines.push(line);
    },
    event: (line) => void events.push(line),
    seal: (line) => void (header.seal = line),
  });
  if (!header.read) throw new CapsuleFault("no-header", "it has no header", { path, line: 0 });
  const blob = (hash: Sha256): string | null => blobs.get(hash)?.text ?? null;
  return { header: header.read, events, seal: header.seal, blobs: [...blobs.values()], withheld, textLines, blob };
}
