// The log of registrations on disk: appended to under a lock, made durable line by line, never rewritten.
import { open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { shownPath } from "../../core/text/shown-path.ts";
import type { RegistrationLogFile } from "../../ports/registration-log.ts";
import { makeFolder, withDiskErrors } from "../files/disk.ts";
import { lock, unlock } from "./lock.ts";

export const registrationLogFile = (path: string): RegistrationLogFile => ({
  path: shownPath(process.cwd(), path),
  read: () => readLogText(path),
  append: async (lineAfter) => {
    await makeFolder(dirname(path));
    await lock(path);
    try {
      const line = await lineAfter(await readLogText(path));
      await withDiskErrors(path, () => appendDurably(path, `${line}\n`));
      return line;
    } finally {
      await unlock(path);
    }
  },
});

async function readLogText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw new BakeoffError("environment", `${path} can't be read`, "make it readable", { cause: error });
  }
}

async function appendDurably(path: string, text: string): Promise<void> {
  const file = await open(path, "a");
  try {
    await file.appendFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
}
