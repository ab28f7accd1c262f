// The cache of prepared bases on disk: looked up by key, built aside and renamed into place, listed and pruned.
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson } from "../../core/base/canonical.ts";
import { type BaseMeta, baseMeta } from "./base-meta.ts";

export interface StoredBase {
  readonly folder: string;
  readonly meta: BaseMeta;
}

export interface CacheEntry {
  readonly key: string;
  readonly bytes: number;
  readonly lastUsed: Date;
}

/**
 * `<root>/bases/<key>/{meta.json,tree/,starts/}` and `<root>/dependencies/<key>/{target/,used}`; builds in progress are under
 * `<root>/building/`.
 */
export class BaseCache {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** The stored base of a key, marked as used now. Anything unreadable, or with a missing binary, counts as absent. */
  async find(key: string): Promise<StoredBase | null> {
    const folder = join(this.root, "bases", key);
    const text = await readFile(join(folder, "meta.json"), "utf8").catch(() => null);
    if (text === null) return null;
    const meta = baseMeta.safeParse(parseJson(text));
    if (!meta.success || meta.data.key !== key || !(await isWhole(folder, meta.data))) return null;
    const now = new Date();
    await utimes(join(folder, "meta.json"), now, now).catch(() => undefined);
    return { folder, meta: meta.data };
  }

  /** An empty folder to build in, on the same file system as the cache. */
  async workFolder(name: string): Promise<string> {
    const folder = join(this.root, "building", name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** Moves a finished base into place. If another process was faster, its base is kept and this one is discarded. */
  async store(workFolder: string, meta: BaseMeta): Promise<StoredBase> {
    await writeFile(join(workFolder, "meta.json"), canonicalJson(meta));
    const folder = join(this.root, "bases", meta.key);
    await mkdir(join(this.root, "bases"), { recursive: true });
    const moved = await rename(workFolder, folder).then(
      () => true,
      () => false,
    );
    if (moved) return { folder, meta };
    const stored = await this.find(meta.key);
    if (stored) {
      await rm(workFolder, { recursive: true, force: true });
      return stored;
    }
    // A damaged entry is in the way.
    await rm(folder, { recursive: true, force: true });
    await rename(workFolder, folder);
    return { folder, meta };
  }

  /** The folder with the compiled dependencies of a key in `target`, marked as used now; null: there are none. */
  async dependencies(key: string): Promise<string | null> {
    const folder = join(this.root, "dependencies", key);
    const now = new Date();
    return utimes(join(folder, "used"), now, now).then(
      () => folder,
      () => null,
    );
  }

  /** Where the dependencies of a key are compiled, in `tree/target`: what was left there is gone on with. */
  dependencyFolder(key: string): string {
    return join(this.root, "building", `dependencies-${key}`);
  }

  /** Moves dependencies that are compiled into place. */
  async storeDependencies(workFolder: string, key: string): Promise<string> {
    const folder = join(this.root, "dependencies", key);
    // Without its mark it was none.
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await rename(join(workFolder, "tree/target"), join(folder, "target"));
    await rm(workFolder, { recursive: true });
    await writeFile(join(folder, "used"), "");
    return folder;
  }

  /** Bases go by their keys, dependencies as `dependencies/<key>`. */
  async list(): Promise<CacheEntry[]> {
    return [...(await this.entriesOf("bases", "meta.json", "")), ...(await this.entriesOf("dependencies", "used", "dependencies/"))];
  }

  private async entriesOf(kind: string, mark: string, prefix: string): Promise<CacheEntry[]> {
    const keys = await readdir(join(this.root, kind)).catch(() => []);
    return Promise.all(
      keys.toSorted().map(async (key) => {
        const folder = join(this.root, kind, key);
        const lastUsed = await stat(join(folder, mark)).then(
          (info) => info.mtime,
          () => new Date(0),
        );
        return { key: `${prefix}${key}`, bytes: await sizeOf(folder), lastUsed };
      }),
    );
  }

  /** Removes what `list` names so. */
  async remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) await rm(key.startsWith("dependencies/") ? join(this.root, key) : join(this.root, "bases", key), { recursive: true, force: true });
  }

  /** Removes bases not used since `before`, and leftovers of dead builds. */
  async prune(before: Date): Promise<CacheEntry[]> {
    const old = (await this.list()).filter((entry) => entry.lastUsed < before);
    await this.remove(old.map(({ key }) => key));
    for (const name of await readdir(join(this.root, "building")).catch(() => [])) {
      const folder = join(this.root, "building", name);
      const info = await stat(folder).catch(() => null);
      if (info && info.mtime < before) await rm(folder, { recursive: true, force: true });
    }
    return old;
  }
}

/** Do the sources and binaries that a verdict needs exist? */
async function isWhole(folder: string, meta: BaseMeta): Promise<boolean> {
  const paths = ["Cargo.toml", ...meta.hide, ...[...meta.binaries, ...meta.programs].map(({ exe }) => `target/${exe}`)];
  const found = await Promise.all(
    paths.map((path) =>
      stat(join(folder, "tree", path)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.every(Boolean);
}

/** Bytes on disk, without following links. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sizeOf(path);
      return entry.isFile()
        ? stat(path).then(
            (info) => info.blocks * 512,
            () => 0,
          )
        : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
