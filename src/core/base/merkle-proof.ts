// Inclusion proofs of a Merkle tree (RFC 6962 § 2.1.1): that a leaf is part of the tree with a given root.
import { leafHash, nodeHash, type Sha256 } from "./canonical.ts";

/** Hashes of the leaves of a tree in order, 32 bytes each, in one growing buffer. */
export class LeafHashes {
  private bytes = Buffer.alloc(32 * 1024);
  private count = 0;

  add(leaf: string | Uint8Array): void {
    if ((this.count + 1) * 32 > this.bytes.length) this.bytes = Buffer.concat([this.bytes], this.bytes.length * 2);
    leafHash(leaf).copy(this.bytes, this.count * 32);
    this.count += 1;
  }

  get size(): number {
    return this.count;
  }

  at(index: number): Buffer {
    return this.bytes.subarray(index * 32, index * 32 + 32);
  }
}

/** PATH(m, D[n]): the sibling hashes on the path from leaf `index` to the root, lowest first, as lowercase hex. */
export function inclusionPath(leaves: LeafHashes, index: number): readonly Sha256[] {
  const path: Sha256[] = [];
  let [from, to] = [0, leaves.size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      path.push(rootOf(leaves, middle, to).toString("hex"));
      to = middle;
    } else {
      path.push(rootOf(leaves, from, middle).toString("hex"));
      from = middle;
    }
  }
  return path.toReversed();
}

/** The largest power of two smaller than n (RFC 6962: k). */
function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function rootOf(leaves: LeafHashes, from: number, to: number): Buffer {
  if (to - from === 1) return leaves.at(from);
  const middle = from + splitOf(to - from);
  return nodeHash(rootOf(leaves, from, middle), rootOf(leaves, middle, to));
}

export interface Inclusion {
  /** The leaf itself. */
  readonly leaf: string;
  /** 0-based. */
  readonly index: number;
  readonly treeSize: number;
  readonly path: readonly Sha256[];
}

/** The root that a proof leads to (RFC 9162 § 2.1.3.2); null if it is not a proof for a tree of that size. */
export function provenRoot({ leaf, index, treeSize, path }: Inclusion): Sha256 | null {
  if (index >= treeSize) return null;
  let [fn, sn] = [index, treeSize - 1];
  let hash = leafHash(leaf);
  for (const beside of path) {
    if (sn === 0) return null;
    const sibling = Buffer.from(beside, "hex");
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else hash = nodeHash(hash, sibling);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 ? hash.toString("hex") : null;
}
