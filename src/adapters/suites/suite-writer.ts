// Writes a suite's files into a staging folder and renames it, so that nobody ever sees half a suite.
import { randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import type { SuiteWriter } from "../../ports/repository.ts";
import { makeFolder, withDiskErrors } from "../files/disk.ts";

export const suiteWriter: SuiteWriter = {
  free: async (folder) => {
    const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? [] : [error.code ?? ""]));
    if (names.length > 0) throw new BakeoffError("usage", `${folder} exists already`, "name another folder with --out, or remove it");
  },
  write: async (folder, files) => {
    await makeFolder(dirname(folder));
    const fresh = `${folder}.${randomBytes(4).toString("hex")}.new`;
    await withDiskErrors(folder, async () => {
      try {
        for (const [path, content] of files) {
          await mkdir(dirname(join(fresh, path)), { recursive: true });
          await writeFile(join(fresh, path), content);
        }
        await rename(fresh, folder);
      } catch (error) {
        await rm(fresh, { recursive: true, force: true });
        throw error;
      }
    });
  },
};
