// The files of one commit as a suite's tree, read from git's objects; files that can't be part of it are listed with the reason.
import { isUtf8 } from "node:buffer";
import { posix } from "node:path";
import { isPlainPath } from "../../core/base/glob.ts";
import { buildOutputOf } from "../../core/suite/build-output.ts";
import type { Content } from "../../core/text/edit.ts";
import type { CommitTree, SkippedFile } from "../../ports/repository.ts";
import { type BlobReader, isLfsPointer, MAX_BLOB_BYTES } from "./blob-reader.ts";
import { plainPath } from "./history-log.ts";

const MAX_FILES = 20_000;
const MAX_TREE_BYTES = 100_000_000;

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly id: string;
  readonly bytes: number;
}

/** Reads `git ls-tree -r -z -l`. */
export function readListing(listing: Buffer): { readonly entries: readonly Entry[]; readonly leftOut: readonly SkippedFile[] } {
  const entries: Entry[] = [];
  const leftOut: SkippedFile[] = [];
  for (let at = 0; at < listing.length; ) {
    const tab = listing.indexOf(9, at);
    const end = listing.indexOf(0, at);
    if (tab < 0 || end < tab) break;
    const read = readEntry(listing.subarray(at, tab).toString("latin1"), listing.subarray(tab + 1, end));
    if ("why" in read) leftOut.push(read);
    else entries.push(read);
    at = end + 1;
  }
  const isOutput = buildOutputOf(entries.map(({ path }) => path));
  const output = entries.filter(({ path }) => isOutput(path)).map(({ path }) => ({ path, why: "in a folder that cargo or a package manager writes" }));
  return { entries: entries.filter(({ path }) => !isOutput(path)), leftOut: [...leftOut, ...output] };
}

/** `facts`: mode, kind, id and size. */
function readEntry(facts: string, name: Buffer): Entry | SkippedFile {
  const [mode = "", , id = "", size = ""] = facts.split(/ +/);
  const bytes = Number(size) || 0;
  const path = plainPath(name);
  if (path === null) return { path: shownBytes(name), why: "a name that a suite can't hold" };
  const why = whyNot(mode, bytes);
  return why === null ? { path, mode, id, bytes } : { path, why };
}

function whyNot(mode: string, bytes: number): string | null {
  if (mode === "160000") return "a submodule: its files are in another repository";
  return bytes > MAX_BLOB_BYTES ? `larger than ${MAX_BLOB_BYTES / 1e6} MB` : null;
}

/** Binary content is allowed. */
const shownBytes = (raw: Buffer): string => JSON.stringify(raw.toString("latin1")).slice(1, -1).slice(0, 200);

/** Reads all files of a listing; a tree with too many or too large files is refused as a whole. */
export async function readCommitTree(listing: Buffer, blobs: BlobReader): Promise<CommitTree> {
  const { entries, leftOut } = readListing(listing);
  if (entries.length > MAX_FILES) return { ok: false, why: `${entries.length} files, more than ${MAX_FILES}` };
  const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > MAX_TREE_BYTES) return { ok: false, why: `${Math.round(total / 1e6)} MB of files, more than ${MAX_TREE_BYTES / 1e6}` };
  const reading = new TreeReading(entries, blobs);
  for (const entry of entries) await reading.take(entry);
  const files = reading.files.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { ok: true, tree: new Map(files), leftOut: [...leftOut, ...reading.leftOut] };
}

class TreeReading {
  readonly files: [string, Content][] = [];
  readonly leftOut: SkippedFile[] = [];
  private readonly byPath: ReadonlyMap<string, Entry>;
  private readonly blobs: BlobReader;

  constructor(entries: readonly Entry[], blobs: BlobReader) {
    this.byPath = new Map(entries.map((entry) => [entry.path, entry]));
    this.blobs = blobs;
  }

  async take(entry: Entry): Promise<void> {
    const target = entry.mode === "120000" ? await this.linked(entry) : entry;
    if (target === null) return void this.leftOut.push({ path: entry.path, why: "a link to something that is no file of the tree" });
    const bytes = await this.blobs.read(target.id);
    if (bytes === null) this.leftOut.push({ path: entry.path, why: "its content is not in the repository" });
    else if (isLfsPointer(bytes)) this.leftOut.push({ path: entry.path, why: "kept by Git LFS: its content is not in the repository" });
    else this.files.push([entry.path, isUtf8(bytes) ? bytes.toString("utf8") : new Uint8Array(bytes)]);
  }

  /** The file that a link points to, in the same commit; null if it leads out of the tree, to a folder or in a circle. */
  private async linked(start: Entry): Promise<Entry | null> {
    let entry: Entry = start;
    for (let hops = 0; hops < 8 && entry.mode === "120000"; hops++) {
      const text = (await this.blobs.read(entry.id))?.toString("utf8") ?? "";
      const path = posix.join(posix.dirname(entry.path), text);
      const next = text.startsWith("/") || !isPlainPath(path) ? undefined : this.byPath.get(path);
      if (!next) return null;
      entry = next;
    }
    return entry.mode === "120000" ? null : entry;
  }
}
