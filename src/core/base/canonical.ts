// The one home of hashing: RFC 8785 canonical JSON, SHA-256, and the RFC 6962 Merkle root.
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { BakeoffError } from "./errors.ts";

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Lowercase hex SHA-256. */
export type Sha256 = string;

export function sha256(data: string | Uint8Array): Sha256 {
  return createHash("sha256").update(data).digest("hex");
}

/** The id that git gives an object of this kind and content: SHA-1 over kind, length and bytes. */
export function gitObjectId(kind: "blob" | "tree" | "commit", content: Uint8Array): string {
  return createHash("sha1").update(`${kind} ${content.length}\0`).update(content).digest("hex");
}

/**
 * RFC 8785 text of a JSON value. Refuses what the format cannot hold (functions, NaN, lone surrogates) instead of
 * writing something else in its place; `undefined` members are left out, as JSON.stringify does.
 */
export function canonicalJson(value: unknown): string {
  const text = (canonicalize as unknown as (input: unknown) => string | undefined)(checked(value, "$"));
  if (text === undefined) throw new BakeoffError("invariant", "not a JSON value");
  return text;
}

/** SHA-256 of the canonical JSON. */
export function hashOf(value: unknown): Sha256 {
  return sha256(canonicalJson(value));
}

function checked(value: unknown, at: string): unknown {
  switch (typeof value) {
    case "string":
      if (!value.isWellFormed()) throw notJson(at, "a lone surrogate");
      return value;
    case "number":
      if (!Number.isFinite(value)) throw notJson(at, "a number that is not finite");
      return value;
    case "boolean":
      return value;
    case "object":
      return value === null ? null : checkedMembers(value, at);
    default:
      throw notJson(at, typeof value);
  }
}

function checkedMembers(value: object, at: string): unknown {
  if (Array.isArray(value)) return Array.from(value, (item: unknown, index) => checked(item, `${at}[${index}]`));
  // A Map, a Date or a Buffer has no members that tell what it holds.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw notJson(at, "an object that is not plain");
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([key, member]) => [checked(key, at), checked(member, `${at}.${key}`)]));
}

function notJson(at: string, what: string): BakeoffError {
  return new BakeoffError("invariant", `${at} holds ${what}, which JSON cannot`);
}

const leafHash = (leaf: string): Buffer => createHash("sha256").update(Buffer.of(0)).update(leaf).digest();
const nodeHash = (left: Buffer, right: Buffer): Buffer => createHash("sha256").update(Buffer.of(1)).update(left).update(right).digest();

/** Merkle tree hash of a list of texts (RFC 6962 § 2.1), lowercase hex. */
export function merkleRoot(leaves: readonly string[]): Sha256 {
  if (leaves.length === 0) return sha256("");
  // A stack of complete subtrees, as a binary counter: linear time, logarithmic memory.
  const stack: { size: number; hash: Buffer }[] = [];
  for (const leaf of leaves) {
    let node = { size: 1, hash: leafHash(leaf) };
    for (let top = stack.at(-1); top?.size === node.size; top = stack.at(-1)) {
      stack.pop();
      node = { size: node.size * 2, hash: nodeHash(top.hash, node.hash) };
    }
    stack.push(node);
  }
  return stack
    .map((node) => node.hash)
    .reduceRight((right, left) => nodeHash(left, right))
    .toString("hex");
}
