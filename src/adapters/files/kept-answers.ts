// A folder of kept answers, read by its owner alone; what lies in it may be anybody's.
import { chmod, lstat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { canonicalJson } from "../../core/base/canonical.ts";
import type { OpenKeptAnswers } from "../../ports/kept-answers.ts";
import { readBoundedJson } from "./bounded-json.ts";
import { makeFolder, replaceFile, withDiskErrors } from "./disk.ts";

/** Longer than any answer that a stream may bring, reasoning included. */
const MOST_BYTES = 64 * 1024 * 1024;
const ONLY_OWNER = 0o700;

/** `<folder>/<two digits>/<key>.json` */
export const openKeptAnswers: OpenKeptAnswers = async (folder) => {
  const place = (key: string): string => join(folder, key.slice(0, 2), `${key}.json`);
  await makeFolder(folder);
  // Prompts are not in it, but what models said of a private repository is.
  await withDiskErrors(folder, () => chmod(folder, ONLY_OWNER));
  return {
    find: async (key) => {
      const path = place(key);
      const info = await lstat(path).catch(() => null);
      if (info === null) return null;
      // A pipe would keep the run waiting, and a link may lead anywhere.
      if (!info.isFile()) throw new BakeoffError("integrity", `${path} is no plain file`, "take it away");
      return readBoundedJson(path, MOST_BYTES);
    },
    keep: async (key, entry) => {
      const path = place(key);
      await makeFolder(dirname(path));
      await replaceFile(path, `${canonicalJson(entry)}\n`);
    },
  };
};
