// Where each text of a capsule is in its file: hash and position, packed, so that a million take tens of megabytes.
import type { Sha256 } from "../../core/base/canonical.ts";
import type { LineRange } from "./lines.ts";

const HASH_BYTES = 32;

/** Texts are added in any order, possibly repeatedly; those of a sealed capsule are already sorted. */
export class TextIndex {
  private hashes: Buffer = Buffer.alloc(HASH_BYTES * 1024);
  private places: Float64Array = new Float64Array(2 * 1024);
  private count = 0;
  private isSorted = true;

  add(hash: Sha256, { offset, bytes }: LineRange): void {
    if (this.count * HASH_BYTES === this.hashes.length) this.grow();
    this.hashes.write(hash, this.count * HASH_BYTES, "hex");
    this.places[2 * this.count] = offset;
    this.places[2 * this.count + 1] = bytes;
    if (this.count > 0 && this.compare(this.count - 1, this.hashAt(this.count)) > 0) this.isSorted = false;
    this.count += 1;
  }

  find(hash: Sha256): LineRange | null {
    const index = this.indexOf(hash);
    return index === null ? null : this.placeAt(index);
  }

  get size(): number {
    return this.count;
  }

  /** The places of all, by hash. */
  *entries(): Generator<LineRange> {
    if (!this.isSorted) this.sort();
    for (let index = 0; index < this.count; index += 1) yield this.placeAt(index);
  }

  /** Which of the `entries` it is; null where it is none. */
  indexOf(hash: Sha256): number | null {
    if (!this.isSorted) this.sort();
    const wanted = Buffer.from(hash, "hex");
    const start = wanted.readUInt32BE();
    let [low, high] = [0, this.count - 1];
    while (low <= high) {
      const middle = (low + high) >>> 1;
      // Four bytes distinguish most hashes.
      const order = this.hashes.readUInt32BE(middle * HASH_BYTES) - start || this.compare(middle, wanted);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return null;
  }

  /** What lies at a place lies elsewhere now. */
  move(movedTo: (offset: number) => number): void {
    for (let index = 0; index < this.count; index += 1) this.places[2 * index] = movedTo(this.places[2 * index] ?? 0);
  }

  /** As bytes, sorted; `unpack` reads them. */
  pack(): Buffer {
    if (!this.isSorted) this.sort();
    const places = this.places.subarray(0, 2 * this.count);
    return Buffer.concat([this.hashes.subarray(0, HASH_BYTES * this.count), Buffer.from(places.buffer, places.byteOffset, places.byteLength)]);
  }

  /** Of bytes that `pack` gave. */
  static unpack(bytes: Buffer): TextIndex {
    const index = new TextIndex();
    index.count = bytes.length / (HASH_BYTES + 2 * Float64Array.BYTES_PER_ELEMENT);
    index.hashes = bytes.subarray(0, HASH_BYTES * index.count);
    const begin = bytes.byteOffset + index.hashes.length;
    // A small file's bytes may begin anywhere in a larger buffer: then they are copied.
    const isAligned = begin % Float64Array.BYTES_PER_ELEMENT === 0;
    index.places = isAligned
      ? new Float64Array(bytes.buffer, begin, 2 * index.count)
      : new Float64Array(Uint8Array.from(bytes.subarray(index.hashes.length)).buffer);
    return index;
  }

  private placeAt(index: number): LineRange {
    return { offset: this.places[2 * index] ?? 0, bytes: this.places[2 * index + 1] ?? 0 };
  }

  private hashAt(index: number): Buffer {
    return this.hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
  }

  private compare(index: number, hash: Buffer): number {
    return Buffer.compare(this.hashAt(index), hash);
  }

  private grow(): void {
    const [hashes, places] = [Buffer.alloc(this.hashes.length * 2), new Float64Array(this.places.length * 2)];
    this.hashes.copy(hashes);
    places.set(this.places);
    [this.hashes, this.places] = [hashes, places];
  }

  private sort(): void {
    const order = Array.from({ length: this.count }, (_, index) => index).toSorted((a, b) => this.compare(a, this.hashAt(b)));
    const [hashes, places] = [Buffer.alloc(this.hashes.length), new Float64Array(this.places.length)];
    for (const [place, from] of order.entries()) {
      this.hashAt(from).copy(hashes, place * HASH_BYTES);
      places.set(this.places.subarray(2 * from, 2 * from + 2), 2 * place);
    }
    [this.hashes, this.places, this.isSorted] = [hashes, places, true];
  }
}
