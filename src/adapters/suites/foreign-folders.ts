// Reads task folders from elsewhere: bounded in depth, number and bytes, without following links.
import { isUtf8 } from "node:buffer";
import { lstat, readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { isPlainPath } from "../../core/base/glob.ts";
import { isBuildOutput } from "../../core/suite/build-output.ts";
import type { Content } from "../../core/text/edit.ts";
import type { ForeignFolder, ForeignTasks } from "../../ports/suites.ts";

const MAX_FOLDERS = 5000;
const MAX_DEPTH = 6;
const MAX_FILES = 2000;
const MAX_PARTS = 30;
const MAX_FILE_BYTES = 5_000_000;
const MAX_BYTES = 50_000_000;

export const foreignTasks: ForeignTasks = { folders: readFolders, text: readText };

async function readFolders(root: string, marks: readonly string[]): Promise<readonly ForeignFolder[]> {
  const info = await lstat(root).catch(() => null);
  if (!info?.isDirectory()) throw new BakeoffError("usage", `${root} is not a folder`, "name a task's folder, or one that holds several");
  const found: string[] = [];
  let seen = 0;
  const search = async (folder: string, depth: number): Promise<void> => {
    seen += 1;
    if (seen > MAX_FOLDERS) throw new BakeoffError("usage", `${root} holds more than ${MAX_FOLDERS} folders`, "import it in parts");
    if (await hasMark(folder, marks)) return void found.push(folder);
    if (depth >= MAX_DEPTH) return;
    for (const entry of (await readdir(folder, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      // No task lies in what a tool has written, whatever it holds.
      if (entry.isDirectory() && ![".git", "target", "node_modules"].includes(entry.name)) await search(join(folder, entry.name), depth + 1);
    }
  };
  await search(root, 0);
  return Promise.all(found.map(async (folder) => ({ name: basename(folder), ...(await readFolder(folder)) })));
}

async function hasMark(folder: string, marks: readonly string[]): Promise<boolean> {
  const infos = await Promise.all(marks.map((mark) => lstat(join(folder, mark)).catch(() => null)));
  return infos.some((info) => info?.isFile() === true);
}

class FolderFault extends Error {}

async function readFolder(root: string): Promise<Omit<ForeignFolder, "name">> {
  const reading = new FolderReading(root);
  try {
    await reading.walk("");
    return { tree: new Map(reading.files.toSorted(([a], [b]) => (a < b ? -1 : 1))), why: "" };
  } catch (error) {
    if (error instanceof FolderFault) return { tree: null, why: error.message };
    throw error;
  }
}

class FolderReading {
  readonly files: [string, Content][] = [];
  private bytes = 0;
  private readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  async walk(folder: string): Promise<void> {
    const entries = await readdir(join(this.root, folder), { withFileTypes: true });
    if (isBuildOutput(folder, entries)) return;
    for (const entry of entries) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (!isPlainPath(path)) throw new FolderFault("a name in it can't be used");
      if (path.split("/").length > MAX_PARTS) throw new FolderFault("its folders are too deep");
      if (entry.isDirectory()) await this.walk(path);
      else if (entry.isFile()) this.files.push([path, await this.read(path)]);
      else throw new FolderFault(`${path} is a link or a device`);
    }
  }

  private async read(path: string): Promise<Content> {
    const { size } = await lstat(join(this.root, path));
    this.bytes += size;
    if (size > MAX_FILE_BYTES || this.bytes > MAX_BYTES || this.files.length >= MAX_FILES) throw new FolderFault(`it is too large (at ${path})`);
    const content = await readFile(join(this.root, path));
    return isUtf8(content) ? content.toString("utf8") : new Uint8Array(content);
  }
}

const MAX_TEXT_BYTES = 500_000_000;

async function readText(path: string): Promise<string> {
  const info = await lstat(path).catch(() => null);
  if (!info?.isFile()) throw new BakeoffError("usage", `${path} is not a file`, "name a file of JSON lines");
  if (info.size > MAX_TEXT_BYTES) throw new BakeoffError("usage", `${path} is larger than ${MAX_TEXT_BYTES / 1e6} MB`, "split it");
  const bytes = await readFile(path);
  if (!isUtf8(bytes)) throw new BakeoffError("usage", `${path} is not UTF-8`, "convert it to UTF-8");
  return bytes.toString("utf8");
}
