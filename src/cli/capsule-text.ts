// Words about a capsule that several commands say alike.
import type { SignatureVerdict } from "../core/capsule/statement.ts";

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
