// The keys and other secrets in this process's environment: to be used, or redacted from texts, never printed.
import type { Secret } from "../../core/capsule/redaction.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";

/** The key of a policy's provider, or null. Never printed, never stored. */
export function keyOf(snapshot: PolicySnapshot, provider: string): string | null {
  const name = snapshot.policy.providers[provider]?.key_env;
  return (name === undefined ? undefined : process.env[name]) || null;
}

/** Variables whose values are secrets, whatever their use. */
const SECRET_NAME = /(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?)$/;

/** The secrets of this machine that a run could encounter: the providers' keys, and variables named like secrets. */
export function secretsOf(snapshot: PolicySnapshot): readonly Secret[] {
  const named = new Set(Object.values(snapshot.policy.providers).flatMap(({ key_env: name }) => (name === undefined ? [] : [name])));
  return Object.entries(process.env).flatMap(([name, value = ""]) => {
    // A short value may occur anywhere by chance, and redacting it would change unrelated texts.
    const isSecret = (named.has(name) && value.length >= 8) || (SECRET_NAME.test(name) && (value.length >= 16 || (value.length >= 8 && /\d/.test(value))));
    return isSecret ? [{ name, value }] : [];
  });
}
