import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  IN_TOTO,
  newSigningKey,
  preAuthEncoding,
  publicKeyPem,
  readSigningKey,
  type Statement,
  signStatement,
  verifyEnvelope,
} from "../../../../src/core/base/dsse.ts";

const statement: Statement = {
  _type: "https://in-toto.io/Statement/v1",
  subject: [{ name: "a run", digest: { sha256: "0".repeat(64) } }],
  predicateType: "https://example.test/predicate/v1",
  predicate: { ok: true },
};

describe("an envelope", () => {
  it("encodes what is signed as the DSSE protocol's own example does", () => {
    const bytes = preAuthEncoding("http://example.com/HelloWorld", Buffer.from("hello world"));
    expect(bytes.toString()).toBe("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  });

  it("gives its statement back to whoever trusts the key, and the same bytes each time", () => {
    const { key, pem } = newSigningKey();
    const envelope = signStatement(statement, key);
    expect(verifyEnvelope(envelope, [newSigningKey().key.publicKey, key.publicKey])).toEqual({ ok: true, statement, publicKey: key.publicKey });
    expect(signStatement(statement, readSigningKey(pem))).toEqual(envelope);
  });

  it("does not verify with another key, another payload, another type, or no signature", () => {
    const { key } = newSigningKey();
    const envelope = signStatement(statement, key);
    const other = signStatement({ ...statement, predicate: { ok: false } }, newSigningKey().key);
    const trusted = [key.publicKey];
    const forged = [
      signStatement(statement, newSigningKey().key),
      { ...envelope, payload: other.payload },
      { ...envelope, payloadType: "text/plain" },
      { ...envelope, signatures: [] },
      { ...envelope, signatures: [{ keyid: key.keyid, sig: "AAAA" }] },
      { ...envelope, more: 1 },
      null,
      "text",
    ];
    for (const item of forged) expect(verifyEnvelope(item, trusted).ok).toBe(false);
    expect(verifyEnvelope(envelope, []).ok).toBe(false);
    expect(verifyEnvelope(envelope, ["not a key"]).ok).toBe(false);
  });

  it("does not verify where what is signed is no statement", () => {
    const { key } = newSigningKey();
    const bad = signStatement({ ...statement, subject: [] } as Statement, key);
    expect(verifyEnvelope(bad, [key.publicKey]).ok).toBe(false);
  });

  it("is one that openssl verifies", () => {
    const { key } = newSigningKey();
    const { payload, signatures } = signStatement(statement, key);
    const folder = mkdtempSync(join(tmpdir(), "bakeoff-dsse-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "key.pem"), publicKeyPem(key.publicKey));
    writeFileSync(join(folder, "message"), preAuthEncoding(IN_TOTO, Buffer.from(payload, "base64")));
    writeFileSync(join(folder, "sig"), Buffer.from(signatures[0]?.sig ?? "", "base64"));
    const args = ["pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "message", "-sigfile", "sig"];
    expect(execFileSync("openssl", args, { cwd: folder }).toString()).toContain("Verified Successfully");
  });
});

it("refuses what is no ed25519 key without repeating it", () => {
  const secret = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----";
  expect(() => readSigningKey(secret)).toThrow(expect.objectContaining({ code: "usage", message: expect.not.stringContaining("c2VjcmV0") as string }));
});
