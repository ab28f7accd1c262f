// Parses `git log --raw -z` from a stream, commit by commit, whatever its paths and messages hold.
import { isUtf8 } from "node:buffer";
import { isPlainPath } from "../../core/base/glob.ts";
import type { ChangedFile, HistoryCommit } from "../../ports/repository.ts";

/** Changed files kept per commit: a commit with more makes no task anyway. */
export const MAX_CHANGED = 400;
const MAX_MESSAGE_CHARS = 20_000;
/** The longest field that is kept whole: only the beginning of a longer message is useful. */
const MAX_FIELD_BYTES = 256_000;

/** Four NUL-terminated fields per commit, then pairs of `:modes ids letter` and path. */
export const LOG_ARGUMENTS = [
  "log",
  "-z",
  "--raw",
  "-r",
  "--root",
  "--no-abbrev",
  "--no-renames",
  // A merge shows what its branch brought; the resolution of its conflicts included.
  "--diff-merges=first-parent",
  "--no-ext-diff",
  "--no-textconv",
  "--no-color",
  "--no-notes",
  "--no-mailmap",
  "--no-decorate",
  "--encoding=UTF-8",
  "--format=%x02%H%x00%P%x00%B%x00%x03",
];

/** Splits a byte stream at NUL; a field that is too long is truncated. */
export async function* fieldsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let kept = 0;
  for await (const chunk of chunks) {
    let rest = Buffer.from(chunk);
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      yield Buffer.concat([...parts, rest.subarray(0, end)]);
      rest = rest.subarray(end + 1);
      parts = [];
      kept = 0;
    }
    const room = rest.subarray(0, Math.max(0, MAX_FIELD_BYTES - kept));
    if (room.length > 0) parts.push(room);
    kept += room.length;
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}

const COMMIT_START = 2;

interface OpenCommit {
  readonly id: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly changed: ChangedFile[];
  changedCount: number;
}

/** The commits of a field stream. Anything before the first commit, or after a torn one, is dropped. */
export async function* commitsOf(fields: AsyncIterable<Buffer>): AsyncGenerator<HistoryCommit> {
  const source = fields[Symbol.asyncIterator]();
  const next = async (): Promise<Buffer | null> => {
    const { value, done } = await source.next();
    return done === true ? null : value;
  };
  let open: OpenCommit | null = null;
  for (let field = await next(); field !== null; field = await next()) {
    if (field[0] === COMMIT_START) {
      if (open) yield open;
      const [parents, message, end] = [await next(), await next(), await next()];
      if (!parents || !message || !end) return;
      open = { id: field.subarray(1).toString("latin1"), parents: words(parents), message: messageOf(message), changed: [], changedCount: 0 };
    } else {
      const path = await next();
      if (open && path) take(open, field, path);
    }
  }
  if (open) yield open;
}

const words = (field: Buffer): string[] => field.toString("latin1").split(" ").filter(Boolean);

const messageOf = (field: Buffer): string => field.toString("utf8").slice(0, MAX_MESSAGE_CHARS).toWellFormed();

/** All zeros means no blob. */
const blobId = (id: string): string | null => (/^0*$/.test(id) ? null : id);

function take(open: OpenCommit, facts: Buffer, path: Buffer): void {
  open.changedCount += 1;
  const [modeBefore = "", modeAfter = "", before = "", after = ""] = facts.toString("latin1").trim().slice(1).split(" ");
  if (open.changed.length >= MAX_CHANGED) return;
  open.changed.push({ path: plainPath(path), before: blobId(before), after: blobId(after), isFile: [modeBefore, modeAfter].every(isFileMode) });
}

const isFileMode = (mode: string): boolean => mode === "000000" || mode.startsWith("100");

/** A path as text, or null if a suite can't hold it. */
export function plainPath(bytes: Buffer): string | null {
  if (!isUtf8(bytes)) return null;
  const path = bytes.toString("utf8");
  return isPlainPath(path) ? path : null;
}
