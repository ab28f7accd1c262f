// What lies in the cache of prepared bases, and which of it goes: what was not used for long, and what is beyond a size, oldest first.
import { BakeoffError } from "../../core/base/errors.ts";

export interface CachedBase {
  readonly key: string;
  readonly bytes: number;
  readonly lastUsed: Date;
}

export interface CachePorts {
  readonly root: string;
  readonly now: () => Date;
  readonly list: () => Promise<readonly CachedBase[]>;
  readonly remove: (keys: readonly string[]) => Promise<void>;
}

export interface CacheFacts {
  readonly root: string;
  readonly bytes: number;
  /** Last used last. */
  readonly bases: readonly CachedBase[];
}

export interface CachePruneRequest {
  /** Bases that were not used for so many days go; null: none for their age. */
  readonly days: number | null;
  /** The most that may stay, in bytes; null: any. */
  readonly maxBytes: number | null;
  /** false: it is only said which would go. */
  readonly confirmed: boolean;
}

const DAY_MS = 86_400_000;

export async function listCache({ root, list }: Pick<CachePorts, "root" | "list">): Promise<CacheFacts> {
  const bases = (await list()).toSorted((one, other) => one.lastUsed.getTime() - other.lastUsed.getTime());
  return { root, bytes: sizeOf(bases), bases };
}

/** Gives what goes. Throws `usage` where nothing says what is to go. */
export async function pruneCache(ports: CachePorts, { days, maxBytes, confirmed }: CachePruneRequest): Promise<readonly CachedBase[]> {
  if (days === null && maxBytes === null) throw new BakeoffError("usage", "nothing says what is to go", "--days N, --max-size 20GB, or both");
  const { bases } = await listCache(ports);
  const before = days === null ? Number.NEGATIVE_INFINITY : ports.now().getTime() - days * DAY_MS;
  const old = bases.filter(({ lastUsed }) => lastUsed.getTime() < before);
  const young = bases.filter((base) => !old.includes(base));
  const gone = [...old, ...beyond(young, maxBytes)];
  if (confirmed) await ports.remove(gone.map(({ key }) => key));
  return gone;
}

/** The oldest, as many as must go for the rest to fit. */
function beyond(bases: readonly CachedBase[], maxBytes: number | null): readonly CachedBase[] {
  if (maxBytes === null) return [];
  const count = bases.findIndex((_, index) => sizeOf(bases.slice(index)) <= maxBytes);
  return count < 0 ? bases : bases.slice(0, count);
}

const sizeOf = (bases: readonly CachedBase[]): number => bases.reduce((sum, { bytes }) => sum + bytes, 0);
