// A stored decision, link by link: sound, forged, without its capsules, of another version.
import { describe, expect, it } from "vitest";
import { decideGate, type GateQuestion, runGate } from "../../../../src/app/gate/decide.ts";
import { registerGate } from "../../../../src/app/gate/registration.ts";
import { verifyDecision } from "../../../../src/app/gate/verify.ts";
import { decisionFileText, decisionStatement } from "../../../../src/core/gate/document.ts";
import { gateWorld, KEY, POLICY_FILE, question, request, SUITE } from "./world.ts";

async function decided(more: object = {}, world = gateWorld()) {
  const capsule = world.lay("run-1", { "new-model": 60 });
  const { paths } = await decideGate(world.ports, request([capsule], more));
  const decision = paths[0] ?? "";
  const text = world.texts.files.get(decision) ?? "";
  const verify = (changes: object = {}) => verifyDecision(world.ports, { decision, trusted: [], keyFile: null, ...changes });
  const rewrite = (change: (text: string) => string) => void world.texts.files.set(decision, change(text));
  return { world, capsule, decision, verify, rewrite };
}

const faultsOf = ({ links }: { readonly links: readonly { readonly name: string; readonly fault: string | null }[] }): Record<string, string> =>
  Object.fromEntries(links.flatMap(({ name, fault }) => (fault === null ? [] : [[name, fault]])));

describe("a decision", () => {
  it("holds link by link where its capsules lead to it again", async () => {
    const { verify } = await decided();
    const checked = await verify();
    expect(checked.links.map(({ name }) => name)).toEqual(["signature", "registration", "capsules", "policy", "decision"]);
    expect(faultsOf(checked)).toEqual({});
    expect(checked).toMatchObject({ signed: false, claim: { decision: { candidate: "new-model", verdict: "promote" } } });
  });

  it("finds its capsules in the capsules folder and beside itself, whatever folder they were in", async () => {
    const { verify, rewrite } = await decided();
    rewrite((text) => text.replaceAll("capsules/run-1", "/elsewhere/run-1"));
    // The names are a part of what was decided on.
    expect(Object.keys(faultsOf(await verify()))).toEqual([]);
  });

  it("says which capsule is missing, and which is not the one that was decided on", async () => {
    const { world, verify, rewrite } = await decided();
    world.lay("run-1", { "new-model": 59 });
    expect(faultsOf(await verify())["capsules"]).toContain("is not the file that was decided on");
    rewrite((text) => text.replaceAll("run-1.capsule", "run-gone.capsule"));
    expect(faultsOf(await verify())["capsules"]).toContain("is not here");
  });

  it("does not hold where it says something else than its capsules lead to", async () => {
    const { verify, rewrite } = await decided();
    rewrite((text) => text.replaceAll('"incumbent":"gpt-oss-20b"', '"incumbent":"rustc-suggestions"'));
    expect(faultsOf(await verify())["decision"]).toContain("it comes out otherwise");
    rewrite((text) => text.replaceAll('"verdict":"promote"', '"verdict":"hold"'));
    expect(faultsOf(await verify())["decision"]).toContain("it comes out otherwise");
    rewrite((text) => text.replace(/"bakeoff":"[^"]+"/, '"bakeoff":"0.0.9"').replace(/"result_hash":"[^"]+"/, `"result_hash":"${"0".repeat(64)}"`));
    expect(faultsOf(await verify())["decision"]).toContain("it was made by 0.0.9");
  });

  it("does not hold where it names another policy than its capsules do", async () => {
    const { world, verify, rewrite } = await decided();
    rewrite((text) => text.replaceAll(world.snapshot.hash, "9".repeat(64)));
    expect(faultsOf(await verify())["policy"]).toContain("it names policy 999999999999");
  });

  it("does not hold at another level than the policy's, though it comes out again at that one", async () => {
    const { world, capsule, decision, verify } = await decided();
    const forge = async (look: GateQuestion["look"], alpha: number): Promise<Record<string, string>> => {
      const [document] = await runGate(world.ports, question([capsule], { alpha, look }));
      if (!document) throw new Error("nothing was decided");
      world.texts.files.set(decision, decisionFileText(decisionStatement(document, "0.1.0"), null));
      return faultsOf(await verify());
    };
    const look = { number: 1, planned: 2, tasks: 60, ofTasks: 60 };
    expect(await forge(null, 0.2)).toEqual({ policy: "it was decided at alpha 0.2, the policy's is 0.05" });
    expect(await forge(look, 0.2)).toEqual({ policy: "it was decided at alpha 0.2, the policy's is 0.05" });
    expect(await forge(null, 0.01)).toEqual({ policy: "it was decided at alpha 0.01, the policy's is 0.05" });
    expect(await forge(look, 0.01)).toEqual({});
  });

  it("is refused as a whole where it is no decision, or not there", async () => {
    const { verify, rewrite } = await decided();
    rewrite(() => "{");
    await expect(verify()).rejects.toMatchObject({ code: "integrity" });
    rewrite((text) => text.replace('"format":2,"kind"', '"format":9,"kind"'));
    await expect(verify()).rejects.toMatchObject({ code: "integrity", message: expect.stringContaining("decision format 9") as string });
    await expect(verify({ decision: "nowhere.json" })).rejects.toMatchObject({ code: "usage" });
  });
});

