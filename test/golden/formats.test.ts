// Evidence of every format that was ever written: it verifies and replays as it did when it was frozen, whatever has changed since.
import { readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { checkCapsule } from "../../src/adapters/capsules/check.ts";
import { composeGate } from "../../src/app/compose/gate.ts";
import { composeReplay } from "../../src/app/compose/replay.ts";
import { readGateCapsule } from "../../src/app/gate/capsules.ts";
import { verifyDecision } from "../../src/app/gate/verify.ts";
import { findPlaces, type Places } from "../../src/app/places.ts";
import { replayCapsule } from "../../src/app/replay/replay-capsule.ts";
import type { GateCapsule } from "../../src/core/gate/evidence.ts";

interface Frozen {
  readonly format: string;
  /** What each capsule's levels come to. */
  readonly levels: Readonly<Record<string, readonly string[]>>;
  /** The capsule that the decisions are about, which is signed. */
  readonly decidedOn: string;
  /** Links of its decisions that can't be looked at. */
  readonly open: readonly string[];
  readonly held: string;
}

const folderOf = (format: string): string => new URL(`formats/${format}/`, import.meta.url).pathname;
const signerOf = async (folder: string): Promise<string> => (await readFile(join(folder, "signer.txt"), "utf8")).trim();

const PROVEN = ["proven", "proven", "proven", "proven", "not-checked", "proven"];

const FORMATS: readonly Frozen[] = [
  {
    format: "1",
    decidedOn: "2026-11-29T06-53-28Z-9cae3b",
    levels: {
      capability: PROVEN,
      default: PROVEN,
      resumed: ["proven", "proven", "partly", "proven", "not-checked", "not-reconstructable"],
      "2026-11-29T06-53-28Z-9cae3b": PROVEN,
    },
    open: ["log"],
    held: "new-model",
  },
  {
    format: "2",
    decidedOn: "run-promote",
    levels: {
      "run-promote": PROVEN,
      "run-small": PROVEN,
      exported: ["partly", "proven", "partly", "partly", "not-checked", "not-reconstructable"],
    },
    open: [],
    held: "rustc-suggestions",
  },
  {
    format: "3",
    decidedOn: "run-promote",
    levels: {
      "run-promote": PROVEN,
      "run-small": PROVEN,
      exported: ["partly", "proven", "partly", "partly", "not-checked", "not-reconstructable"],
    },
    open: [],
    held: "rustc-suggestions",
  },
];

const places = (folder: string): Places => ({
  ...findPlaces({}),
  workingFolder: folder,
  suiteFolders: [join(folder, "suites")],
  capsules: join(folder, "capsules"),
  reports: join(folder, "reports"),
  capsule: (name) => join(folder, "capsules", `${basename(name, ".capsule.jsonl")}.capsule.jsonl`),
});

const read = new Map<string, Promise<GateCapsule>>();

/** As if the program had been started in the folder; `instead` puts another file in one's place. */
function gateIn(folder: string, instead: Readonly<Record<string, string>>) {
  const ports = composeGate(places(folder));
  const at = (path: string): string => resolve(folder, instead[path] ?? path);
  const capsules = { ...ports.capsules, open: (...[path, ...rest]: Parameters<typeof ports.capsules.open>) => ports.capsules.open(at(path), ...rest) };
  // Nobody writes to these files: a capsule is read once, whatever else is put in another file's place.
  const readCapsule = async (name: string) => {
    const key = `${name} ${at(capsules.pathOf(name))}`;
    const known = read.get(key) ?? readGateCapsule(capsules, ports.version, name);
    read.set(key, known);
    return known;
  };
  return {
    ...ports,
    texts: { ...ports.texts, read: (path: string) => ports.texts.read(at(path)), exists: (path: string) => ports.texts.exists(at(path)) },
    capsules,
    readCapsule,
  };
}

async function verify(folder: string, decision: string, instead = {}) {
  return verifyDecision(gateIn(folder, instead), {
    decision,
    trusted: [await signerOf(folder)],
    policyFile: findPlaces({}).shippedPolicy,
    policyFrom: null,
    isBinding: false,
  });
}

describe("evidence of format 2 beside that", () => {
  const folder = folderOf("2-looks");
  const replay = async (capsule: string) => {
    const request = { capsule, reexecute: false, policyFile: null, compare: null, suite: null, trusted: [], reports: null, json: null, reexecuted: () => undefined };
    return (await replayCapsule(composeReplay(places(folder)), request, new AbortController().signal)).model.levels.map(({ status }) => status);
  };

  it("holds a decision at the first of four looks, by bets, link by link", async () => {
    const { claim, links } = await verify(folder, "look.json");
    expect(claim.decision).toMatchObject({ candidate: "new-model", verdict: "inconclusive", alpha: 0.08 });
    expect(claim.look).toEqual({ number: 1, planned: 4, tasks: 8, ofTasks: 24, by: "bets", most: 4, sequential: "betting" });
    expect(links.filter(({ fault }) => fault !== null)).toEqual([]);
    expect(links.filter((link) => link.open === true && link.name !== "age")).toEqual([]);
  });

  it("holds what it was decided on, and a run whose plants were drawn epoch by epoch", async () => {
    for (const [name, calibration] of [
      ["run-look", "whole-run"],
      ["epoch-complete", "complete"],
    ] as const) {
      const checked = await checkCapsule(places(folder).capsule(name), []);
      expect([checked.faults, checked.header.calibration, (checked.eventTypes["CalibrationPlant"] ?? 0) > 10]).toEqual([[], calibration, true]);
      expect(await replay(name)).toEqual(PROVEN);
    }
  });
});

describe.each(FORMATS)("evidence of format $format", ({ format, levels, decidedOn, open, held }) => {
  const folder = folderOf(format);
  it("is all held to what it said", async () => {
    const files = (await readdir(join(folder, "capsules"))).filter((file) => file.endsWith(".jsonl"));
    expect(files.map((file) => basename(file, ".capsule.jsonl")).toSorted()).toEqual(Object.keys(levels).toSorted());
  });

  it.each(Object.keys(levels))("%s verifies", async (name) => {
    const checked = await checkCapsule(places(folder).capsule(name), [await signerOf(folder)]);
    expect(checked.faults).toEqual([]);
    expect(checked.signature.state).toBe(name === decidedOn ? "trusted" : "unsigned");
  });

  it.each(Object.entries(levels))("%s replays, level by level", async (capsule, expected) => {
    const ports = composeReplay(places(folder));
    const request = { capsule, reexecute: false, policyFile: null, compare: null, suite: null, trusted: [], reports: null, json: null, reexecuted: () => undefined };
    const { model } = await replayCapsule(ports, request, new AbortController().signal);
    expect(model.levels.map(({ status }) => status)).toEqual(expected);
  });

  it("holds in every link where it promotes, registered before the run and signed", async () => {
    const { claim, links } = await verify(folder, "promote.json");
    expect(claim.decision).toMatchObject({ candidate: "new-model", incumbent: "gpt-oss-20b", verdict: "promote" });
    const names = ["signature", "registration", "log", "capsules", "policy", "suite", "decision", "age"];
    expect(links.map(({ name, fault }) => [name, fault])).toEqual(names.map((name) => [name, null]));
    // Runs grow old: that is no fault of theirs.
    expect(links.filter((link) => link.open === true && link.name !== "age").map(({ name }) => name)).toEqual(open);
  });

  it("comes out again where it holds", async () => {
    const { claim, links } = await verify(folder, "hold.json");
    expect(claim.decision).toMatchObject({ candidate: held, verdict: "hold" });
    expect(links.filter(({ fault }) => fault !== null)).toEqual([]);
  });

  it("doesn't hold with another file in the registration's place", async () => {
    const { links } = await verify(folder, "promote.json", { "registration.json": "hold.json" });
    expect(links.map(({ name, fault }) => (fault === null ? null : name)).filter((name) => name !== null)).toContain("registration");
  });
});
