// Reads blobs of a repository through a single `git cat-file --batch`, one at a time.
import { isUtf8 } from "node:buffer";
import { BakeoffError } from "../../core/base/errors.ts";
import { type GitPlace, startGit } from "./git.ts";

export const MAX_BLOB_BYTES = 5_000_000;
const LFS_POINTER = "version https://git-lfs.github.com/spec/v1\n";

export interface BlobReader {
  /** The bytes of a blob; null if there is none with this id, or it is larger than `MAX_BLOB_BYTES`. */
  read(id: string): Promise<Buffer | null>;
  close(): Promise<void>;
}

export function openBlobReader(place: GitPlace, signal: AbortSignal): BlobReader {
  const child = startGit(place, ["cat-file", "--batch"], signal);
  const input = byteQueue(child.stdout, signal);
  let turn: Promise<unknown> = Promise.resolve();
  const readNow = async (id: string): Promise<Buffer | null> => {
    if (!/^[0-9a-f]{40,64}$/.test(id)) return null;
    child.stdin.write(`${id}\n`);
    const [, kind, size] = (await input.line()).split(" ");
    if (kind === "missing" || kind === "ambiguous") return null;
    const bytes = Number(size);
    if (!Number.isSafeInteger(bytes)) throw new BakeoffError("environment", "git cat-file answers in a form that is not known", "upgrade git");
    const content = await input.take(bytes, kind === "blob" && bytes <= MAX_BLOB_BYTES);
    await input.take(1, false);
    return content;
  };
  return {
    // Answers come in the order of requests: each request waits for the one before.
    read: (id) => {
      const mine = turn.then(() => readNow(id));
      turn = mine.catch(() => undefined);
      return mine;
    },
    close: async () => {
      child.kill();
      await child.ended;
    },
  };
}

/** A blob as text; null for bytes that are not UTF-8. */
export const decodedText = (bytes: Buffer | null): string | null => (bytes !== null && isUtf8(bytes) ? bytes.toString("utf8") : null);

export const isLfsPointer = (bytes: Buffer): boolean => bytes.length < 1024 && bytes.toString("latin1").startsWith(LFS_POINTER);

/** Reads lines and byte counts from a stream, and holds no more than was requested plus one chunk. */
function byteQueue(stream: AsyncIterable<Uint8Array>, signal: AbortSignal) {
  const source = stream[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const more = async (): Promise<Buffer> => {
    // A broken stream ends like a complete one: what follows tells them apart.
    const { value, done } = await source.next().catch(() => ({ value: undefined, done: true }) as const);
    signal.throwIfAborted();
    if (done === true) throw new BakeoffError("environment", "git cat-file ended before its answer", "check the repository with git fsck");
    return Buffer.from(value);
  };
  return {
    line: async (): Promise<string> => {
      let end = held.indexOf(10);
      for (; end < 0; end = held.indexOf(10)) held = Buffer.concat([held, await more()]);
      const line = held.subarray(0, end).toString("latin1");
      held = held.subarray(end + 1);
      return line;
    },
    /** The next bytes; null if they are not to be kept. */
    take: async (count: number, keep: boolean): Promise<Buffer | null> => {
      const parts: Buffer[] = [];
      let missing = count;
      while (missing > 0) {
        if (held.length === 0) held = await more();
        const part = held.subarray(0, missing);
        held = held.subarray(part.length);
        missing -= part.length;
        if (keep) parts.push(part);
      }
      return keep ? Buffer.concat(parts) : null;
    },
  };
}
