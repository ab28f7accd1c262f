// A path as people are shown it.
import { relative } from "node:path";

/** As seen from a folder; both absolute. It can be given to any program: it begins with no dash. */
export const shownPath = (folder: string, path: string): string => (relative(folder, path) || path).replace(/^-/, "./-");
