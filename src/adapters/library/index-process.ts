// The index of a large capsule, made by a process of its own: the one that answers stays small, and answers meanwhile.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { BakeoffError, type ErrorCode } from "../../core/base/errors.ts";

/** Smaller ones are read sooner than a process starts. */
export const LARGE_BYTES = 50_000_000;

/** Built beside this one; where the sources themselves run, there is none. */
const PROGRAM = fileURLToPath(new URL("index-process.js", import.meta.url));

export interface IndexOrder {
  readonly path: string;
  readonly cacheRoot: string;
  readonly version: string;
}

/** What the process says of its work: null is all well. */
export type IndexRefusal = { readonly code: ErrorCode; readonly message: string; readonly hint: string } | null;

export const hasIndexProcess = (): boolean => existsSync(PROGRAM);

/** Node collects late as long as it may grow. This is how it collects soon; it is no bound, so that no capsule is too large for it. */
const SMALL = ["--optimize-for-size", "--max-semi-space-size=4"];

/** Throws what making the index throws. */
export async function indexInProcess(order: IndexOrder): Promise<void> {
  // It ends where this process does: its input closes.
  const told = await execa(process.execPath, [...SMALL, PROGRAM, JSON.stringify(order)], {
    stdin: "pipe",
    stderr: "ignore",
    reject: false,
    cleanup: true,
    // Freed by one thread and wanted by another, memory is not given back: glibc keeps a heap a thread.
    env: { MALLOC_ARENA_MAX: "1" },
  });
  if (told.failed) throw new BakeoffError("environment", `${order.path} can't be read by a process of its own: ${told.shortMessage ?? ""}`, "free some memory");
  const refusal = JSON.parse(told.stdout) as IndexRefusal;
  if (refusal !== null) throw new BakeoffError(refusal.code, refusal.message, refusal.hint);
}
