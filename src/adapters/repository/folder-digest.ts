// Digest of a folder's state: shows whether anything in it was touched, without reading a file.
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Sha256, sha256 } from "../../core/base/canonical.ts";

/** Over path, kind, mode, size and modification time of everything, including `.git`, excluding `target/`. */
export async function folderDigest(root: string): Promise<Sha256> {
  const lines: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      if (entry.name === "target" && entry.isDirectory()) continue;
      const path = join(folder, entry.name);
      const info = await lstat(join(root, path), { bigint: true }).catch(() => null);
      if (info) lines.push(`${path}\u0000${info.mode}\u0000${info.size}\u0000${entry.isDirectory() ? "" : info.mtimeNs}`);
      if (entry.isDirectory()) await walk(path);
    }
  };
  await walk("");
  return sha256(lines.toSorted().join("\n"));
}
