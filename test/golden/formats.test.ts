// Evidence of every format that was ever written: it verifies and replays as it did when it was frozen, whatever has changed since.
import { readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { checkCapsule } from "../../src/adapters/capsules/check.ts";
import { composeGate } from "../../src/app/compose/gate.ts";
import { composeReplay } from "../../src/app/compose/replay.ts";
import { verifyDecision } from "../../src/app/gate/verify.ts";
import { findPlaces, type Places } from "../../src/app/places.ts";
import { replayCapsule } from "../../src/app/replay/replay-capsule.ts";

const FORMAT_1 = new URL("formats/1/", import.meta.url).pathname;
const PROMOTION = "2026-11-29T06-53-28Z-9cae3b";
const signer = (await readFile(join(FORMAT_1, "signer.txt"), "utf8")).trim();

const places = (folder: string): Places => ({
  ...findPlaces({}),
  workingFolder: folder,
  suiteFolders: [join(folder, "suites")],
  capsules: join(folder, "capsules"),
  capsule: (name) => join(folder, "capsules", `${basename(name, ".capsule.jsonl")}.capsule.jsonl`),
});

/** As if the program had been started in the folder; `instead` puts another file in one's place. */
function gateIn(folder: string, instead: Readonly<Record<string, string>>) {
  const ports = composeGate(places(folder));
  const at = (path: string): string => resolve(folder, instead[path] ?? path);
  return {
    ...ports,
    texts: { ...ports.texts, read: (path: string) => ports.texts.read(at(path)), exists: (path: string) => ports.texts.exists(at(path)) },
    capsules: { ...ports.capsules, open: (...[path, ...rest]: Parameters<typeof ports.capsules.open>) => ports.capsules.open(at(path), ...rest) },
  };
}

const verify = (decision: string, instead = {}) => verifyDecision(gateIn(FORMAT_1, instead), {
    decision,
    trusted: [signer],
    policyFile: findPlaces({}).shippedPolicy,
    policyFrom: null,
    isBinding: false,
  });

const LEVELS: Readonly<Record<string, readonly string[]>> = {
  capability: ["proven", "proven", "proven", "proven", "not-checked", "proven"],
  default: ["proven", "proven", "proven", "proven", "not-checked", "proven"],
  resumed: ["proven", "proven", "partly", "proven", "not-checked", "not-reconstructable"],
  [PROMOTION]: ["proven", "proven", "proven", "proven", "not-checked", "proven"],
};

describe("capsules of format 1", () => {
  it("are all held to what they said", async () => {
    const files = (await readdir(join(FORMAT_1, "capsules"))).filter((file) => file.endsWith(".jsonl"));
    expect(files.map((file) => basename(file, ".capsule.jsonl")).toSorted()).toEqual(Object.keys(LEVELS).toSorted());
  });

  it.each(Object.keys(LEVELS))("%s verifies", async (name) => {
    const checked = await checkCapsule(places(FORMAT_1).capsule(name), [signer]);
    expect(checked.faults).toEqual([]);
    expect(checked.signature.state).toBe(name === PROMOTION ? "trusted" : "unsigned");
  });

  it.each(Object.entries(LEVELS))("%s replays, level by level", async (capsule, expected) => {
    const ports = composeReplay(places(FORMAT_1));
    const request = { capsule, reexecute: false, policyFile: null, compare: null, suite: null, trusted: [], reports: null, json: null, reexecuted: () => undefined };
    const { model } = await replayCapsule(ports, request, new AbortController().signal);
    expect(model.levels.map(({ status }) => status)).toEqual(expected);
  });
});

describe("decisions of format 1", () => {
  it("to promote, registered before the run and signed, holds in every link", async () => {
    const { claim, links } = await verify("promote.json");
    expect(claim.decision).toMatchObject({ candidate: "new-model", incumbent: "gpt-oss-20b", verdict: "promote" });
    expect(links.map(({ name, fault }) => [name, fault])).toEqual([
      ["signature", null],
      ["registration", null],
      ["log", null],
      ["capsules", null],
      ["policy", null],
      ["suite", null],
      ["decision", null],
      ["age", null],
    ]);
  });

  it("to hold, for want of a registration, comes out again", async () => {
    const { claim, links } = await verify("hold.json");
    expect(claim.decision.verdict).toBe("hold");
    expect(links.filter(({ fault }) => fault !== null)).toEqual([]);
  });

  it("doesn't hold with another file in the registration's place", async () => {
    const { links } = await verify("promote.json", { "registration.json": "hold.json" });
    expect(links.filter(({ fault }) => fault !== null).map(({ name }) => name)).toEqual(["registration", "decision"]);
  });
});
