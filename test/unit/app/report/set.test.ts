// Several stored runs as one report: whose epochs count on, what its reader is told first, and which runs are no set.
import { beforeAll, describe, expect, it } from "vitest";
import { type ReportPorts, reportRun } from "../../../../src/app/report/report.ts";
import type { Header } from "../../../../src/core/capsule/line.ts";
import type { ReportModel } from "../../../../src/core/report/model.ts";
import { REPORT_FORMAT_NAMES } from "../../../../src/core/report/formats/registry.ts";
import { memoryTexts } from "../fakes.ts";
import { PLACES } from "../memory-capsules.ts";
import { type HonestRun, honestRun, type Sketch, tasksNamed } from "../replay/honest-run.ts";

const runs: Record<string, HonestRun> = {};
const made = async (id: string, day: number, sketch: Sketch = {}, change: (header: Header) => Header = (header) => header): Promise<void> => {
  const header = (own: Header): Header => change({ ...own, run_id: id, created_at: `2026-11-2${day}T00:00:00.000Z` });
  runs[id] = await honestRun({ tasks: tasksNamed(2), ...sketch, header });
};

beforeAll(async () => {
  await made("later", 4, { candidates: ["other"] });
  await made("first", 2, { candidates: ["small"], epochs: 2 });
  await made("again", 3, { candidates: ["small"] });
  await made("hasty", 5, { candidates: ["small"], policy: (policy) => void (policy.reflex.max_attempts = 1) });
  await made("capable", 5, { candidates: ["small"], capability: true });
});

const ports = () => ({
  capsules: {
    read: async (path: string): ReturnType<ReportPorts["capsules"]["read"]> => {
      const found = runs[path.replace("/here/capsules/", "").replace(".capsule.jsonl", "")] ?? expect.unreachable(path);
      const blobs = [...found.blobs].map(([sha256, text]) => ({ sha256, text }));
      return { ...found, blobs, blob: (hash) => found.blobs.get(hash) ?? null };
    },
    open: async () => expect.unreachable("a set is read whole"),
    isSealed: async () => false,
  },
  texts: memoryTexts(),
  places: PLACES,
});

async function modelOf(...capsules: readonly string[]): Promise<ReportModel> {
  const outcome = await reportRun(ports(), { capsules, formats: ["json"], folder: null });
  return JSON.parse("texts" in outcome ? (outcome.texts[0] ?? "") : "") as ReportModel;
}

describe("several runs as one report", () => {
  it("have every trial once, a candidate's epochs counted on from run to run, in the order in which they began", async () => {
    const { trials, summary, run, identity } = await modelOf("later", "again", "first");
    expect(trials.map(({ candidate, task, epoch }) => `${candidate}/${task}/${epoch}`)).toEqual([
      "small/task-0/1",
      "other/task-0/1",
      "small/task-1/1",
      "other/task-1/1",
      "small/task-0/2",
      "small/task-1/2",
      "small/task-0/3",
      "small/task-1/3",
    ]);
    expect(summary.candidates.map(({ name, slot }) => [name, slot.pass.n])).toEqual([
      ["small", 2],
      ["other", 2],
    ]);
    expect(identity.epochs).toBe(3);
    expect(run).toEqual({ id: "first+again+later", createdAt: "2026-11-22T00:00:00.000Z" });
    expect(await modelOf("first+later", "again")).toEqual(await modelOf("again", "first", "later"));
  });

  it("say first which they are, and that what changed between them is in every difference of candidates that never met", async () => {
    const { warnings } = await modelOf("later", "first");
    expect(warnings[0]).toBe("2 runs as one: first (2026-11-22T00:00Z: small); later (2026-11-24T00:00Z: other)");
    expect(warnings[1]).toContain("also holds what changed between those runs");
    expect((await modelOf("first", "again")).warnings.join("\n")).not.toContain("also holds what changed");
  });

  it("are written in every format", async () => {
    const given = ports();
    await reportRun(given, { capsules: ["first", "later"], formats: REPORT_FORMAT_NAMES, folder: "out" });
    expect(given.texts.written.length).toBeGreaterThanOrEqual(REPORT_FORMAT_NAMES.length);
  });

  it.each([
    ["duplicated", ["first", "first"]],
    ["other-policy", ["first", "hasty"]],
    ["other-verification", ["first", "capable"]],
  ])("are refused where they can't be taken together: %s", async (name, capsules) => {
    await expect(modelOf(...capsules)).rejects.toMatchObject({ code: "integrity", message: expect.stringContaining(`  ${name}: `) as string });
  });
});
