// Text files on disk, for commands that only read or write one.
import { appendFile } from "node:fs/promises";
import { readLineList } from "../../adapters/files/line-list-file.ts";
import { diskTexts } from "../../adapters/files/text-files.ts";
import { withDiskErrors } from "../../adapters/files/disk.ts";
import type { TextFiles } from "../../ports/text-files.ts";

export const diskTextsOf = (): Pick<TextFiles, "write"> => diskTexts;

/** Throws `usage` where it holds nothing. `what` names what it should hold. */
export const readLines = (path: string, what: string): Promise<readonly string[]> => readLineList(path, what);

/** Throws `environment` where the disk refuses. */
export const appendText = (path: string, text: string): Promise<void> => withDiskErrors(path, () => appendFile(path, text));
