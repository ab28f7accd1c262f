// A replay from a stored capsule to its audit: what is looked up, what is written, and what happens where something is missing.
import { beforeAll, describe, expect, it } from "vitest";
import { replayCapsule, type ReplayPorts, type CapsuleReplayRequest } from "../../../../src/app/replay/replay-capsule.ts";
import { BakeoffError, WrittenFileError } from "../../../../src/core/base/errors.ts";
import type { LoadSuite } from "../../../../src/ports/suites.ts";
import { bench } from "../../core/replay/recorded.ts";
import { policyWith } from "../../run/fakes.ts";
import { memoryCapsules, PLACES } from "../memory-capsules.ts";
import { type HonestRun, honestRun, tasksNamed } from "./honest-run.ts";

const PATH = PLACES.capsule("run-1");
const usage = expect.objectContaining({ code: "usage" }) as unknown;

let run: HonestRun;
beforeAll(async () => {
  run = await honestRun({ tasks: tasksNamed(2) });
});

interface MemoryFile {
  text: string;
  state: "open" | "committed" | "discarded";
}

function worldOf(more: Partial<ReplayPorts> & { readonly other?: HonestRun } = {}) {
  const { other, ...ports } = more;
  const files = new Map<string, MemoryFile>();
  const folders: string[] = [];
  const capsules = memoryCapsules({ [PATH]: { run }, ...(other ? { "other.jsonl": { run: other } } : {}) });
  const benches = { open: 0 };
  const whole: ReplayPorts = {
    capsules,
    places: PLACES,
    trustedKeys: async (keys) => keys,
    loadSuite: async () => run.suite,
    loadPolicy: async () => policyWith((policy) => void (policy.reflex.enabled = false)),
    openBench: async () => {
      benches.open += 1;
      return { bench: bench(), close: async () => void (benches.open -= 1) };
    },
    diffTool: () => ({ apply: async () => ({ ok: false, detail: "no diff tool here" }) }),
    files: {
      makeFolder: async (folder) => void folders.push(folder),
      create: (path) => {
        const file: MemoryFile = { text: "", state: "open" };
        files.set(path, file);
        return {
          text: (text) => void (file.text += text),
          sync: () => undefined,
          commit: () => void (file.state = "committed"),
          discard: () => void (file.state = file.state === "committed" ? "committed" : "discarded"),
        };
      },
      createPage: () => expect.unreachable("a small run has one page"),
      commitAll: async (all) => {
        for (const file of all) file.commit();
      },
    },
    turn: async () => undefined,
    keepHeapSmall: () => undefined,
    ...ports,
  };
  const replay = (request: Partial<CapsuleReplayRequest> = {}, signal = new AbortController().signal) =>
    replayCapsule(
      whole,
      {
        capsule: "run-1",
        reexecute: false,
        policyFile: null,
        trusted: [],
        compare: null,
        suite: null,
        reports: null,
        json: null,
        reexecuted: () => undefined,
        ...request,
      },
      signal,
    );
  return { files, folders, capsules, benches, replay };
}

const statusOf = async (world: ReturnType<typeof worldOf>, name: string, request: Partial<CapsuleReplayRequest> = {}) =>
  (await world.replay(request)).model.levels.find((level) => level.name === name);

describe("the audit of a stored run", () => {
  it("is proven, written into the run's own folder or the named one, or nowhere", async () => {
    const world = worldOf();
    expect(await world.replay()).toMatchObject({ folder: null, model: { outcome: "proven" } });
    expect(world.files.size).toBe(0);
    expect((await world.replay({ reports: { folder: null } })).folder).toBe("/here/reports/run-1");
    expect((await world.replay({ reports: { folder: "out" } })).folder).toBe("out");
    expect(world.folders).toEqual(["/here/reports/run-1", "out"]);
    expect([...world.files.keys()].filter((path) => path.startsWith("out/"))).toEqual(
      ["md", "json", "csv", "html"].map((extension) => `out/replay_report.${extension}`),
    );
    for (const file of world.files.values()) expect([file.state, file.text.length > 100]).toEqual(["committed", true]);
    expect(world.capsules.openCount).toBe(0);
  });

  it("is one JSON document, part by part, the same as in the file", async () => {
    const world = worldOf();
    const parts: string[] = [];
    await world.replay({ json: (text) => void parts.push(text), reports: { folder: "out" } });
    expect(parts.join("")).toBe(world.files.get("out/replay_report.json")?.text);
    expect(JSON.parse(parts.join(""))).toMatchObject({ outcome: "proven" });
  });

  it("leaves no half file behind where it is interrupted, and closes the capsule", async () => {
    const stop = new AbortController();
    let turns = 0;
    const world = worldOf({ turn: async () => void (++turns === 2 && stop.abort(new BakeoffError("interrupted", "enough"))) });
    await expect(world.replay({ reports: { folder: "out" } }, stop.signal)).rejects.toMatchObject({ code: "interrupted" });
    expect([...world.files.values()].map(({ state }) => state)).toEqual(["discarded", "discarded", "discarded", "discarded"]);
    expect(world.capsules.openCount).toBe(0);
  });
});

describe("the suite of a replay", () => {
  const missing: LoadSuite = async () => Promise.reject(new BakeoffError("usage", "there is no such suite"));
  const broken: LoadSuite = async () => Promise.reject(new WrittenFileError([{ path: "task.toml", line: 1, column: 1, message: "broken" }]));

  it("that is not here leaves prompts and patches unproven, and accuses nobody", async () => {
    for (const loadSuite of [missing, broken, async () => ({ ...run.suite, root: "0".repeat(64) })]) {
      const { model } = await worldOf({ loadSuite }).replay();
      expect(model.outcome).toBe("partly");
      expect(model.levels.filter(({ name }) => name === "prompts" || name === "patches").map(({ status }) => status)).toEqual([
        "not-reconstructable",
        "not-reconstructable",
      ]);
    }
  });

  it("that somebody named must be there", async () => {
    await expect(worldOf({ loadSuite: missing }).replay({ suite: "elsewhere" })).rejects.toEqual(usage);
    const asked: string[] = [];
    const loadSuite: LoadSuite = async (name) => {
      asked.push(name);
      return run.suite;
    };
    const world = worldOf({ loadSuite });
    await world.replay();
    await world.replay({ suite: "elsewhere" });
    expect(asked).toEqual(["tiny", "elsewhere"]);
  });
});

describe("what a replay does on request", () => {
  it("runs cargo again, tells of each tree, and closes the workbench", async () => {
    const world = worldOf();
    const told: string[] = [];
    expect((await statusOf(world, "re-execution", { reexecute: true, reexecuted: (done, total) => void told.push(`${done}/${total}`) }))?.status).toBe(
      "proven",
    );
    expect(told).toEqual(["1/2", "2/2"]);
    expect(world.benches.open).toBe(0);
    expect((await statusOf(world, "re-execution"))?.status).toBe("not-checked");
  });

  it("decides by another policy, and sets another run beside it", async () => {
    const world = worldOf({ other: run });
    expect((await world.replay({ policyFile: "other.toml" })).model.counterfactual?.changes.length).toBeGreaterThan(0);
    expect((await world.replay({ compare: "other.jsonl" })).model.comparison?.sharedTasks).toBe(2);
    expect(world.capsules.openCount).toBe(0);
  });

  it("compares with whole runs only", async () => {
    const world = worldOf({ other: { ...run, events: run.events.slice(0, -1) } });
    await expect(world.replay({ compare: "other.jsonl" })).rejects.toMatchObject({ code: "integrity" });
    expect(world.capsules.openCount).toBe(0);
  });
});
