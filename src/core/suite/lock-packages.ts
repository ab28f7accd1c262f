// What a Cargo.lock says of packages: which come from elsewhere, and which are the workspace's own.

export interface LockPackages {
  /** Each package that is fetched, as the lock file has it, in an order of our own. */
  readonly fetched: readonly string[];
  /** Names of the packages whose sources lie in the tree. */
  readonly own: readonly string[];
  /** Where packages, and patches that nothing uses, are fetched from, as the lock file names them: registries, and repositories at a commit. */
  readonly sources: readonly string[];
  /** Patches that nothing uses, from elsewhere: cargo still looks for them. */
  readonly unused: readonly { readonly name: string; readonly version: string }[];
}

/** Versions of the workspace's own packages, and comments, change nothing of what is fetched. */
export function lockPackages(lock: string): LockPackages {
  const tables = lock.replaceAll("\r\n", "\n").split(/^(?=\[)/m);
  const packages = tables.filter((text) => text.startsWith("[[package]]\n")).map((text) => text.slice("[[package]]\n".length).trim());
  return {
    fetched: packages.filter(isFetched).toSorted(),
    own: [...new Set(packages.filter((text) => !isFetched(text)).flatMap((text) => /^name = "(.+)"$/m.exec(text)?.[1] ?? []))].toSorted(),
    unused: tables.flatMap((text) => {
      const [, name, version] = /^\[\[patch\.unused\]\]\nname = "([\w-]+)"\nversion = "([\w.+-]+)"\nsource = /.exec(text) ?? [];
      return name === undefined || version === undefined ? [] : [{ name, version }];
    }),
    sources: [...new Set(tables.flatMap((text) => SOURCE.exec(text)?.[1] ?? []))].toSorted(),
  };
}

const SOURCE = /^source = "(.+)"$/m;

const isFetched = (text: string): boolean => SOURCE.test(text);
