// Scoring patches in memory: whose they are, which task each is for, and what a run of them is gone on with.
import { describe, expect, it } from "vitest";
import { gatherPatches } from "../../../../src/app/score/patches.ts";
import { scorePatches, type ScoreRequest } from "../../../../src/app/score/score.ts";
import { BakeoffError, type FileIssue } from "../../../../src/core/base/errors.ts";
import { capsuleFaults } from "../../../../src/core/capsule/verify.ts";
import { pullNumber } from "../../../../src/core/suite/shapes/pull-number.ts";
import { suiteOf, TASKS } from "../../run/fakes.ts";
import { memoryTexts } from "../fakes.ts";
import { listener, sessionWorld, type SessionWorld, withRecord } from "../run/session-world.ts";

const suite = suiteOf(TASKS);
const [FIRST = ""] = suite.tasks.map(({ id }) => id);

const portsOf = (files: Readonly<Record<string, string>>, folders: Readonly<Record<string, readonly string[]>> = {}) => {
  const texts = memoryTexts();
  for (const [path, text] of Object.entries(files)) texts.files.set(path, text);
  return { texts, namesIn: async (path: string) => folders[path] ?? null };
};
const lines = (...entries: readonly object[]): string => entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
const gather = (text: string, agent: string | null = null, file = "p.jsonl") => gatherPatches(portsOf({ [file]: text }), { patches: file, agent }, suite);

describe("patches that are handed over", () => {
  it("are read in every form that agents write", async () => {
    const forms: readonly (readonly [string, string])[] = [
      ["p.jsonl", lines({ task: FIRST, diff: "d" })],
      ["p.jsonl", lines({ task_id: FIRST, patch: "d" })],
      ["p.jsonl", lines({ instance_id: `${suite.name}__${FIRST}`, model_patch: "d", model_name_or_path: "agent" })],
      ["p.jsonl", lines({ org: "bakeoff", repo: suite.name, number: pullNumber(FIRST), fix_patch: "d" })],
      ["p.json", JSON.stringify([{ instance_id: FIRST, model_patch: "d" }])],
      ["p.json", JSON.stringify({ [FIRST]: { model_patch: "d", model_name_or_path: "agent" } })],
    ];
    for (const [file, text] of forms) expect([...(await gather(text, null, file)).diffs]).toEqual([[FIRST, "d"]]);
  });

  it("may be a folder of diffs, in which nothing else is read", async () => {
    const ports = portsOf({ [`in/${FIRST}.diff`]: "d", "in/README.md": "x" }, { in: [`${FIRST}.diff`, "README.md"] });
    expect(await gatherPatches(ports, { patches: "in", agent: null }, suite)).toEqual({ agent: "external", diffs: new Map([[FIRST, "d"]]) });
  });

  it("of nothing are an agent that changed nothing", async () => {
    expect([...(await gather(lines({ instance_id: FIRST, model_patch: null }))).diffs]).toEqual([[FIRST, ""]]);
  });

  it("of several agents are chosen among by name", async () => {
    const two = lines({ task: FIRST, diff: "a", agent: "one" }, { task: FIRST, diff: "b", agent: "two/v1" });
    await expect(gather(two)).rejects.toMatchObject({ code: "usage" });
    expect(await gather(two, "two/v1")).toEqual({ agent: "two-v1", diffs: new Map([[FIRST, "b"]]) });
    await expect(gather(two, "three")).rejects.toMatchObject({ code: "usage" });
  });

  it("are nobody's of our own candidates", async () => {
    for (const name of ["oracle", "policy", "///"]) await expect(gather(lines({ task: FIRST, diff: "" }), name)).rejects.toMatchObject({ code: "usage" });
  });

  it("are refused with every issue at once", async () => {
    const text = `${lines({ task: "gone", diff: "" }, { task: FIRST, diff: "" }, { task: FIRST, diff: "x" })}`;
    const error = await gather(text).catch((thrown: BakeoffError & { issues: readonly FileIssue[] }) => thrown);
    expect((error as { issues: readonly FileIssue[] }).issues.map(({ line }) => line)).toEqual([1, 3]);
    await expect(gather("{}\nnope\n")).rejects.toMatchObject({ code: "written-file" });
    await expect(gather("")).rejects.toMatchObject({ code: "usage" });
  });
});

const REQUEST: ScoreRequest = {
  patches: "p.jsonl",
  agent: "somebody",
  suite: suite.name,
  all: false,
  policyFile: "policy.toml",
  concurrency: null,
  resume: null,
  requiredSandbox: null,
  keyFile: null,
  reportFolder: null,
};
const never = { signal: new AbortController().signal, watcher: listener() };
const score = (world: SessionWorld, text: string, facts: Partial<ScoreRequest> = {}, { signal, watcher } = never) =>
  withRecord(world, scorePatches({ run: world, ...portsOf({ "p.jsonl": text }) }, { ...REQUEST, ...facts }, watcher, signal));

describe("a run of patches", () => {
  it("is marked in its header and warned of, and verifies", async () => {
    const world = sessionWorld();
    const { record, withoutPatch, capsule } = await score(world, lines({ task: FIRST, diff: "no diff" }));
    expect(record.header.external?.agent).toBe("somebody");
    expect(record.header.warnings[0]).toMatch(/^external: somebody made these patches elsewhere/);
    expect(withoutPatch).toBe(suite.tasks.length - 1);
    expect(
      Object.values(record.header.bindings)
        .filter(({ provider }) => provider === "embedded")
        .every(({ standIn }) => standIn !== null),
    ).toBe(true);
    expect(capsuleFaults(await world.capsules.read(capsule))).toEqual([]);
    expect(record.calibration).toEqual([]);
  });

  it("takes every task with --all, and those without a patch are lost", async () => {
    const { record, withoutPatch } = await score(sessionWorld(), lines({ task: FIRST, diff: "no diff" }), { all: true });
    expect(withoutPatch).toBe(0);
    expect(record.trials).toHaveLength(suite.tasks.length);
    for (const { state } of record.trials) expect(state.attempts[0]?.result.verdict.status).toBe("patch-rejected");
  });

  it("that was stopped is gone on with by the same patches only", async () => {
    const world = sessionWorld();
    const stop = new AbortController();
    const watcher = listener();
    const trialDone: typeof watcher.trialDone = () => stop.abort(new BakeoffError("interrupted", "interrupted"));
    const given = lines({ task: FIRST, diff: "no diff" });
    await expect(score(world, given, { all: true }, { signal: stop.signal, watcher: { ...watcher, trialDone } })).rejects.toMatchObject({
      code: "interrupted",
    });
    await expect(score(world, lines({ task: FIRST, diff: "another" }), { all: true, resume: "run-1" })).rejects.toMatchObject({ code: "usage" });
    await expect(score(world, given, { all: true, resume: "run-1", agent: "another" })).rejects.toMatchObject({ code: "usage" });
    expect((await score(world, given, { all: true, resume: "run-1" })).record.trials.every(({ state }) => state.unlocked !== null)).toBe(true);
  });
});
