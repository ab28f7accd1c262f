// What a Cargo.lock says of packages: which come from elsewhere, and which are the workspace's own.

export interface LockPackages {
  /** Each package that is fetched, as the lock file has it, in an order of our own. */
  readonly fetched: readonly string[];
  /** Names of the packages whose sources lie in the tree. */
  readonly own: readonly string[];
}

/** Versions of the workspace's own packages, and comments, change nothing of what is fetched. */
export function lockPackages(lock: string): LockPackages {
  const packages = lock
    .replaceAll("\r\n", "\n")
    .split(/^\[\[package\]\]\n/m)
    .slice(1)
    .map((text) => text.trim());
  return {
    fetched: packages.filter(isFetched).toSorted(),
    own: [...new Set(packages.filter((text) => !isFetched(text)).flatMap((text) => /^name = "(.+)"$/m.exec(text)?.[1] ?? []))].toSorted(),
  };
}

const isFetched = (text: string): boolean => /^source = /m.test(text);
