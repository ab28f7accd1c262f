// Registering a gate before the run, and what a registration then covers.
import { describe, expect, it } from "vitest";
import { type GateQuestion, runGate } from "../../../../src/app/gate/decide.ts";
import { registerGate } from "../../../../src/app/gate/registration.ts";
import { gatesBeforeRuns } from "../../../../src/app/gate/registration-log.ts";
import { canonicalJson } from "../../../../src/core/base/canonical.ts";
import { signStatement } from "../../../../src/core/base/dsse.ts";
import type { Header } from "../../../../src/core/capsule/line.ts";
import { policyEnvelope } from "../../../../src/core/policy/signature.ts";
import { LOG, newKey } from "../fakes.ts";
import { AFTER, type GateWorld, gateWorld, KEY, LATER, question, registering, SUITE } from "./world.ts";

describe("a registration", () => {
  it("binds candidates, incumbent, suite, tasks, epochs, seed, runs, policy and criteria, signed, at its place in the log", async () => {
    const { ports, texts, snapshot } = gateWorld();
    const { registration, path } = await registerGate(ports, registering({ candidates: ["new-model", "new-model"], incumbent: null }));
    expect(path).toBe("registration.json");
    expect(registration).toMatchObject({
      format: 2,
      registered_at: "2026-11-22T12:00:00.000Z",
      candidates: ["new-model"],
      incumbent: "gpt-oss-20b",
      suite: SUITE,
      epochs: 2,
      seed: 7,
      runs: 1,
      looks: null,
      policy: { id: snapshot.policy_id, hash: snapshot.hash },
      place: { index: 0, previous: null },
    });
    expect(registration.tasks).toHaveLength(24);
    expect(JSON.parse(texts.files.get(path) ?? "")).toMatchObject({ format: 2, envelope: { signatures: [{ keyid: KEY.keyid }] }, timestamp: null });
    expect(texts.files.get(LOG)).toBe(texts.files.get(path));
    const second = await registerGate(ports, registering({ out: null, limit: 5, epochs: 3 }));
    expect(second.path).toBe("reports/gates/registration-2026-11-22T12-00-00Z.json");
    expect(second.registration).toMatchObject({ epochs: 3, place: { index: 1, previous: expect.stringMatching(/^[0-9a-f]{64}$/) as string } });
    expect(second.registration.tasks).toHaveLength(5);
  });

  it("plans looks over the low-risk tasks, and is about the default suite where none is named", async () => {
    const { registration } = await registerGate(gateWorld().ports, registering({ suite: null, looks: 4 }));
    expect(registration).toMatchObject({ suite: { name: "reflex-patchloop-v1" }, looks: 4, sequential: "betting", runs: 1 });
  });

  it("knows how many gates of its candidates came before its looks, and which looks it promised", async () => {
    const { ports } = gateWorld();
    for (const out of ["first.json", "second.json"]) await registerGate(ports, registering({ looks: 4, out }));
    const before = (path: string, most = 4, sequential: "betting" | "spending" = "betting") => gatesBeforeRuns(ports, path, { most, sequential });
    expect([await before("first.json"), await before("second.json")]).toEqual([0, 1]);
    await expect(before("first.json", 3)).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("3 looks were planned, and 4 registered") as string,
    });
    await expect(before("first.json", 4, "spending")).rejects.toMatchObject({ code: "usage" });
  });

  it("is refused without a key, for a name, a task or a suite that nobody knows, and onto a log that was changed", async () => {
    const { ports, texts } = gateWorld();
    const refused = (more: object, code = "usage") => expect(registerGate(ports, registering(more))).rejects.toMatchObject({ code });
    await refused({ keyFile: null });
    await expect(registerGate(ports, registering({ candidates: ["new-modle"] }))).rejects.toMatchObject({
      code: "usage",
      hint: expect.stringContaining("new-model") as string,
    });
    await refused({ incumbent: "nobody" });
    await refused({ suite: "nowhere" });
    await refused({ tasks: ["task-99"] });
    await refused({ timestamp: "http://127.0.0.1:1/" }, "environment");
    expect(texts.written).toEqual([]);
    texts.files.set(LOG, "{}\n");
    await refused({}, "integrity");
  });

  it("is refused by a key that the policy does not trust, where it asks for signatures", async () => {
    const trusted = newKey();
    const strict = gateWorld({
      policy: (text) =>
        text.replace("require_signature = false", "require_signature = true").replace("trusted_keys = []", `trusted_keys = ["${trusted.publicKey}"]`),
    });
    strict.texts.files.set("policy/model_policy.sig.json", JSON.stringify(policyEnvelope(strict.snapshot, trusted)));
    await expect(registerGate(strict.ports, registering())).rejects.toThrow(`the policy does not trust the key ${KEY.publicKey}`);
  });
});

