// Whose signatures count in a gate, who said so, and what must be signed.
import type { SignatureVerdict } from "../capsule/proof/statement.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";

/** A raw ed25519 public key in base64, and where the trust in it comes from. */
export interface TrustedKey {
  readonly key: string;
  readonly by: "policy" | "--trust";
}

export interface GateTrust {
  /** The policy that is in force, and where it was read: a file, or a git revision. */
  readonly policy: { readonly id: string; readonly hash: string; readonly from: string };
  readonly keys: readonly TrustedKey[];
  /** Capsules, registrations and decisions alike must be signed by one of the keys. */
  readonly requireSignature: boolean;
}

/** Trust by the policy in force and by keys that somebody named. The policy that a capsule holds has no say: whoever made it wrote it. */
export function gateTrust({ policy_id: id, hash, policy: { signing } }: PolicySnapshot, from: string, named: readonly string[]): GateTrust {
  const own = signing.trusted_keys.map((key) => ({ key, by: "policy" as const }));
  const others = [...new Set(named)].filter((key) => !signing.trusted_keys.includes(key)).map((key) => ({ key, by: "--trust" as const }));
  return { policy: { id, hash, from }, keys: [...own, ...others], requireSignature: signing.require_signature };
}

export const keysOf = ({ keys }: GateTrust): readonly string[] => keys.map(({ key }) => key);

/** What keeps a capsule's signature from counting; null where it counts. It was judged by the key that it names itself. */
export function distrust(signature: SignatureVerdict, trust: GateTrust): string | null {
  switch (signature.state) {
    case "unsigned":
      return "it is not signed";
    case "bad":
      return signature.fault;
    case "trusted":
    case "self-signed":
      return keysOf(trust).includes(signature.publicKey) ? null : `it is signed by ${signature.publicKey}, a key that nobody has named as trusted`;
  }
}
