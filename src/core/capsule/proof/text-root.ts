// The root over a capsule's texts as they are stored: their hashes, their sizes, and the very form that each was written in.
import { openMerkle, type Sha256, sha256 } from "../../base/canonical.ts";

/** RFC 6962 § 2.1 over a line a text, in the order of the capsule. */
export interface TextRoot {
  /** `bytes`: of the text in UTF-8; `data`: see `dataHash`. */
  add(hash: Sha256, bytes: number, data: Sha256): void;
  root(): Sha256;
}

/** SHA-256 of a text's deflated form as its line holds it, in base64. */
export const dataHash = (data: string): Sha256 => sha256(data);

export function openTextRoot(): TextRoot {
  const tree = openMerkle();
  return { add: (hash, bytes, data) => tree.add(`${hash} ${bytes} ${data}`), root: () => tree.root() };
}
