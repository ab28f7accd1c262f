// The keys and other secrets in this process's environment: to be used, or redacted from texts, never printed.
import { readFileSync } from "node:fs";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import type { Secret } from "../../core/capsule/redaction.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";

/** The key of a policy's provider, or null. Never printed, never stored. */
export function keyOf(snapshot: PolicySnapshot, provider: string): string | null {
  const name = snapshot.policy.providers[provider]?.key_env;
  return (name === undefined ? undefined : process.env[name]) || null;
}

/** The PEM text of the private CA that a policy's provider is trusted by, or null. Throws `environment` where it can't be read. */
export function caOf(snapshot: PolicySnapshot, provider: string): string | null {
  const name = snapshot.policy.providers[provider]?.ca_env;
  const path = (name === undefined ? undefined : process.env[name]) || null;
  try {
    return path === null ? null : readFileSync(path, "utf8");
  } catch (error) {
    throw new BakeoffError("environment", `the CA of ${provider} can't be read: ${messageOf(error)}`, `let ${name} hold the path of its certificates (PEM)`, {
      cause: error,
    });
  }
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
