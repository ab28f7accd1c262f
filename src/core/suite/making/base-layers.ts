// Bases that lie over one another: a suite of many commits holds the first tree whole, and of the others what differs.
import type { Content, Tree } from "../../text/edit.ts";
import type { DraftBase } from "./write.ts";

/** The tree of a base that lies over another one: files of its own, and the other's that it does not remove. */
export function layered(below: Tree, own: Tree, removed: readonly string[]): Tree {
  const gone = new Set(removed);
  const kept = [...below].filter(([path]) => !gone.has(path) && !own.has(path));
  return new Map([...kept, ...own].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Each base but the first as what differs from the one before it, wherever that is less than half of its files. */
export function layerBases(bases: readonly DraftBase[]): DraftBase[] {
  return bases.map((base, index) => {
    const below = bases[index - 1];
    return below ? (layerOver(below, base) ?? base) : base;
  });
}

function layerOver(below: DraftBase, base: DraftBase): DraftBase | null {
  const own = [...base.tree].filter(([path, content]) => !isSame(below.tree.get(path), content));
  if (own.length === 0 || own.length * 2 > base.tree.size) return null;
  const removed = [...below.tree.keys()].filter((path) => !base.tree.has(path));
  return { ...base, tree: new Map(own), from: below.name, removed };
}

function isSame(a: Content | undefined, b: Content): boolean {
  if (typeof a === "string" || typeof b === "string" || a === undefined) return a === b;
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
