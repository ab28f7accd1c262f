// Parts of file names from a capsule's own names, which anybody may have written.

/** Nothing in it leads out of a folder or hides a file. */
export const fileNamePart = (name: string): string => name.replaceAll(/[^A-Za-z0-9._-]/g, "_").replace(/^\.+/, "_");
