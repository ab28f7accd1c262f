// What may be tried around a sound capsule: runs that are chosen among, gates that come one by one, times, and what a decision tells beside its verdict.
import { describe, expect, it } from "vitest";
import { decideGate, runGate } from "../../../../src/app/gate/decide.ts";
import { promoteCandidate } from "../../../../src/app/gate/promotion.ts";
import { registerGate } from "../../../../src/app/gate/registration.ts";
import { verifyDecision } from "../../../../src/app/gate/verify.ts";
import { gatesBeforeRuns } from "../../../../src/app/gate/registration-log.ts";
import { canonicalJson } from "../../../../src/core/base/canonical.ts";
import { signStatement } from "../../../../src/core/base/dsse.ts";
import { claimedRegistration, type Registration, registrationStatement } from "../../../../src/core/gate/registration/registration.ts";
import type { TimeStamps } from "../../../../src/ports/registration-log.ts";
import { LOG } from "../fakes.ts";
import { AUTHORITY, type GateWorld, gateWorld, KEY, LATER, question, registering, request } from "./world.ts";

const REGISTERED = { registration: "registration.json", trusted: [KEY.publicKey] };
const later = ({ ports }: GateWorld) => ({ ...ports, clock: LATER });

describe("runs under a registration", () => {
  it("can't be gated without it: the best of several would be one of which nobody knows how many there were", async () => {
    const world = gateWorld();
    await registerGate(world.ports, registering());
    await world.layRegistered("run-1", { "new-model": 12 });
    const best = await world.layRegistered("run-2", { "new-model": 24 });
    await expect(runGate(later(world), question([best]))).rejects.toMatchObject({
      code: "integrity",
      message: expect.stringMatching(/without-registration: .*run-2.* name its file with --registration/) as string,
    });
  });

  it("promote nothing by a decision from which the registration was taken", async () => {
    const world = gateWorld();
    await registerGate(world.ports, registering());
    const capsule = await world.layRegistered("run-1", { "new-model": 24 });
    const { paths } = await decideGate(later(world), request([capsule], REGISTERED));
    const decision = paths[0] ?? "";
    const text = world.texts.files.get(decision) ?? "";
    world.texts.files.set(decision, text.replace(/"registration":\{"earlier".*?"state":"valid","time":"[^"]*"\}/, '"registration":{"state":"none"}'));
    expect(world.texts.files.get(decision)).not.toBe(text);
    const asked = { candidate: "new-model", decision, by: "Eve", dryRun: true, ...AUTHORITY };
    await expect(promoteCandidate(later(world), asked)).rejects.toMatchObject({
      code: "integrity",
      message: expect.stringContaining("does not verify") as string,
    });
  });
});

describe("gates that come one by one", () => {
  const MODELS = ["new-model", "cloud-high", "qwen3-coder-30b-a3b-awq"];
  const earlierOf = async (moments: readonly string[], more: object = {}): Promise<unknown[]> => {
    const world = gateWorld();
    const found: unknown[] = [];
    for (const [index, wall] of moments.entries()) {
      const candidates = [MODELS[index] ?? ""];
      const out = `r${index}.json`;
      await registerGate({ ...world.ports, clock: { wall: () => wall } }, registering({ candidates, out, looks: 4, ...more }));
      found.push(await gatesBeforeRuns(world.ports, out, { most: 4, sequential: "betting" }));
    }
    return found;
  };

  it("share one level where they are for the same place: a model after the other until one passes is as likely to err as one again and again", async () => {
    expect(await earlierOf(["2026-11-01T00:00:00.000Z", "2026-11-05T00:00:00.000Z", "2026-11-30T00:00:00.000Z"])).toEqual([0, 1, 2]);
  });

  it("begin anew once no run of the earlier ones could be gated any more, but for the same candidate", async () => {
    expect(await earlierOf(["2026-11-01T00:00:00.000Z", "2026-12-05T00:00:00.000Z", "2026-12-30T00:00:00.000Z"])).toEqual([0, 0, 1]);
    expect(await earlierOf(["2026-11-01T00:00:00.000Z", "2027-11-05T00:00:00.000Z"], { candidates: ["new-model"] })).toEqual([0, 1]);
  });

  it("are told to whoever registers one of them, with the level that is left", async () => {
    const { ports } = gateWorld();
    const made = [];
    for (const name of MODELS) made.push(await registerGate(ports, registering({ candidates: [name], out: `${name}.json` })));
    expect(made.map(({ earlier, level }) => [earlier, Number(level.toFixed(6))])).toEqual([
      [0, 0.32],
      [1, 0.04],
      [2, 0.013333],
    ]);
  });

  it("are not believed by a registration that says nothing of the others", async () => {
    const world = gateWorld();
    await registerGate(world.ports, registering());
    const written = JSON.parse(world.texts.files.get(LOG) ?? "") as { envelope: { payload: string } };
    const { shared_days: shared, ...silent } = claimedRegistration(world.texts.files.get(LOG) ?? "")?.registration ?? {};
    expect(shared).toBe(30);
    const line = canonicalJson({ ...written, envelope: signStatement(registrationStatement(silent as Registration), KEY) });
    for (const path of [LOG, "registration.json"]) world.texts.files.set(path, `${line}\n`);
    const capsule = await world.layRegistered("run-1", { "new-model": 24 });
    expect((await runGate(later(world), question([capsule], REGISTERED)))[0]?.registration).toMatchObject({
      state: "invalid",
      fault: expect.stringContaining("register anew") as string,
    });
  });
});

describe("a time stamp", () => {
  const stampedAt = (at: string): TimeStamps => ({
    request: async () => "c3RhbXA=",
    check: async () => ({ ok: true, at, authority: "the authority", certificate: "ab" }),
  });

  it("of after a run began shows that the registration's own time was not its time", async () => {
    const world = gateWorld({ stamps: stampedAt("2026-11-22T11:59:59.000Z") });
    await registerGate(world.ports, registering({ timestamp: "http://authority" }));
    const capsule = await world.layRegistered("run-1", { "new-model": 24 });
    const gate = async (stamps: TimeStamps) => (await runGate({ ...later(world), stamps }, question([capsule], REGISTERED)))[0]?.registration;
    expect(await gate(world.ports.stamps)).toMatchObject({ state: "valid" });
    expect(await gate(stampedAt("2026-11-22T13:00:00.000Z"))).toMatchObject({
      state: "invalid",
      fault: "the authority saw it at 2026-11-22T13:00:00.000Z, after a run began at 2026-11-22T13:00:00.000Z",
    });
  });

  it("from a clock that is ahead of ours is refused before anything is run", async () => {
    const world = gateWorld({ stamps: stampedAt("2026-11-22T12:00:01.000Z") });
    await expect(registerGate(world.ports, registering({ timestamp: "http://authority" }))).rejects.toMatchObject({ code: "environment" });
    expect(world.texts.written).toEqual([]);
  });
});

describe("what a decision tells beside its verdict", () => {
  it.each<readonly [string, RegExp, string, string]>([
    ["another result to those who only read the summary", /"verificationResult":"FAILED"/, '"verificationResult":"PASSED"', "verificationResult"],
    ["another candidate to them", /"resourceUri":"[^"]+"/, '"resourceUri":"urn:bakeoff:reflex:other"', "resourceUri"],
    ["another policy to them", /"policy":\{"digest":\{"sha256":"[0-9a-f]+/, `"policy":{"digest":{"sha256":"${"9".repeat(64)}`, "policy"],
    ["another time to them", /"timeVerified":"[^"]+"/, '"timeVerified":"2026-11-21T12:00:00.000Z"', "timeVerified"],
    ["what it did not cost", /"costUsd":null,"solved":24/, '"costUsd":0.001,"solved":24', "cost"],
    ["latencies that nobody measured", /"latency":\[\{"candidate":"new-model"/, '"latency":[{"candidate":"cloud-high"', "latency"],
    ["a Judge that never erred on more plants", /"judged":8,"plant":"reference"/, '"judged":9,"plant":"reference"', "calibration"],
    ["stand-ins", /"standIns":\[\]/, '"standIns":[{"role":"Judge","standIn":"oracle"}]', "standIns"],
    ["another toolchain", /"rustc":"rustc [^"]+"/, '"rustc":"rustc 9.9.9"', "toolchain"],
    [
      "a suite of another version",
      /"suite":\{"name":"made-suite","root":"([0-9a-f]+)","version":"1.0.0"\}/,
      '"suite":{"name":"made-suite","root":"$1","version":"2.0.0"}',
      "suite",
    ],
    ["a policy that lay there meanwhile", /"otherPolicies":\[\]/, '"otherPolicies":["none of it matters"]', "otherPolicies"],
  ])("is held against its capsules: %s", async (_, from, to, named) => {
    const world = gateWorld();
    const capsule = world.lay("run-1", { "new-model": 12 });
    const { paths } = await decideGate(world.ports, request([capsule]));
    const decision = paths[0] ?? "";
    const text = world.texts.files.get(decision) ?? "";
    world.texts.files.set(decision, text.replace(from, to));
    expect(world.texts.files.get(decision)).not.toBe(text);
    const { links } = await verifyDecision(world.ports, { decision, ...AUTHORITY, isBinding: false });
    expect(links.find(({ name }) => name === "decision")?.fault).toBe(`it tells ${named} otherwise than its capsules do`);
  });

  it("is not that there was a registration, where there was none", async () => {
    const world = gateWorld();
    const { paths } = await decideGate(world.ports, request([world.lay("run-1", { "new-model": 24 })]));
    const decision = paths[0] ?? "";
    world.texts.files.set(decision, (world.texts.files.get(decision) ?? "").replace('"registration":{"state":"none"}', '"registration":{"state":"valid"}'));
    const { links } = await verifyDecision(world.ports, { decision, ...AUTHORITY, isBinding: false });
    expect(links.find(({ name }) => name === "registration")?.fault).toBe("it says that its registration is valid, and it is none");
  });
});