describe("a gate with a registration", () => {
  const gate = async ({ ports }: GateWorld, capsules: readonly string[], more: Partial<GateQuestion> = {}) =>
    (await runGate({ ...ports, clock: LATER }, question(capsules, { registration: "registration.json", trusted: [KEY.publicKey], ...more })))[0];
  const faultOf = async (world: GateWorld, capsules: readonly string[], more: Partial<GateQuestion> = {}): Promise<string> => {
    const registration = (await gate(world, capsules, more))?.registration;
    return registration?.state === "invalid" ? registration.fault : `${registration?.state ?? "nothing"}`;
  };
  const registered = async (more: object = {}): Promise<GateWorld> => {
    const world = gateWorld();
    await registerGate(world.ports, registering(more));
    return world;
  };

  it("is covered where a trusted key signed it before the run, about this very run; all runs and all gates before are told", async () => {
    const world = await registered({ out: "earlier.json" });
    await registerGate(world.ports, registering());
    const document = await gate(world, [await world.layRegistered("run-1", { "new-model": 24 })]);
    expect(document?.registration).toMatchObject({
      state: "valid",
      path: "registration.json",
      registeredAt: "2026-11-22T12:00:00.000Z",
      time: "the signer's own word",
      runs: [{ runId: "run-1", state: "sealed" }],
      earlier: 1,
    });
    expect(document?.log).toMatchObject({ size: 3 });
    // What the gates of a chain share α by: thirty tasks show nothing at a second gate's level.
    expect(document).toMatchObject({ alpha: 0.04, decision: { verdict: "inconclusive" } });
  });

  it("promotes as the first of its chain, at the level that is the first one's share", async () => {
    const world = await registered();
    const document = await gate(world, [await world.layRegistered("run-1", { "new-model": 24 })]);
    expect(document?.registration).toMatchObject({ state: "valid", earlier: 0 });
    expect(document).toMatchObject({ alpha: 0.32, decision: { verdict: "promote" } });
  });

  it.each<[string, Partial<Header>, Partial<GateQuestion>, string]>([
    ["was made after the run", { created_at: "2026-11-22T11:00:00.000Z" }, {}, "after run run-1 began"],
    ["is about another suite", { suite: { name: "other", version: "1.0.0", root: "3".repeat(64) } }, {}, "another suite"],
    ["is signed by nobody trusted", {}, { trusted: [] }, "no trusted key signed it"],
    ["is about another incumbent", {}, { incumbent: "cloud-high" }, "against gpt-oss-20b, not"],
    ["does not name every alternative", {}, { candidates: ["new-model", "rustc-suggestions"] }, "not new-model, rustc-suggestions"],
    ["was not what the run began under", { registration: { sha256: "4".repeat(64) } }, {}, "was not begun under it"],
  ])("is not covered where it %s", async (_, changes, more, fault) => {
    const world = await registered();
    const capsule = await world.layRegistered("run-1", { "new-model": 24 }, changes);
    expect(await faultOf(world, [capsule], more)).toContain(fault);
  });

  it("is not covered by a run of other tasks, epochs or seed than were registered", async () => {
    const fewer = await registered({ limit: 20 });
    expect(await faultOf(fewer, [await fewer.layRegistered("run-1", { "new-model": 24 })])).toContain("of other tasks than were registered");
    const other = await registered({ seed: 8 });
    expect(await faultOf(other, [await other.layRegistered("run-1", { "new-model": 24 })])).toContain("2 by seed 8 were registered");
    const more = await registered({ epochs: 3 });
    expect(await faultOf(more, [await more.layRegistered("run-1", { "new-model": 24 })])).toContain("3 by seed 7 were registered");
  });

  it("counts every run that began, also one that was aborted, and lets nobody choose", async () => {
    const world = await registered();
    const bad = await world.layRegistered("run-1", { "new-model": 12 });
    const good = await world.layRegistered("run-2", { "new-model": 24 });
    const told = await faultOf(world, [good]);
    expect(told).toContain("2 runs began under it, and 1 was registered: run-1 (sealed), run-2 (looked at)");
    world.damage(bad);
    expect(await faultOf(world, [good])).toContain("run-1 (gone), run-2 (looked at)");
    const two = await registered({ runs: 2 });
    const one = await two.layRegistered("run-1", { "new-model": 24 });
    expect(await faultOf(two, [one])).toContain("1 of 2 registered runs are there");
    await two.layRegistered("run-2", { "new-model": 12 });
    expect(await faultOf(two, [one])).toContain("run run-2 began under it and is not looked at");
  });

  it("misses a line of the log, a run that it does not know, and another header than a run began with", async () => {
    const world = await registered();
    const capsule = await world.layRegistered("run-1", { "new-model": 24 });
    const log = world.texts.files.get(LOG) ?? "";
    const lines = log.split("\n");
    world.texts.files.set(LOG, `${lines[0]}\n`);
    expect(await faultOf(world, [capsule])).toContain("run run-1 is not in the log of registrations");
    world.texts.files.set(LOG, `${lines[1]}\n`);
    expect(await faultOf(world, [capsule])).toContain("line 1 does not follow the one before it");
    world.texts.files.set(LOG, log.slice(0, -1));
    expect(await faultOf(world, [capsule])).toContain("its last line is cut off");
    world.texts.files.set(LOG, "");
    expect(await faultOf(world, [capsule])).toContain(`it is not in ${LOG}`);
    world.texts.files.set(LOG, log);
    const registration = (await world.ports.capsules.glance(capsule)).header.registration;
    world.lay("run-1", { "new-model": 24 }, { created_at: "2026-11-22T14:00:00.000Z", ...(registration ? { registration } : {}) });
    expect(await faultOf(world, [capsule])).toContain("began with another header");
    world.lay("run-7", { "new-model": 24 }, { created_at: AFTER, ...(registration ? { registration } : {}) });
    world.texts.files.set(LOG, log);
    await expect(faultOf(world, [await world.layRegistered("run-1", { "new-model": 24 })])).resolves.toContain("run run-7 began under it, and the log");
  });

  it("is not covered by one of format 1, by a file that is none, and one that is not there is a matter of use", async () => {
    const world = gateWorld();
    const capsule = world.lay("run-1", { "new-model": 24 });
    world.texts.files.set("other.json", "{");
    expect(await faultOf(world, [capsule], { registration: "other.json" })).toContain("no registration");
    const { policy_id: id, hash } = world.snapshot;
    const predicate = {
      format: 1,
      registered_at: "2026-11-20T12:00:00.000Z",
      candidates: ["new-model"],
      incumbent: "gpt-oss-20b",
      suite: SUITE,
      policy: { id, hash },
      criteria_hash: "5".repeat(64),
    };
    const statement = {
      _type: "https://in-toto.io/Statement/v1" as const,
      subject: [{ name: "suite", digest: { sha256: SUITE.root } }],
      predicateType: "urn:bakeoff:gate-registration:v1",
      predicate,
    };
    world.texts.files.set("first.json", `${canonicalJson(signStatement(statement, KEY))}\n`);
    expect(await faultOf(world, [capsule], { registration: "first.json" })).toContain("format 1 binds neither runs nor tasks");
    world.texts.files.set("stranger.json", `${canonicalJson(signStatement(statement, newKey()))}\n`);
    expect(await faultOf(world, [capsule], { registration: "stranger.json" })).toContain("no trusted key signed it");
    await expect(runGate(world.ports, question([capsule], { registration: "nowhere.json" }))).rejects.toMatchObject({ code: "usage" });
  });
});
