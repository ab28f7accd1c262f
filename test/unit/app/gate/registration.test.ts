// Registering a gate before the run, and what a registration then covers.
import { describe, expect, it } from "vitest";
import { runGate } from "../../../../src/app/gate/decide.ts";
import { registerGate } from "../../../../src/app/gate/registration.ts";
import { KEY, gateWorld, POLICY_FILE, question, SUITE } from "./world.ts";

const asked = { candidates: ["new-model"], incumbent: "gpt-oss-20b", suite: SUITE.name, policyFile: POLICY_FILE, keyFile: "key.pem", out: "registration.json" };
const AFTER = "2026-11-22T13:00:00.000Z";

describe("a registration", () => {
  it("names candidates once, incumbent, suite, policy and criteria, signed", async () => {
    const { ports, texts, snapshot } = gateWorld();
    const { registration, path } = await registerGate(ports, { ...asked, candidates: ["new-model", "new-model"], incumbent: null });
    expect(path).toBe("registration.json");
    expect(registration).toMatchObject({
      registered_at: "2026-11-22T12:00:00.000Z",
      candidates: ["new-model"],
      incumbent: "gpt-oss-20b",
      suite: SUITE,
      policy: { id: snapshot.policy_id, hash: snapshot.hash },
    });
    expect(JSON.parse(texts.files.get(path) ?? "")).toMatchObject({ signatures: [{ keyid: KEY.keyid }] });
  });

  it("goes into the gates' folder under its time where no place is named, and is about the default suite where none is", async () => {
    const { registration, path } = await registerGate(gateWorld().ports, { ...asked, suite: null, out: null });
    expect(path).toBe("reports/gates/registration-2026-11-22T12-00-00Z.json");
    expect(registration.suite.name).toBe("reflex-patchloop-v1");
  });

  it("is refused without a key, for a name that the policy does not know, and for a suite that is not here", async () => {
    const { ports, texts } = gateWorld();
    await expect(registerGate(ports, { ...asked, keyFile: null })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("no key") as string,
    });
    await expect(registerGate(ports, { ...asked, candidates: ["new-modle"] })).rejects.toMatchObject({
      code: "usage",
      hint: expect.stringContaining("new-model") as string,
    });
    await expect(registerGate(ports, { ...asked, incumbent: "nobody" })).rejects.toMatchObject({ code: "usage" });
    await expect(registerGate(ports, { ...asked, suite: "nowhere" })).rejects.toMatchObject({ code: "usage" });
    expect(texts.written).toEqual([]);
  });
});

describe("a gate with a registration", () => {
  const gated = async (changes: object, more: object = {}, registered: object = {}) => {
    const world = gateWorld();
    await registerGate(world.ports, { ...asked, ...registered });
    const capsule = world.lay("run-1", { "new-model": 60 }, { created_at: AFTER, ...changes });
    const ports = { ...world.ports, clock: { wall: () => "2026-11-23T00:00:00.000Z" } };
    const documents = await runGate(ports, question([capsule], { registration: "registration.json", trusted: [KEY.publicKey], ...more }));
    return documents[0]?.registration;
  };

  it("is covered where a trusted key signed it before the run, about this very gate", async () => {
    expect(await gated({})).toMatchObject({ state: "valid", path: "registration.json", registeredAt: "2026-11-22T12:00:00.000Z" });
  });

  it.each([
    ["was made after the run", { created_at: "2026-11-22T11:00:00.000Z" }, {}, {}],
    ["is about another suite", { suite: { name: "other", version: "1.0.0", root: "3".repeat(64) } }, {}, {}],
    ["is signed by nobody trusted", {}, { trusted: [] }, {}],
    ["is about another incumbent", {}, {}, { incumbent: "cloud-high" }],
    ["does not name every alternative", {}, { candidates: ["new-model", "rustc-suggestions"] }, {}],
  ])("is not covered where it %s", async (_, changes, more, registered) => {
    expect(await gated(changes, more, registered)).toMatchObject({ state: "invalid", path: "registration.json" });
  });

  it("is not covered by a file that is no registration, and one that is not there is a matter of use", async () => {
    const world = gateWorld();
    const capsule = world.lay("run-1", { "new-model": 60 });
    world.texts.files.set("other.json", "{");
    expect((await runGate(world.ports, question([capsule], { registration: "other.json" })))[0]?.registration).toMatchObject({ state: "invalid" });
    await expect(runGate(world.ports, question([capsule], { registration: "nowhere.json" }))).rejects.toMatchObject({ code: "usage" });
  });
});
