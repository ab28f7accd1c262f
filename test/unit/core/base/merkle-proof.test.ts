// Inclusion proofs for every leaf of every small tree, and none for anything else.
import { describe, expect, it } from "vitest";
import { createHash } from "node:crypto";
import { leafHash, merkleRoot, nodeHash, openMerkle } from "../../../../src/core/base/canonical.ts";
import { inclusionPath, LeafHashes, provenRoot } from "../../../../src/core/base/merkle-proof.ts";
import { createRandom } from "../../../../src/core/base/random.ts";

const treeOf = (size: number) => {
  const leaves = Array.from({ length: size }, (_, index) => `leaf ${index}`);
  const hashes = new LeafHashes();
  for (const leaf of leaves) hashes.add(leaf);
  return { leaves, hashes, root: merkleRoot(leaves) };
};

describe("inclusion proofs", () => {
  it("lead every leaf of trees of 1 to 70 leaves to the root, by no more hashes than the tree is high", () => {
    for (let size = 1; size <= 70; size += 1) {
      const { leaves, hashes, root } = treeOf(size);
      for (const [index, leaf] of leaves.entries()) {
        const path = inclusionPath(hashes, index);
        expect(provenRoot({ leaf, index, treeSize: size, path })).toBe(root);
        expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
      }
    }
  });

  it("lead nothing else there: another leaf, place, size, or path", () => {
    const random = createRandom("proofs");
    for (let count = 0; count < 300; count += 1) {
      const size = 2 + random.int(40);
      const { leaves, hashes, root } = treeOf(size);
      const index = random.int(size);
      const path = inclusionPath(hashes, index);
      const proof = { leaf: leaves[index] ?? "", index, treeSize: size, path };
      const wrong = [
        { ...proof, leaf: "another" },
        { ...proof, index: (index + 1 + random.int(size - 1)) % size },
        { ...proof, index: size },
        { ...proof, path: path.slice(1) },
        { ...proof, path: [...path, "0".repeat(64)] },
        { ...proof, path: path.with(random.int(path.length), "f".repeat(64)) },
      ];
      for (const one of wrong) expect(provenRoot(one)).not.toBe(root);
    }
  });

  it("are those of RFC 6962's own example of seven leaves", () => {
    const { hashes } = treeOf(7);
    const [a, b, c, d, e, f, j] = Array.from({ length: 7 }, (_, index) => hashes.at(index)) as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];
    const [g, h, i] = [nodeHash(a, b), nodeHash(c, d), nodeHash(e, f)];
    const [k, l] = [nodeHash(g, h), nodeHash(i, j)];
    const hex = (...nodes: Buffer[]): string[] => nodes.map((node) => node.toString("hex"));
    expect(inclusionPath(hashes, 0)).toEqual(hex(b, h, l));
    expect(inclusionPath(hashes, 3)).toEqual(hex(c, g, l));
    expect(inclusionPath(hashes, 4)).toEqual(hex(f, j, k));
    expect(inclusionPath(hashes, 6)).toEqual(hex(i, k));
  });
});

describe("leaf hashes", () => {
  it("are SHA-256 of a zero byte and the leaf, for any size and as text or bytes", () => {
    for (const leaf of ["", "a", "ü\u2028😀", "x".repeat(21_845), "x".repeat(70_000), "😀".repeat(20_000)]) {
      const expected = createHash("sha256").update(Buffer.of(0)).update(leaf).digest("hex");
      expect(leafHash(leaf).toString("hex")).toBe(expected);
      expect(leafHash(Buffer.from(leaf)).toString("hex")).toBe(expected);
    }
  });

  it("grow to any number", () => {
    const { hashes, root, leaves } = treeOf(3000);
    const tree = openMerkle();
    for (const leaf of leaves) tree.add(Buffer.from(leaf));
    expect(hashes.size).toBe(3000);
    expect(tree.root()).toBe(root);
  });
});
