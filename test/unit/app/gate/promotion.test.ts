// Promoting by a decision and taking it back: what is written, what is only told, and what keeps it from being done.
import { describe, expect, it } from "vitest";
import { decideGate } from "../../../../src/app/gate/decide.ts";
import { promoteCandidate, type PromoteRequest, rollBackPromotion } from "../../../../src/app/gate/promotion.ts";
import { signPolicy } from "../../../../src/app/policy/sign.ts";
import { validatePolicy } from "../../../../src/app/policy/validate.ts";
import { CANDIDATES_FILE, memoryRevisions } from "../fakes.ts";
import { AUTHORITY, type GateWorld, gateWorld, KEY, POLICY_FILE, request } from "./world.ts";

const SOURCES = { policyFile: POLICY_FILE, specFile: null, overrides: [] };
const CHANGELOG = "policy/CHANGELOG.md";
const GOLDEN = "policy/golden/shipped.toml";

async function decidedWorld(passes = 24, world = gateWorld(), more: object = {}, laid: Parameters<GateWorld["lay"]>[3] = {}) {
  const capsule = world.lay("run-1", { "new-model": passes }, {}, laid);
  const { paths } = await decideGate(world.ports, request([capsule], more));
  world.texts.written.length = 0;
  const asked: PromoteRequest = {
    candidate: "new-model",
    decision: paths[0] ?? "",
    ...AUTHORITY,
    by: "Ada",
    dryRun: false,
  };
  return { world, asked };
}

const textOf = ({ texts }: GateWorld, path: string): string => texts.files.get(path) ?? "";
const versionOf = (text: string): string => /^version = "([^"]+)"/m.exec(text)?.[1] ?? "";
const noSuite = async (): Promise<never> => {
  throw new Error("no suite is looked at");
};

const validate = ({ ports }: GateWorld) =>
  validatePolicy({ ...ports, revisions: memoryRevisions(), loadSuite: noSuite }, { sources: SOURCES, against: null, suite: null });

