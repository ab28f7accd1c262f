// Digest of a folder's state: shows whether anything in it was touched, without reading a file.
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { HOME_NAME, HOME_POLICY } from "../../core/suite/build-output.ts";
import { type Sha256, sha256 } from "../../core/base/canonical.ts";

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Over path, kind, mode, size and modification time of everything, including `.git`, excluding `target/` and our own home. */
export async function folderDigest(root: string): Promise<Sha256> {
  const lines: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      if (entry.name === "target" && entry.isDirectory()) continue;
      const path = join(folder, entry.name);
      if (entry.name === HOME_NAME && (await isThere(join(root, path, HOME_POLICY)))) continue;
      const info = await lstat(join(root, path), { bigint: true }).catch(() => null);
      if (info) lines.push(`${path}\u0000${info.mode}\u0000${info.size}\u0000${entry.isDirectory() ? "" : info.mtimeNs}`);
      if (entry.isDirectory()) await walk(path);
    }
  };
  await walk("");
  return sha256(lines.toSorted().join("\n"));
}
