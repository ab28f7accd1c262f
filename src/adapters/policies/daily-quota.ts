// A daily quota across runs and processes: a file per day, with one appended line per use.
import { randomBytes } from "node:crypto";
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../files/disk.ts";

export interface DailyQuota {
  /** Takes one use of the day; false if none is left. Days are UTC, `YYYY-MM-DD`. */
  take(day: string): Promise<boolean>;
}

const FORMAT = "1";

/**
 * Appending in one write and then looking up one's own position needs no lock: of two concurrent uses, one is before the other in
 * the file. A refused use leaves its line, which changes nothing for later ones.
 */
export function openDailyQuota(folder: string, perDay: number): DailyQuota {
  return {
    take: async (day) => {
      await makeFolder(folder);
      const path = join(folder, `${day}.v${FORMAT}.log`);
      const token = randomBytes(12).toString("hex");
      await appendFile(path, `${token}\n`);
      const place = (await readFile(path, "utf8")).split("\n").indexOf(token);
      return place >= 0 && place < perDay;
    },
  };
}
