// A policy's signature: which key makes it, and whether the policy trusts that key.
import { describe, expect, it } from "vitest";
import { signPolicy } from "../../../../src/app/policy/sign.ts";
import { judgePolicySignature } from "../../../../src/core/policy/signature.ts";
import { KEY, policyWorld, SOURCES } from "./world.ts";

const asked = { sources: SOURCES, keyFile: null, newKeyFile: null };
const FILE = "policy/model_policy.sig.json";

describe("signing", () => {
  it("writes the envelope beside the policy, and says whether the policy trusts the key", async () => {
    const { ports, texts } = policyWorld({ change: (text) => text.replace("trusted_keys = []", `trusted_keys = ["${KEY.publicKey}"]`) });
    expect(await signPolicy(ports, { ...asked, keyFile: "key.pem" })).toMatchObject({ file: FILE, publicKey: KEY.publicKey, trusted: true });
    const { snapshot } = await ports.policies.read(SOURCES, ports.clock.wall());
    expect(judgePolicySignature(texts.files.get(FILE) ?? null, snapshot)).toEqual({ status: "valid", publicKey: KEY.publicKey });
    expect((await signPolicy(policyWorld().ports, { ...asked, keyFile: "key.pem" })).trusted).toBe(false);
  });

  it("puts the signature of a spec's layer beside that", async () => {
    const { ports, texts } = policyWorld();
    texts.files.set("policy/specs/auth.toml", "format = 2\n[reflex]\nmax_attempts = 1\n");
    const sources = { ...SOURCES, specFile: "policy/specs/auth.toml" };
    expect((await signPolicy(ports, { ...asked, sources, keyFile: "key.pem" })).file).toBe("policy/specs/auth.sig.json");
  });

  it("uses the environment's key where none is named, and makes one where that is asked for", async () => {
    expect((await signPolicy(policyWorld({ environmentKey: KEY }).ports, asked)).publicKey).toBe(KEY.publicKey);
    const { ports, keys } = policyWorld();
    await signPolicy(ports, { ...asked, newKeyFile: "new.pem" });
    expect(keys.made).toEqual(["new.pem"]);
  });

  it("is a matter of use without a key, and with two; nothing is written then", async () => {
    const { ports, texts, keys } = policyWorld();
    await expect(signPolicy(ports, asked)).rejects.toMatchObject({ code: "usage" });
    await expect(signPolicy(ports, { ...asked, keyFile: "key.pem", newKeyFile: "new.pem" })).rejects.toMatchObject({ code: "usage" });
    expect([...texts.written, ...keys.made]).toEqual([]);
  });
});
