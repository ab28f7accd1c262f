// Takes lines out of a journal that is to be gone on with: at its end by truncating it, elsewhere by writing the rest anew.
import { closeSync, openSync, readSync } from "node:fs";
import { createHash, type Hash } from "node:crypto";
import { open } from "node:fs/promises";
import { replaceFile, withDiskErrors } from "../../files/disk.ts";
import { piecesOf } from "../file.ts";
import type { LineRange } from "../lines.ts";

/** A file's bytes from the first to before the last. */
interface Stretch {
  readonly begin: number;
  readonly end: number;
}

export interface CutJournal {
  /** Of what is left. */
  readonly bytes: number;
  readonly hash: Hash;
  /** Where a line that is left begins now. */
  readonly movedTo: (offset: number) => number;
}

/** `wholeBytes`: what follows them was torn. Throws `environment` where the disk refuses: the journal is then as it was. */
export async function cutJournal(path: string, wholeBytes: number, dropped: readonly LineRange[]): Promise<CutJournal> {
  const gaps = gapsOf(dropped);
  const last = gaps.at(-1);
  const isTail = gaps.length === 0 || (gaps.length === 1 && last?.end === wholeBytes);
  const bytes = isTail ? await truncated(path, last?.begin ?? wholeBytes) : await replaceFile(path, piecesBetween(path, gaps, wholeBytes));
  return { bytes, hash: await hashOf(path), movedTo: (offset) => offset - removedBefore(gaps, offset) };
}

/** Lines that follow each other are one gap. */
function gapsOf(dropped: readonly LineRange[]): readonly Stretch[] {
  const gaps: { begin: number; end: number }[] = [];
  for (const { offset, bytes } of dropped.toSorted((a, b) => a.offset - b.offset)) {
    const last = gaps.at(-1);
    if (last?.end === offset) last.end += bytes + 1;
    else gaps.push({ begin: offset, end: offset + bytes + 1 });
  }
  return gaps;
}

const removedBefore = (gaps: readonly Stretch[], offset: number): number =>
  gaps.reduce((sum, { begin, end }) => (begin < offset ? sum + (end - begin) : sum), 0);

async function truncated(path: string, bytes: number): Promise<number> {
  return withDiskErrors(path, async () => {
    const file = await open(path, "r+");
    try {
      await file.truncate(bytes);
      await file.datasync();
      return bytes;
    } finally {
      await file.close();
    }
  });
}

const PIECE_BYTES = 1 << 20;

function* piecesBetween(path: string, gaps: readonly Stretch[], wholeBytes: number): Generator<Uint8Array> {
  const file = openSync(path, "r");
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  try {
    let from = 0;
    for (const { begin, end } of [...gaps, { begin: wholeBytes, end: wholeBytes }]) {
      while (from < begin) {
        const read = readSync(file, buffer, 0, Math.min(PIECE_BYTES, begin - from), from);
        if (read === 0) return;
        from += read;
        yield buffer.subarray(0, read);
      }
      from = end;
    }
  } finally {
    closeSync(file);
  }
}

async function hashOf(path: string): Promise<Hash> {
  const hash = createHash("sha256");
  for await (const piece of piecesOf(path)) hash.update(piece);
  return hash;
}
