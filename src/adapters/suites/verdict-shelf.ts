// Stores small results in the cache folder, one file each, so that an interrupted command finds them again.
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Shelf } from "../../ports/repository.ts";

/** `<root>/shelf/<two digits>/<key>.json`; a damaged file is the reader's to refuse. */
export function openShelf(root: string): Shelf {
  const place = (key: string) => join(root, "shelf", key.slice(0, 2), `${key}.json`);
  return {
    find: (key) => readFile(place(key), "utf8").catch(() => null),
    keep: async (key, text) => {
      const file = place(key);
      await mkdir(dirname(file), { recursive: true });
      // Written beside and renamed: a killed process leaves no partial result.
      const fresh = `${file}.${randomBytes(6).toString("hex")}`;
      await writeFile(fresh, text);
      await rename(fresh, file);
    },
  };
}
