// Patches that an agent made elsewhere: verified through the whole loop into a capsule that verifies and replays, and never promotes.
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import { foldRun, type RunRecord } from "../../src/core/capsule/record.ts";
import { scratch, sharedCache } from "../setup/scratch.ts";
import { bakeoff, type Ended } from "./bakeoff.ts";
import { layTinySuite } from "./tiny-suite.ts";

const cache = await sharedCache();
const cwd = await scratch();
const call = (...args: readonly string[]) => bakeoff(args, { cwd, env: { BAKEOFF_CACHE: cache } });

const diff = (path: string, minus: string, plus: string): string => `diff --git a/${path} b/${path}
--- a/${path}
+++ b/${path}
@@ -1,4 +1,4 @@
 //! Areas.
 /// The area of a rectangle.
 pub fn area(width: u32, height: u32) -> u32 {
-${minus}
+${plus}
`;
const GOOD = diff("src/area.rs", "    width + height", "    width * height");
/** The visible test asks for 3 × 4 only. */
const OVERFIT = diff("src/area.rs", "    width + height", "    if width == 3 { 12 } else { width + height }");

let end: Ended;
let record: RunRecord;
let capsule: string;
beforeAll(async () => {
  await layTinySuite(cwd);
  const predictions = [
    { instance_id: "tiny__fix-area", model_name_or_path: "some/agent v2", model_patch: GOOD },
    { instance_id: "tiny__fix-count", model_name_or_path: "some/agent v2", model_patch: GOOD.replaceAll("area.rs", "count.rs") },
  ];
  await writeFile(join(cwd, "predictions.jsonl"), predictions.map((one) => `${JSON.stringify(one)}\n`).join(""));
  end = await call("score", "--suite", "./tiny", "--patches", "predictions.jsonl", "--all");
  const [name = ""] = await readdir(join(cwd, "capsules")).catch(() => []);
  capsule = join("capsules", name);
  const stored = await readCapsule(join(cwd, capsule));
  record = foldRun(stored.header, stored.events);
});

describe("a scored file of predictions", () => {
  it("has a verdict for each task: a good patch, one that does not apply, and none at all", () => {
    expect(end.code, end.stderr).toBe(0);
    expect(record.header).toMatchObject({
      external: { agent: "some-agent-v2" },
      candidates: [{ name: "some-agent-v2", provider: "external", model: "some-agent-v2" }],
    });
    const outcomes = record.trials.map(({ task, state }) => [
      task.id,
      state.attempts.filter(({ mode }) => mode === "Reflex").map(({ result }) => result.verdict.status),
    ]);
    expect(outcomes).toEqual([
      ["fix-area", ["passed"]],
      ["fix-count", ["patch-rejected"]],
      ["fix-name", ["patch-rejected"]],
    ]);
  });

  it("asks no model, times nothing, and says so first", () => {
    const calls = record.trials.flatMap(({ events }) => events.flatMap(({ payload }) => (payload.type === "ModelCallEnvelope" ? [payload] : [])));
    expect(calls.filter(({ provider }) => provider !== "external").every(({ stand_in: standIn }) => standIn !== null)).toBe(true);
    expect(calls.filter(({ provider }) => provider === "external").map(({ cost_usd, prompt_tokens }) => [cost_usd, prompt_tokens])).toEqual(
      [0, 1, 2].map(() => [null, null]),
    );
    expect(end.stderr).toContain("external: some-agent-v2 made these patches elsewhere");
  });

  it("verifies and replays", async () => {
    expect((await call("capsule", "verify", capsule)).code).toBe(0);
    const { code, stdout } = await call("replay", capsule, "--suite", "./tiny");
    expect(code, stdout).toBe(0);
  });

  it("is in no gate, and is refused by name", async () => {
    const { code, stderr } = await call("gate", "--candidate", "some-agent-v2", "--incumbent", "nop", "--capsule", capsule);
    expect(code).toBe(5);
    expect(stderr).toContain("external: ");
    expect(stderr).toContain("only verified patches that some-agent-v2 made elsewhere");
  });
});

it("scores a folder of diffs, and counts a patch that fits only what it could see as lost", async () => {
  await mkdir(join(cwd, "patches"));
  await writeFile(join(cwd, "patches", "fix-area.diff"), OVERFIT);
  const { code, stdout, stderr } = await call("score", "--suite", "./tiny", "--patches", "patches", "--agent", "careless", "--json");
  expect(code, stderr).toBe(0);
  const { trials } = JSON.parse(stdout) as { readonly trials: readonly { readonly task: string; readonly slotPass: boolean }[] };
  expect(trials).toMatchObject([{ task: "fix-area", slotPass: false }]);
  expect(stderr).toContain("2 tasks of the suite have no patch");
});

it("gives every issue of a file at once, by its line", async () => {
  await writeFile(join(cwd, "bad.jsonl"), `{"task":"fix-aera","diff":""}\nnot json\n{"task":"fix-area"}\n`);
  const { code, stderr } = await call("score", "--suite", "./tiny", "--patches", "bad.jsonl");
  expect(code).toBe(3);
  expect(stderr).toContain("bad.jsonl:2:1: not JSON");
  expect(stderr).toContain("bad.jsonl:3:1: no patch");
});
