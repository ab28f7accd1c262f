// Replaying with ports: cargo run again and put down to whose doing a difference is, and unified diffs applied.
import { describe, expect, it } from "vitest";
import { foldRun } from "../../../../src/core/capsule/record.ts";
import { replayRun as replayWatched, type RunReplayRequest } from "../../../../src/app/replay/run-replay.ts";
import type { Workbench } from "../../../../src/ports/workbench.ts";
import { bench, readerOf, recorded, type Recorded, statusesOf, textsOf, verifiedIn } from "../../core/replay/recorded.ts";
import { answered, editFor, goodScript, policyWith, taskNamed, VERDICTS } from "../../run/fakes.ts";

const tasks = [taskNamed("a"), taskNamed("c")];
const run = await recorded({ tasks, candidates: ["small"] });

const requestOf = ({ header, events, blobs, suite }: Recorded, more: Partial<RunReplayRequest> = {}): RunReplayRequest => ({
  run: readerOf(foldRun(header, events)),
  texts: textsOf(blobs),
  verified: verifiedIn(events),
  faults: [],
  signature: { state: "unsigned", key: null, detail: "nobody signed this capsule" },
  suite,
  diffTool: { apply: async () => ({ ok: false, detail: "no diff tool here" }) },
  withheld: () => false,
  version: header.bakeoff_version,
  bench: null,
  signal: new AbortController().signal,
  pause: async () => undefined,
  reexecuted: () => undefined,
  ...more,
});

const replayRun = (request: RunReplayRequest) => replayWatched(request, { trial: () => undefined, calibration: () => undefined });

/** A workbench that finds something else wrong with task a. */
const otherwise = (change: Partial<Workbench>, verdicts: readonly string[] = ["failed"]): Workbench => {
  const own = bench();
  let calls = 0;
  return {
    ...own,
    ...change,
    verify: async (job, signal) => {
      const found = await own.verify(job, signal);
      const verdict = VERDICTS[verdicts[calls++ % verdicts.length] ?? ""];
      return job.task.id === "fix-a" && verdict ? { ...found, verdict } : found;
    },
  };
};
const newer = { rustc: "rustc 1.99.0", cargo: "cargo 1.99.0", host: "x86_64-unknown-linux-gnu" };

describe("cargo run again", () => {
  it("proves the verdicts where they come out as recorded, each tree once", async () => {
    const seen: string[] = [];
    const replay = await replayRun(requestOf(run, { bench: bench(), reexecuted: (done, total) => seen.push(`${done}/${total}`) }));
    expect(statusesOf(replay)["re-execution"]).toBe("proven");
    expect(seen).toEqual(["1/2", "2/2"]);
  });

  it("puts another verdict down to the toolchain where that is another one", async () => {
    const { findings, levels } = await replayRun(requestOf(run, { bench: otherwise({ toolchain: newer }) }));
    expect(findings).toMatchObject([
      { level: "re-execution", cause: "toolchain", trial: "small/fix-a/1", recorded: { status: "passed" }, redone: { status: "failed" } },
    ]);
    expect(levels[4]?.notes.join()).toContain("rustc 1.99.0");
  });

  it("puts it down to the sandbox's tier in the same way", async () => {
    expect((await replayRun(requestOf(run, { bench: otherwise({ tier: "none" }) }))).findings[0]?.cause).toBe("toolchain");
  });

  it("puts it down to the record where toolchain and program are the same, and to the code where the program is not", async () => {
    expect((await replayRun(requestOf(run, { bench: otherwise({}) }))).findings[0]?.cause).toBe("record");
    expect((await replayRun(requestOf(run, { bench: otherwise({}), version: "2.0.0" }))).findings[0]?.cause).toBe("harness code");
  });

  it("proves nothing either way where a verdict comes out both ways, or our own side fails", async () => {
    for (const verdicts of [["failed", "passed", "timeout"], ["infrastructure"]]) {
      const replay = await replayRun(requestOf({ ...run, suite: { ...run.suite, tasks: run.suite.tasks } }, { bench: otherwise({}, verdicts) }));
      expect(replay.findings).toEqual([]);
      expect(statusesOf(replay)["re-execution"]).toBe("partly");
    }
  });

  it("is not asked for where there is no suite to run", async () => {
    const replay = await replayRun(requestOf(run, { bench: bench(), suite: "the suite is not here" }));
    expect(statusesOf(replay)["re-execution"]).toBe("not-reconstructable");
  });
});

it("stops between two trials where it is told to, and lets the process have its turns", async () => {
  const stop = new AbortController();
  let turns = 0;
  const pause = async (): Promise<void> => {
    turns += 1;
    stop.abort(new Error("enough"));
  };
  await expect(replayRun(requestOf(run, { signal: stop.signal, pause }))).rejects.toThrow("enough");
  expect(turns).toBe(1);
});

describe("answers in unified diffs", () => {
  const diff = "--- a/src/a.rs\n+++ b/src/a.rs\n";
  const base = policyWith();
  const snapshot = policyWith();
  const inDiffs = {
    ...snapshot,
    candidates: [{ ...(base.candidates[0] as (typeof base.candidates)[number]), name: "small", answer_format: "udiff" as const }],
  };
  const fixed = new Map([["src/a.rs", "// a\npub fn a() -> u32 {\n    1\n}\n"]]);
  const tool = { apply: async () => ({ ok: true as const, changes: fixed }) };

  it("are applied again by the diff tool and compared", async () => {
    const script = (request: Parameters<typeof goodScript>[0], provider: string) =>
      request.purpose === "patch"
        ? answered(provider === "local" ? JSON.stringify({ diff }) : editFor(request.material.task, "passed"))
        : goodScript(request, provider);
    const one = await recorded({ tasks: [taskNamed("a")], candidates: ["small"], snapshot: inDiffs, script }, { diffTool: tool });
    expect(statusesOf(await replayRun(requestOf(one, { diffTool: tool })))["model calls"]).toBe("proven");
    const refused = await replayRun(requestOf(one));
    expect(refused.findings[0]).toMatchObject({ level: "model calls", redone: { rejected: { why: "patch-does-not-apply" } } });
  });
});
