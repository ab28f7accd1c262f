// The one home of hashing: RFC 8785 canonical JSON, SHA-256, and the RFC 6962 Merkle root.
import { createHash, hash } from "node:crypto";
import canonicalize from "canonicalize";
import { BakeoffError } from "./errors.ts";

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Lowercase hex SHA-256. */
export type Sha256 = string;

export function sha256(data: string | Uint8Array): Sha256 {
  return hash("sha256", data, "hex");
}

/** The id that git gives an object of this kind and content: SHA-1 over kind, length and bytes. */
export function gitObjectId(kind: "blob" | "tree" | "commit", content: Uint8Array): string {
  return createHash("sha1").update(`${kind} ${content.length}\0`).update(content).digest("hex");
}

/**
 * RFC 8785 text of a JSON value. Throws for what the format cannot hold (functions, NaN, lone surrogates) instead of writing
 * something else in its place; `undefined` members are left out, as JSON.stringify does.
 */
export function canonicalJson(value: unknown): string {
  const names = { plain: true };
  const copy = ordered(value, names);
  if (copy === NOT_JSON) throw notJson(value);
  // Members that are already in order are written in order; where the engine has its own order, the library sorts.
  const text = names.plain ? JSON.stringify(copy) : (canonicalize as unknown as (input: unknown) => string | undefined)(copy);
  if (text === undefined) throw new BakeoffError("invariant", "not a JSON value");
  return text;
}

/** Set to false when a member has a name that engines put first (numbers), or don't treat as a member (`__proto__`). */
interface Names {
  plain: boolean;
}

/** SHA-256 of the canonical JSON. */
export function hashOf(value: unknown): Sha256 {
  return sha256(canonicalJson(value));
}

/** In place of a copy, where something in the value can't be written. */
const NOT_JSON = Symbol("not JSON");

/** What JSON has nothing for, or null; items and members are not looked at. */
function faultOf(value: unknown): string | null {
  switch (typeof value) {
    case "string":
      return value.isWellFormed() ? null : "a lone surrogate";
    case "number":
      return Number.isFinite(value) ? null : "a number that is not finite";
    case "boolean":
      return null;
    case "object":
      return value === null || Array.isArray(value) || isPlain(value) ? null : "an object that is not plain";
    default:
      return typeof value;
  }
}

/** A Map, a Date or a Buffer has no members that show its content. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A copy with all members in order. */
function ordered(value: unknown, names: Names): unknown {
  if (faultOf(value) !== null) return NOT_JSON;
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? orderedItems(value, names) : orderedMembers(value as Readonly<Record<string, unknown>>, names);
}

function orderedItems(items: readonly unknown[], names: Names): unknown {
  const copy = Array.from(items, (item) => ordered(item, names));
  return copy.includes(NOT_JSON) ? NOT_JSON : copy;
}

function orderedMembers(members: Readonly<Record<string, unknown>>, names: Names): unknown {
  const keys = orderedKeys(members);
  const odd = keys.some(isOddName);
  if (odd) names.plain = false;
  const copy: Record<string, unknown> = {};
  for (const key of keys) {
    const member = members[key];
    if (member === undefined) continue;
    const own = key.isWellFormed() ? ordered(member, names) : NOT_JSON;
    if (own === NOT_JSON) return NOT_JSON;
    // An assignment to `__proto__` would make no member.
    if (odd) Object.defineProperty(copy, key, { value: own, enumerable: true });
    else copy[key] = own;
  }
  return copy;
}

/** By UTF-16 code units, as RFC 8785 § 3.2.3 requires and Array.sort does by default; most members are written in order. */
function orderedKeys(members: object): readonly string[] {
  const keys = Object.keys(members);
  for (let index = 1; index < keys.length; index += 1) if ((keys[index - 1] as string) > (keys[index] as string)) return keys.toSorted();
  return keys;
}

function isOddName(name: string): boolean {
  const first = name.charCodeAt(0);
  return (first >= 48 && first <= 57) || name === "__proto__";
}

