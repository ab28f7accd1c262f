// A set of SHA-256 hashes, packed: a million take some 70 MB, where a set of texts would take twice as much, all of it on the heap.
import type { Sha256 } from "./canonical.ts";

const HASH_BYTES = 32;
const EMPTY = 0;
const HELD = 1;
const GONE = 2;

/** Open addressing by the hash's own first bytes. */
export class HashSet {
  private slots = Buffer.alloc(HASH_BYTES * 1024);
  private states = new Uint8Array(1024);
  /** Slots that are not empty, and those that hold a hash. */
  private used = 0;
  private held = 0;
  private readonly wanted = Buffer.alloc(HASH_BYTES);

  get size(): number {
    return this.held;
  }

  add(hash: Sha256): void {
    const slot = this.find(hash);
    if (this.states[slot] === HELD) return;
    this.wanted.copy(this.slots, slot * HASH_BYTES);
    this.states[slot] = HELD;
    this.used += 1;
    this.held += 1;
    if (this.used * 3 > this.states.length * 2) this.rehash();
  }

  has(hash: Sha256): boolean {
    return this.states[this.find(hash)] === HELD;
  }

  delete(hash: Sha256): void {
    const slot = this.find(hash);
    if (this.states[slot] !== HELD) return;
    this.states[slot] = GONE;
    this.held -= 1;
  }

  clear(): void {
    this.begin(1024);
  }

  /** In no order that means anything. */
  *[Symbol.iterator](): Generator<Sha256> {
    for (const [slot, state] of this.states.entries())
      if (state === HELD) yield this.slots.subarray(slot * HASH_BYTES, (slot + 1) * HASH_BYTES).toString("hex");
  }

  /** The slot that holds it, or the empty one where it would go. */
  private find(hash: Sha256): number {
    this.wanted.write(hash, "hex");
    const mask = this.states.length - 1;
    for (let slot = this.wanted.readUInt32BE() & mask; ; slot = (slot + 1) & mask) {
      const state = this.states[slot];
      if (state === EMPTY) return slot;
      if (state === HELD && this.wanted.compare(this.slots, slot * HASH_BYTES, (slot + 1) * HASH_BYTES) === 0) return slot;
    }
  }

  private begin(slots: number): void {
    this.slots = Buffer.alloc(HASH_BYTES * slots);
    this.states = new Uint8Array(slots);
    this.used = 0;
    this.held = 0;
  }

  /** Larger where it is full of hashes; of the same size where it is full of those that went. */
  private rehash(): void {
    const { slots, states, held } = this;
    this.begin(held * 3 > states.length ? states.length * 2 : states.length);
    for (const [slot, state] of states.entries()) if (state === HELD) this.add(slots.subarray(slot * HASH_BYTES, (slot + 1) * HASH_BYTES).toString("hex"));
  }
}
