// Text files on disk.
import { access, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { shownPath } from "../../core/text/shown-path.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import { makeFolder, replaceFile } from "./disk.ts";

export const diskTexts: TextFiles = {
  read: (path) => readFile(path, "utf8").catch(() => null),
  write: replace,
  writeBytes: replace,
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
  shown: (path) => shownPath(process.cwd(), path),
};

async function replace(path: string, content: string | Uint8Array): Promise<void> {
  await makeFolder(dirname(path));
  await replaceFile(path, content);
}
