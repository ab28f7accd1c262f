// Trees as git commits whose ids are known before git has seen them, and as a stream for `git fast-import`.
import { gitObjectId } from "../../base/canonical.ts";
import type { Content, Tree } from "../../text/edit.ts";

/** Names, dates and words that never change: the same tree has the same commit everywhere. */
const WHO = "bakeoff <bakeoff@localhost> 0 +0000";

const bytesOf = (content: Content): Buffer => (typeof content === "string" ? Buffer.from(content, "utf8") : Buffer.from(content));

interface Folder {
  readonly files: Map<string, string>;
  readonly folders: Map<string, Folder>;
}

const emptyFolder = (): Folder => ({ files: new Map(), folders: new Map() });

function folderOf(tree: Tree): Folder {
  const root = emptyFolder();
  for (const [path, content] of tree) {
    const parts = path.split("/");
    let folder = root;
    for (const part of parts.slice(0, -1)) {
      const next = folder.folders.get(part) ?? emptyFolder();
      folder.folders.set(part, next);
      folder = next;
    }
    folder.files.set(parts.at(-1) ?? "", gitObjectId("blob", bytesOf(content)));
  }
  return root;
}

/** git orders a folder's entries by bytes, folders as if a slash ended their names. */
function treeId({ files, folders }: Folder): string {
  const entries = [
    ...[...files].map(([name, id]) => ({ key: Buffer.from(name), mode: "100644", name, id })),
    ...[...folders].map(([name, folder]) => ({ key: Buffer.from(`${name}/`), mode: "40000", name, id: treeId(folder) })),
  ].toSorted((a, b) => Buffer.compare(a.key, b.key));
  const parts = entries.flatMap(({ mode, name, id }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, "hex")]);
  return gitObjectId("tree", Buffer.concat(parts));
}

/** The id of the commit that `fastImport` makes of this tree. */
export function commitId(tree: Tree, message: string): string {
  const text = `tree ${treeId(folderOf(tree))}\nauthor ${WHO}\ncommitter ${WHO}\n\n${message}\n`;
  return gitObjectId("commit", Buffer.from(text));
}

const data = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from("\n")]);

/** One commit on a branch of its own, as git fast-import reads it. */
export function fastImport(branch: string, tree: Tree, message: string): Buffer {
  const parts = [Buffer.from(`commit refs/heads/${branch}\nauthor ${WHO}\ncommitter ${WHO}\n`), data(Buffer.from(`${message}\n`)), Buffer.from("deleteall\n")];
  for (const [path, content] of tree) parts.push(Buffer.from(`M 100644 inline ${quotedPath(path)}\n`), data(bytesOf(content)));
  return Buffer.concat([...parts, Buffer.from("\n")]);
}

const quotedPath = (path: string): string => (path.includes('"') ? `"${path.replaceAll('"', String.raw`\"`)}"` : path);
