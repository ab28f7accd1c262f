// Where a file that is written whole has to appear: behind a link, or in a device or pipe itself, which no file may replace.
import { realpathSync, statSync } from "node:fs";

export interface Destination {
  readonly path: string;
  /** A device or a pipe: it is written to as it stands. */
  readonly isStream: boolean;
}

export function destinationOf(path: string): Destination {
  const info = statSync(path, { throwIfNoEntry: false });
  if (info === undefined || info.isDirectory()) return { path, isStream: false };
  // An open file's name there is none that a rename could give.
  if (!info.isFile() || /^\/(dev|proc)\//.test(path)) return { path, isStream: true };
  return { path: realpathSync(path), isStream: false };
}