describe("a promotion", () => {
  it("puts the candidate into the slot, records why, raises the version, logs it, and moves the golden scenarios along", async () => {
    const { world, asked } = await decidedWorld();
    const before = new Map(world.texts.files);
    const { files, needsSignature } = await promoteCandidate(world.ports, asked);
    expect(needsSignature).toBe(false);
    expect(world.texts.written).toEqual([POLICY_FILE, CHANGELOG, GOLDEN]);
    expect(files.map(({ path }) => path)).toEqual([POLICY_FILE, CHANGELOG, GOLDEN]);
    for (const { path, before: was, after } of files) expect([was, after]).toEqual([before.get(path) ?? null, textOf(world, path)]);
    const text = textOf(world, POLICY_FILE);
    expect(text).toMatch(/^candidate = "new-model" +# \w/m);
    expect(text).toMatch(
      /\n\[\[promotion\]\]\ncandidate = "new-model"\ndecision_sha256 = "[0-9a-f]{64}"\npromoted = "2026-11-22"\nby = "Ada"\nreplaces = "gpt-oss-20b"\n$/,
    );
    expect(text).toMatch(/^updated = "2026-11-22"/m);
    expect(versionOf(text)).not.toBe(versionOf(before.get(POLICY_FILE) ?? ""));
    expect(textOf(world, CHANGELOG)).toContain(`## ${versionOf(text)} — 2026-11-22\n\n- new-model takes the place of gpt-oss-20b`);
    expect(textOf(world, GOLDEN)).toContain("Reflex sglang/new-model: reflex-first");
    expect((await validate(world)).policyId).toBe(`model-policy@${versionOf(text)}`);
  });

  it("raises the version by the step that its own changes ask for, so that the policy is valid against what git has", async () => {
    const { world, asked } = await decidedWorld();
    const head = new Map(world.texts.files);
    const validated = (states: Readonly<Record<string, ReadonlyMap<string, string>>>) =>
      validatePolicy({ ...world.ports, revisions: memoryRevisions(states), loadSuite: noSuite }, { sources: SOURCES, against: null, suite: null });
    await promoteCandidate(world.ports, asked);
    await validated({ HEAD: head });
    const promoted = new Map(world.texts.files);
    await rollBackPromotion(world.ports, { policyFile: POLICY_FILE, dryRun: false });
    await validated({ HEAD: promoted });
    await validated({ HEAD: head });
  });

  it("writes nothing in a dry run, and tells the same", async () => {
    const { world, asked } = await decidedWorld();
    const before = new Map(world.texts.files);
    const told = await promoteCandidate(world.ports, { ...asked, dryRun: true });
    expect(world.texts.files).toEqual(before);
    expect(await promoteCandidate(world.ports, asked)).toEqual(told);
  });

  it("gives a policy without own scenarios all of the shipped ones, with what they expect now", async () => {
    const { world, asked } = await decidedWorld();
    for (const path of world.texts.files.keys()) if (path.startsWith("policy/golden/")) world.texts.files.delete(path);
    const { files } = await promoteCandidate(world.ports, asked);
    const golden = files.filter(({ path }) => path.startsWith("policy/golden/"));
    expect(golden.length).toBeGreaterThan(1);
    expect(golden.every(({ before }) => before === null)).toBe(true);
    await validate(world);
  });

  it("rests on runs from before the candidate was written down, and needs no new ones where another model is written down since", async () => {
    const world = gateWorld();
    const before = world.lay("run-0", {}, { created_at: "2026-11-20T12:00:00.000Z" }, { snapshot: world.before });
    const { world: after, asked } = await decidedWorld(24, world, { capsules: [before, "capsules/run-1.capsule.jsonl"] });
    const third = '\n[[candidate]]\nname = "third"\nprovider = "sglang"\nmodel = "third"\ntemperature = 0.0\nmax_output_tokens = 2048\nstart = "none"\n';
    after.texts.files.set(CANDIDATES_FILE, textOf(after, CANDIDATES_FILE) + third);
    expect((await promoteCandidate(after.ports, asked)).files.map(({ path }) => path)).toContain(POLICY_FILE);
  });

  it("leaves the policy to be signed anew where it must be signed", async () => {
    const signed = (text: string) =>
      text.replace("require_signature = false", "require_signature = true").replace("trusted_keys = []", `trusted_keys = ["${KEY.publicKey}"]`);
    const world = gateWorld({ policy: signed });
    const sign = () => signPolicy(world.ports, { sources: SOURCES, keyFile: "key.pem", newKeyFile: null });
    await sign();
    const signature = { state: "self-signed", publicKey: KEY.publicKey, keyid: "", coversFile: true } as const;
    const { asked } = await decidedWorld(24, world, { keyFile: "key.pem" }, { change: (run) => ({ ...run, signature }) });
    expect((await promoteCandidate(world.ports, asked)).needsSignature).toBe(true);
    await expect(validate(world)).rejects.toMatchObject({ code: "integrity" });
    expect((await rollBackPromotion(world.ports, { policyFile: POLICY_FILE, dryRun: true })).files[0]?.after).toMatch(/^candidate = "gpt-oss-20b" /m);
    await sign();
    expect((await validate(world)).signature).toBe("valid");
  });
});

describe("a refusal to promote", () => {
  const refused = async (found: Promise<Awaited<ReturnType<typeof decidedWorld>>>, more: Partial<PromoteRequest>, why: string) => {
    const { world, asked } = await found;
    await expect(promoteCandidate(world.ports, { ...asked, ...more })).rejects.toMatchObject({
      code: "integrity",
      message: expect.stringContaining(why) as string,
    });
    expect(world.texts.written).toEqual([]);
  };

  it("names what the gate said, and whom the decision is about", async () => {
    await refused(decidedWorld(12), {}, "the gate said hold");
    await refused(decidedWorld(), { candidate: "cloud-high" }, "the decision is about new-model");
  });

  it("comes where somebody else was beaten than the reflex candidate", async () => {
    const found = decidedWorld(24, gateWorld(), { incumbent: "rustc-suggestions" });
    await refused(found, {}, "it was compared with rustc-suggestions, and gpt-oss-20b is the reflex candidate");
  });

  it("comes where the runs are too old by now, however young they were when it was decided, and where they begin in the future", async () => {
    const at = async (wall: string) => {
      const { world, asked } = await decidedWorld();
      return { world: { ...world, ports: { ...world.ports, clock: { wall: () => wall } } }, asked };
    };
    await refused(at("2027-03-22T12:00:00.000Z"), {}, "its oldest run began 121.0 days ago; at most");
    await refused(at("2026-11-20T12:00:00.000Z"), {}, "its oldest run began -1.0 days ago; at most");
  });

  it("comes where the decision does not verify", async () => {
    const found = await decidedWorld();
    const { texts } = found.world;
    texts.files.set(found.asked.decision, textOf(found.world, found.asked.decision).replaceAll('"alpha":0.4', '"alpha":0.45'));
    await refused(Promise.resolve(found), {}, "its decision does not verify: policy: it was decided at alpha 0.45, the policy's is 0.4");
  });

  it("comes where the policy is not the one of the run any more", async () => {
    const found = await decidedWorld();
    found.world.texts.files.set(POLICY_FILE, textOf(found.world, POLICY_FILE).replace("cooldown_ms = 30000", "cooldown_ms = 30001"));
    await refused(Promise.resolve(found), {}, "the policy has changed since the run");
  });

  it("comes where the candidate is in the slot already, before anything that gating again would mend", async () => {
    const { world, asked } = await decidedWorld();
    await promoteCandidate(world.ports, asked);
    world.texts.written.length = 0;
    await refused(Promise.resolve({ world, asked }), {}, "it is the reflex candidate already");
  });

  it("comes for an embedded program, which has no entry to put into the slot", async () => {
    const world = gateWorld();
    const capsule = world.lay("run-1", { oracle: 24 });
    const { paths } = await decideGate(world.ports, request([capsule], { candidates: ["oracle"] }));
    world.texts.written.length = 0;
    const asked = { ...AUTHORITY, by: "Ada", dryRun: false };
    await refused(Promise.resolve({ world, asked: { ...asked, candidate: "oracle", decision: paths[0] ?? "" } }), {}, "it is not in candidates.toml");
  });

  it("does not come for a hold that was overridden and signed", async () => {
    const { world, asked } = await decidedWorld(12, gateWorld(), { override: { by: "Ada", reason: "we must" }, keyFile: "key.pem", trusted: [KEY.publicKey] });
    await promoteCandidate(world.ports, { ...asked, trusted: [KEY.publicKey] });
    expect(textOf(world, POLICY_FILE)).toMatch(/^candidate = "new-model" /m);
  });
});

describe("a rollback", () => {
  it("gives the policy and its scenarios back, but for the version and the day; the changelog keeps both", async () => {
    const { world, asked } = await decidedWorld();
    const before = new Map(world.texts.files);
    await promoteCandidate(world.ports, asked);
    const told = await rollBackPromotion(world.ports, { policyFile: POLICY_FILE, dryRun: true });
    expect(await rollBackPromotion(world.ports, { policyFile: POLICY_FILE, dryRun: false })).toEqual(told);
    const undated = (text: string): string => text.replace(/^version = .*$/m, "").replace(/^updated = .*$/m, "");
    expect(undated(textOf(world, POLICY_FILE))).toBe(undated(before.get(POLICY_FILE) ?? ""));
    expect(textOf(world, GOLDEN)).toBe(before.get(GOLDEN));
    expect(textOf(world, CHANGELOG).match(/^## /gm)).toHaveLength(2);
    await validate(world);
  });

  it("is a matter of use where nothing was promoted", async () => {
    await expect(rollBackPromotion(gateWorld().ports, { policyFile: POLICY_FILE, dryRun: false })).rejects.toMatchObject({ code: "usage" });
  });
});
