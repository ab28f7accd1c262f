// Text files on disk, for commands that only read or write one.
import { appendFile } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { readLineList } from "../../../adapters/files/line-list-file.ts";
import { diskTexts } from "../../../adapters/files/text-files.ts";
import { withDiskErrors } from "../../../adapters/files/disk.ts";
import { BakeoffError } from "../../../core/base/errors.ts";
import type { TextFiles } from "../../../ports/text-files.ts";
import type { Places } from "../../places.ts";

/** Texts of a user's: what belongs to the package is read only, unless the package is the home (a clone). Throws `usage`. */
export const homeTexts = ({ packageRoot, home, calledAs }: Pick<Places, "packageRoot" | "home" | "calledAs">): TextFiles => ({
  ...diskTexts,
  write: async (path, text) => {
    if (home !== packageRoot && resolve(path).startsWith(`${packageRoot}${sep}`))
      throw new BakeoffError("usage", `${path} comes with the package and is read only`, `make a policy of your own: ${calledAs} init`);
    await diskTexts.write(path, text);
  },
});

export const diskTextsOf = (): Pick<TextFiles, "write"> => diskTexts;

/** Throws `usage` where it holds nothing. `what` names what it should hold. */
export const readLines = (path: string, what: string): Promise<readonly string[]> => readLineList(path, what);

/** Throws `environment` where the disk refuses. */
export const appendText = (path: string, text: string): Promise<void> => withDiskErrors(path, () => appendFile(path, text));
