// Words about a capsule that several commands say alike.
import type { SignatureVerdict } from "../../core/capsule/statement.ts";

export function signatureText(signature: SignatureVerdict): string {
  switch (signature.state) {
    case "unsigned":
      return "unsigned: nobody stands for it";
    case "trusted":
      return `signed by the trusted key ${signature.publicKey}${signature.coversFile ? "" : " (its seal; the bytes are those of a safe export)"}`;
    case "self-signed":
      return `signed by ${signature.publicKey}, a key that you have not named as trusted (--key)${signature.coversFile ? "" : "; its seal, the bytes are those of a safe export"}`;
    case "bad":
      return `the signature does not hold: ${signature.fault}`;
  }
}

export const printJson = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);

interface Named {
  readonly name: string;
  readonly sentence: string;
}

/** One line a check: what holds, and what does not and why. Faults of other checks follow. */
export function printChecks(checks: readonly Named[], faults: readonly { readonly check: string; readonly fault: string }[]): void {
  for (const { name, sentence } of checks) {
    const found = faults.find(({ check }) => check === name);
    process.stdout.write(`${found ? "✗" : "✓"} ${name}: ${found?.fault ?? sentence}\n`);
  }
  const others = faults.filter(({ check }) => !checks.some(({ name }) => name === check));
  for (const { check, fault } of others) process.stdout.write(`✗ ${check}: ${fault}\n`);
}