describe("its signature", () => {
  it("counts by the keys that are trusted: the policy's, those that are named, and one's own", async () => {
    const { verify } = await decided({ keyFile: "key.pem" });
    expect(faultsOf(await verify())["signature"]).toBe("no trusted key signed it");
    expect(faultsOf(await verify({ trusted: [KEY.publicKey] }))).toEqual({});
    expect(faultsOf(await verify({ keyFile: "key.pem" }))).toEqual({});
    const trusting = gateWorld({ policy: (text) => text.replace("trusted_keys = []", `trusted_keys = ["${KEY.publicKey}"]`) });
    expect(faultsOf(await (await decided({ keyFile: "key.pem" }, trusting)).verify())).toEqual({});
  });

  it("is asked for where something was overridden, and covers what the file says", async () => {
    const world = gateWorld();
    const worse = world.lay("run-0", { "new-model": 30 });
    const { paths } = await decideGate(world.ports, request([worse], { override: { by: "Ada", reason: "we must" }, keyFile: "key.pem" }));
    const decision = paths[0] ?? "";
    const verify = () => verifyDecision(world.ports, { decision, trusted: [], keyFile: "key.pem" });
    expect(faultsOf(await verify())).toEqual({});
    const text = world.texts.files.get(decision) ?? "";
    world.texts.files.set(decision, text.replace('"by":"Ada"', '"by":"Eve"'));
    expect(faultsOf(await verify())["signature"]).toBe("what was signed is not what it says");
    world.texts.files.set(decision, JSON.stringify({ ...(JSON.parse(text) as object), envelope: null }));
    expect(faultsOf(await verify())["signature"]).toBe("it is not signed");
  });
});

describe("its registration", () => {
  it("is looked at again, and breaks the chain once it is another", async () => {
    const world = gateWorld();
    const asked = {
      candidates: ["new-model"],
      incumbent: "gpt-oss-20b",
      suite: SUITE.name,
      policyFile: POLICY_FILE,
      keyFile: "key.pem",
      out: "registration.json",
    };
    await registerGate(world.ports, asked);
    const capsule = world.lay("run-1", { "new-model": 60 }, { created_at: "2026-11-22T13:00:00.000Z" });
    const ports = { ...world.ports, clock: { wall: () => "2026-11-23T00:00:00.000Z" } };
    const { paths } = await decideGate(ports, request([capsule], { registration: "registration.json", keyFile: "key.pem" }));
    const verify = () => verifyDecision(ports, { decision: paths[0] ?? "", trusted: [], keyFile: "key.pem" });
    const sound = await verify();
    expect(sound.links.find(({ name }) => name === "registration")).toMatchObject({
      fault: null,
      says: expect.stringContaining("made before the runs") as string,
    });
    await registerGate(world.ports, { ...asked, incumbent: "cloud-high" });
    expect(Object.keys(faultsOf(await verify()))).toEqual(["registration", "decision"]);
  });
});
