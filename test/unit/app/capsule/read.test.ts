// What is said of stored capsules: listed, shown, gone through, verified, and single events proven.
import { beforeAll, describe, expect, it } from "vitest";
import { checkProof } from "../../../../src/app/capsule/check-proof.ts";
import { readEvents } from "../../../../src/app/capsule/events.ts";
import { listCapsules, newestRun } from "../../../../src/app/capsule/list.ts";
import { proveEvent } from "../../../../src/app/capsule/prove.ts";
import { showCapsule } from "../../../../src/app/capsule/show.ts";
import { verifyCapsule } from "../../../../src/app/capsule/verify.ts";
import { BakeoffError } from "../../../../src/core/base/errors.ts";
import { proofFaults } from "../../../../src/core/capsule/proof/proof.ts";
import { memoryCapsules, PLACES } from "../memory-capsules.ts";
import { type HonestRun, honestRun, tasksNamed } from "../replay/honest-run.ts";

const PATH = PLACES.capsule("run-1");
const KEY = "A".repeat(43) + "=";
const noTrust = { keys: [], file: null };
const trustedKeys = async (keys: readonly string[]) => keys;
const usage = expect.objectContaining({ code: "usage" }) as unknown;
const integrity = expect.objectContaining({ code: "integrity" }) as unknown;

let run: HonestRun;
let changed: HonestRun;
beforeAll(async () => {
  run = await honestRun({ tasks: tasksNamed(2) });
  changed = { ...run, events: run.events.slice(0, -1) };
});
const portsOf = (one: HonestRun | null) => ({ capsules: memoryCapsules({ [PATH]: { run: one } }), places: PLACES, trustedKeys });

it("lists the capsules of the working folder", async () => {
  const shelved = { run: "run-1", path: PATH, state: "sealed", inUse: false, signed: false, isSafeExport: false, header: run.header } as const;
  expect(await listCapsules({ capsules: memoryCapsules({}, [shelved]), places: PLACES })).toEqual([shelved]);
});

it("finds the newest finished run where none is named", async () => {
  const row = (name: string, state: "sealed" | "unfinished") => ({
    run: name,
    path: name,
    state,
    inUse: false,
    signed: false,
    isSafeExport: false,
    header: null,
  });
  const newest = (...rows: readonly ReturnType<typeof row>[]) => newestRun({ capsules: memoryCapsules({}, rows), places: PLACES });
  expect(await newest(row("run-3", "unfinished"), row("run-2", "sealed"), row("run-1", "sealed"))).toBe("run-2");
  await expect(newest(row("run-3", "unfinished"))).rejects.toEqual(usage);
});

describe("showing a capsule", () => {
  it("takes a run's id or a path, and says what is wrong as data", async () => {
    expect((await showCapsule(portsOf(run), "run-1")).checked.faults).toEqual([]);
    expect((await showCapsule(portsOf(changed), PATH)).checked.faults.length).toBeGreaterThan(0);
  });

  it("asks for attachments of sealed ones only", async () => {
    const capsules = memoryCapsules({ [PATH]: { run: { ...run, seal: null } } });
    const asked = { ...capsules, attachments: async () => Promise.reject(new Error("asked")) };
    expect((await showCapsule({ capsules: asked, places: PLACES }, "run-1")).attachments).toEqual([]);
  });
});

describe("going through events", () => {
  it("gives each its number in the capsule, whatever the filter leaves out", async () => {
    const seen: [number, string][] = [];
    const trial = "small/task-1/1";
    const count = await readEvents(portsOf(run), "run-1", { trial, type: "ModelCallEnvelope" }, (line, _, index) => void seen.push([index, line.event_type]));
    expect(count).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(0);
    for (const [index] of seen) expect(run.events[index]).toMatchObject({ trial, event_type: "ModelCallEnvelope" });
  });

  it("shows all without a filter", async () => {
    expect(await readEvents(portsOf(run), "run-1", { trial: null, type: null }, () => undefined)).toBe(run.events.length);
  });
});

describe("verifying a capsule", () => {
  const verified = (one: HonestRun | null, more: Partial<Parameters<typeof verifyCapsule>[1]> = {}) =>
    verifyCapsule(portsOf(one), { capsule: "run-1", trust: noTrust, requireSignature: false, ...more });

  it("finds nothing wrong with one that is as it was sealed, and names what is wrong with another", async () => {
    expect(await verified(run)).toMatchObject({ readable: true, faults: [] });
    const wrong = await verified(changed);
    expect(wrong.readable && wrong.faults.map(({ check }) => check)).toContain("merkle-root");
  });

  it("tells a file that is no capsule as data, and lets every other error through", async () => {
    expect(await verified(null)).toMatchObject({ readable: false, fault: { fault: "not-json" } });
    await expect(verified(run, { capsule: "another" })).rejects.toEqual(usage);
  });

  it("asks for a signature by somebody: no key at all is a wrong question, no signature is a fault", async () => {
    await expect(verified(run, { requireSignature: true })).rejects.toEqual(usage);
    expect(await verified(run, { requireSignature: true, trust: { keys: [KEY], file: null } })).toMatchObject({
      faults: [{ check: "signature", fault: "it is not signed" }],
    });
  });
});

describe("proving an event", () => {
  it("by its number and by its address, as a proof that holds", async () => {
    const byNumber = await proveEvent(portsOf(run), "run-1", "3");
    expect(proofFaults(byNumber, [])).toEqual([]);
    expect(await proveEvent(portsOf(run), "run-1", run.events[3]?.uri ?? "")).toEqual(byNumber);
  });

  it("refuses an event that is not there, and a capsule that does not verify", async () => {
    await expect(proveEvent(portsOf(run), "run-1", String(run.events.length))).rejects.toMatchObject({
      code: "usage",
      hint: expect.stringContaining(`0 to ${run.events.length - 1}`) as string,
    });
    await expect(proveEvent(portsOf(changed), "run-1", "0")).rejects.toEqual(integrity);
  });

  it("is checked without the capsule, and a forged one does not hold", async () => {
    const proof = await proveEvent(portsOf(run), "run-1", "3");
    const ports = (value: unknown) => ({ readJson: async () => value, trustedKeys });
    expect(await checkProof(ports(proof), "proof.json", noTrust)).toMatchObject({ faults: [], isTrusting: false });
    const unsigned = await checkProof(ports(proof), "proof.json", { keys: [KEY], file: null });
    expect([unsigned.isTrusting, unsigned.faults.map(({ check }) => check)]).toEqual([true, ["signature"]]);
    expect((await checkProof(ports({ ...proof, index: 4 }), "proof.json", noTrust)).faults.map(({ check }) => check)).toEqual(["path"]);
    await expect(checkProof(ports(null), "proof.json", noTrust)).rejects.toEqual(usage);
    await expect(checkProof(ports({ kind: "else" }), "proof.json", noTrust)).rejects.toBeInstanceOf(BakeoffError);
  });
});
