// Folders that tools write: cargo's output, installed packages, and our own home. A folder that is only called like one belongs to the sources.

/** The folder that `bakeoff init` makes in a repository, and the file by which it is known. */
export const HOME_NAME = "bakeoff";
export const HOME_POLICY = "policy/model_policy.toml";

/** Files by which such a folder is known, by the folder's name. */
const MARKS: Readonly<Record<string, readonly string[]>> = {
  target: ["CACHEDIR.TAG", ".rustc_info.json"],
  node_modules: [".package-lock.json", ".modules.yaml", ".yarn-integrity"],
};

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Is this folder (its path below the base) written by a tool? `entries`: what it holds. Cargo builds in the topmost `target`. */
export function isBuildOutput(path: string, entries: readonly { readonly name: string }[]): boolean {
  if (path === "target" || path === ".git" || path.endsWith("/.git")) return true;
  return (MARKS[nameOf(path)] ?? []).some((mark) => entries.some(({ name }) => name === mark));
}

/** The folder whose home this file makes it; null for any other file. Suites in it hold solutions, and reports change with every run. */
export function homeOf(path: string): string | null {
  const mark = `${HOME_NAME}/${HOME_POLICY}`;
  return path === mark || path.endsWith(`/${mark}`) ? path.slice(0, -HOME_POLICY.length - 1) : null;
}

/** Tells of files by their paths alone whether they lie in such a folder. */
export function buildOutputOf(paths: readonly string[]): (path: string) => boolean {
  const folders = new Set(["target", ".git"]);
  for (const path of paths) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    if (isBuildOutput(folder, [{ name: nameOf(path) }])) folders.add(folder);
    const home = homeOf(path);
    if (home !== null) folders.add(home);
  }
  return (path) => {
    const parts = path.split("/");
    return parts.includes(".git") || parts.some((_, index) => index > 0 && folders.has(parts.slice(0, index).join("/")));
  };
}