/** Tells where it is: looked for only once it is known to be there. */
function notJson(value: unknown, path = "$"): BakeoffError {
  const fault = faultOf(value);
  if (fault !== null) return new BakeoffError("invariant", `${path} holds ${fault}, which JSON cannot`);
  for (const [key, member] of Object.entries(value as object)) {
    const way = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`;
    if (!key.isWellFormed()) return notJson(key, path);
    if (member !== undefined && ordered(member, { plain: true }) === NOT_JSON) return notJson(member, way);
  }
  return new BakeoffError("invariant", `${path} holds what JSON cannot`);
}

/**
 * Is this text the RFC 8785 form of the value that it parses to? Cheaper than writing that form: if parsing kept the order and
 * JSON.stringify gives the same text, it is canonical.
 */
export function isCanonical(text: string, value: unknown): boolean {
  // JSON.stringify escapes lone surrogates; canonical JSON can't hold them.
  const plain = !text.includes("\\ud") && !text.includes("\\uD") && JSON.stringify(value) === text && hasSortedKeys(value);
  return plain || canonicalJson(value) === text;
}

function hasSortedKeys(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(hasSortedKeys);
  let last: string | null = null;
  // A list of its members would cost as much again; what was read of JSON has none but its own.
  for (const key in value) {
    if ((last !== null && key <= last) || !hasSortedKeys((value as Readonly<Record<string, unknown>>)[key])) return false;
    last = key;
  }
  return true;
}

const LEAF = 0;
const NODE = 1;

/** Hashing a short text in one call costs half of what a hash object does; texts that fit into this buffer are hashed that way. */
const scratch = Buffer.allocUnsafe(1 << 16);

/** RFC 6962 § 2.1: the hash of a leaf. */
export function leafHash(leaf: string | Uint8Array): Buffer {
  // A UTF-16 unit takes at most three bytes.
  if (leaf.length * 3 >= scratch.length) return createHash("sha256").update(Buffer.of(LEAF)).update(leaf).digest();
  scratch[0] = LEAF;
  const bytes = typeof leaf === "string" ? scratch.write(leaf, 1) : (scratch.set(leaf, 1), leaf.length);
  return hash("sha256", scratch.subarray(0, 1 + bytes), "buffer");
}

/** RFC 6962 § 2.1: the hash of a node over its two subtrees, 32 bytes each. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  scratch[0] = NODE;
  scratch.set(left, 1);
  scratch.set(right, 33);
  return hash("sha256", scratch.subarray(0, 65), "buffer");
}

/** A Merkle tree that grows leaf by leaf: constant time a leaf, logarithmic memory. */
export interface MerkleTree {
  add(leaf: string | Uint8Array): void;
  /** RFC 6962 § 2.1, lowercase hex. */
  root(): Sha256;
}

export function openMerkle(): MerkleTree {
  // A stack of complete subtrees, as a binary counter.
  const stack: { size: number; hash: Buffer }[] = [];
  return {
    add: (leaf) => {
      let node = { size: 1, hash: leafHash(leaf) };
      for (let top = stack.at(-1); top?.size === node.size; top = stack.at(-1)) {
        stack.pop();
        node = { size: node.size * 2, hash: nodeHash(top.hash, node.hash) };
      }
      stack.push(node);
    },
    root: () => {
      if (stack.length === 0) return sha256("");
      return stack
        .map((node) => node.hash)
        .reduceRight((right, left) => nodeHash(left, right))
        .toString("hex");
    },
  };
}

/** Merkle tree hash of a list of texts (RFC 6962 § 2.1), lowercase hex. */
export function merkleRoot(leaves: readonly string[]): Sha256 {
  const tree = openMerkle();
  for (const leaf of leaves) tree.add(leaf);
  return tree.root();
}

/** A streaming SHA-256. */
export interface RunningHash {
  update(bytes: string | Uint8Array): void;
  /** Lowercase hex; finishes the hash. */
  end(): Sha256;
}

export function openHash(): RunningHash {
  const running = createHash("sha256");
  return { update: (bytes) => void running.update(bytes), end: () => running.digest("hex") };
}
