// What a journal's first bytes hash to, in a file beside it: bytes that still do are as they were written, and need not be checked one by one.
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import type { Sha256 } from "../../../core/base/canonical.ts";
import { temporaryBeside } from "../../files/temporary.ts";
import { sumPath } from "../paths.ts";

export interface JournalSum {
  readonly bytes: number;
  readonly sha256: Sha256;
}

const written = z.strictObject({ format: z.literal(1), bytes: z.number().int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** Null where there is none that can be read: then everything is checked. */
export async function readSum(journal: string): Promise<JournalSum | null> {
  try {
    return written.parse(JSON.parse(await readFile(sumPath(journal), "utf8")));
  } catch {
    return null;
  }
}

/** It only saves time: one that can't be written is done without. */
export async function writeSum(journal: string, { bytes, sha256 }: JournalSum): Promise<void> {
  const path = sumPath(journal);
  const temporary = temporaryBeside(path);
  try {
    await writeFile(temporary, `${JSON.stringify({ format: 1, bytes, sha256 } satisfies z.infer<typeof written>)}\n`);
    await rename(temporary, path);
  } catch {
    await removeSum(journal);
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

export const removeSum = (journal: string): Promise<void> => rm(sumPath(journal), { force: true }).catch(() => undefined);
