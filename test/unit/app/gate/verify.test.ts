// A stored decision, link by link: sound, forged, without its capsules, of another version.
import { describe, expect, it } from "vitest";
import { decideGate, type GateQuestion, runGate } from "../../../../src/app/gate/decide.ts";
import { registerGate } from "../../../../src/app/gate/registration.ts";
import { verifyDecision } from "../../../../src/app/gate/verify.ts";
import { decisionFileText, decisionStatement } from "../../../../src/core/gate/document.ts";
import { LOG } from "../fakes.ts";
import { AUTHORITY, gateWorld, KEY, LATER, question, registering, request } from "./world.ts";

async function decided(more: object = {}, world = gateWorld()) {
  const capsule = world.lay("run-1", { "new-model": 24 });
  const { paths } = await decideGate(world.ports, request([capsule], more));
  const decision = paths[0] ?? "";
  const text = world.texts.files.get(decision) ?? "";
  const verify = (changes: object = {}) => verifyDecision(world.ports, { decision, ...AUTHORITY, isBinding: false, ...changes });
  const rewrite = (change: (text: string) => string) => void world.texts.files.set(decision, change(text));
  return { world, capsule, decision, verify, rewrite };
}

const faultsOf = ({ links }: { readonly links: readonly { readonly name: string; readonly fault: string | null }[] }): Record<string, string> =>
  Object.fromEntries(links.flatMap(({ name, fault }) => (fault === null ? [] : [[name, fault]])));

describe("a decision", () => {
  it("holds link by link where its capsules lead to it again", async () => {
    const { verify } = await decided();
    const checked = await verify();
    expect(checked.links.map(({ name }) => name)).toEqual(["signature", "registration", "log", "capsules", "policy", "suite", "decision", "age"]);
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
    world.lay("run-1", { "new-model": 12 });
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
    const look = { number: 1, planned: 1, tasks: 24, ofTasks: 24, by: "bounds", most: 4, sequential: "betting" } as const;
    const level = (alpha: number) => ({ policy: `it was decided at alpha ${alpha}, the policy's is 0.4` });
    expect(await forge(null, 0.2)).toEqual(level(0.2));
    expect(await forge(null, 0.01)).toEqual(level(0.01));
    expect(await forge(look, 0.2)).toEqual(level(0.2));
    expect(await forge(look, 0.4)).toEqual({});
    // The plan is the policy's and the suite's: a look that they do not plan is none.
    expect(await forge({ ...look, most: 2 }, 0.4)).toEqual({ policy: "it was one of at most 2 looks; 4 were promised" });
    expect(await forge({ ...look, ofTasks: 60 }, 0.4)).toEqual({ policy: "the policy plans no such look on this suite" });
    expect(await forge({ ...look, by: "bets" }, 0.4)).toEqual({ policy: "the policy plans no such look on this suite" });
    expect(await forge({ number: 1, planned: 1, tasks: 24, ofTasks: 24, by: "bounds" }, 0.4)).toEqual({
      policy: "it was one of at most ? looks; 4 were promised",
    });
    expect(await forge({ ...look, sequential: undefined }, 0.4)).toEqual({ policy: "it does not say how its looks share the level" });
  });

  it("can still be acted on only while its runs are young, and says so: it holds all the same", async () => {
    const { world, decision } = await decided();
    const { links } = await verifyDecision({ ...world.ports, clock: { wall: () => "2027-03-22T12:00:00.000Z" } }, { decision, ...AUTHORITY, isBinding: false });
    expect(links.filter(({ fault }) => fault !== null)).toEqual([]);
    expect(links.find(({ name }) => name === "age")).toMatchObject({ open: true, says: expect.stringContaining("121.0 days ago") as string });
  });

  it("names no fewer alternatives than competed", async () => {
    const world = gateWorld();
    const both = world.lay("run-1", { "new-model": 24, "qwen3-coder-30b-a3b-awq": 30 });
    const { documents, paths } = await decideGate(world.ports, request([both]));
    expect(documents[0]?.alternatives).toEqual(["new-model", "qwen3-coder-30b-a3b-awq"]);
    const decision = paths[0] ?? "";
    const verify = () => verifyDecision(world.ports, { decision, ...AUTHORITY, isBinding: false });
    expect(faultsOf(await verify())).toEqual({});
    const text = world.texts.files.get(decision) ?? "";
    world.texts.files.set(decision, text.replace('"alternatives":["new-model","qwen3-coder-30b-a3b-awq"]', '"alternatives":["new-model"]'));
    expect(Object.keys(faultsOf(await verify()))).toEqual(["decision"]);
  });

  it("is refused as a whole where it is no decision, or not there", async () => {
    const { verify, rewrite } = await decided();
    rewrite(() => "{");
    await expect(verify()).rejects.toMatchObject({ code: "integrity" });
    rewrite((text) => text.replace('"format":3,"kind"', '"format":9,"kind"'));
    await expect(verify()).rejects.toMatchObject({ code: "integrity", message: expect.stringContaining("decision format 9") as string });
    await expect(verify({ decision: "nowhere.json" })).rejects.toMatchObject({ code: "usage" });
  });
});

describe("its signature", () => {
  it("counts by the keys that are trusted: the policy's, those that are named, and one's own", async () => {
    const { verify } = await decided({ keyFile: "key.pem" });
    expect(faultsOf(await verify())["signature"]).toBe("no trusted key signed it");
    expect(faultsOf(await verify({ trusted: [KEY.publicKey] }))).toEqual({});
    const trusting = gateWorld({ policy: (text) => text.replace("trusted_keys = []", `trusted_keys = ["${KEY.publicKey}"]`) });
    expect(faultsOf(await (await decided({ keyFile: "key.pem" }, trusting)).verify())).toEqual({});
  });

  it("is asked for where something was overridden, and covers what the file says", async () => {
    const world = gateWorld();
    const worse = world.lay("run-0", { "new-model": 12 });
    const { paths } = await decideGate(world.ports, request([worse], { override: { by: "Ada", reason: "we must" }, keyFile: "key.pem" }));
    const decision = paths[0] ?? "";
    const verify = () => verifyDecision(world.ports, { decision, ...AUTHORITY, trusted: [KEY.publicKey], isBinding: false });
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
    const asked = registering();
    await registerGate(world.ports, asked);
    const capsule = await world.layRegistered("run-1", { "new-model": 24 });
    const ports = { ...world.ports, clock: LATER };
    const { paths } = await decideGate(ports, request([capsule], { registration: "registration.json", keyFile: "key.pem", trusted: [KEY.publicKey] }));
    const verify = () => verifyDecision(ports, { decision: paths[0] ?? "", ...AUTHORITY, trusted: [KEY.publicKey], isBinding: false });
    const sound = await verify();
    expect(sound.links.find(({ name }) => name === "registration")).toMatchObject({
      fault: null,
      says: expect.stringContaining("made before the runs") as string,
    });
    const log = world.texts.files.get(LOG) ?? "";
    await registerGate(world.ports, { ...asked, incumbent: "cloud-high" });
    expect(Object.keys(faultsOf(await verify()))).toEqual(["registration", "policy", "decision"]);
    world.texts.files.set(LOG, log.replace(/^.*\n/, ""));
    expect(faultsOf(await verify())["log"]).toContain("does not begin with the 2 lines that were there");
  });
});
