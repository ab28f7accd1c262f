// Correct patches other than the reference: two for each of seventy tasks of the suites, and none of them is rejected or disputed.
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import { foldRun } from "../../src/core/capsule/record.ts";
import { bakeoff, ROOT } from "../cli/bakeoff.ts";
import { sample, WHOLE } from "../setup/sample.ts";
import { scratch, sharedCache } from "../setup/scratch.ts";
import { wantedTier } from "./fixture-bench.ts";

/** `SUITE/a/TASK.diff` and `SUITE/b/TASK.diff`, as patches that somebody else made. */
const FOLDER = new URL("alternatives", import.meta.url).pathname;
/** A base of this suite tests servers on the loopback, which there is none of behind Landlock. */
const ON_LOOPBACK = "reflex-gate-v1";
const EVERYWHERE = ["reflex-patchloop-v1", "crate-apis-v1"];
const ALL = wantedTier() === "landlock" ? EVERYWHERE : [...EVERYWHERE, ON_LOOPBACK];
/** Those whose bases need no dependencies, where a part is tried. */
const SUITES = WHOLE ? ALL : ["reflex-patchloop-v1"];
const MINUTES = 60_000;

const cache = await sharedCache();

/** What the patches of a folder came to that did not pass, by task. */
async function failures(suite: string, which: string): Promise<readonly string[]> {
  const cwd = await scratch();
  const patches = join(cwd, "patches");
  await mkdir(patches);
  const all = (await readdir(join(FOLDER, suite, which))).toSorted();
  const drawn = sample(`alternatives ${suite} ${which}`, all, 2);
  for (const name of drawn) await copyFile(join(FOLDER, suite, which, name), join(patches, name));
  const args = ["score", "--suite", join(ROOT, "suites", suite), "--patches", patches, "--agent", `alternative-${which}`];
  const { code, stderr } = await bakeoff(args, { cwd, env: { BAKEOFF_CACHE: cache } });
  expect(code, stderr).toBe(0);
  const [capsule = ""] = await readdir(join(cwd, "capsules"));
  const { header, events } = await readCapsule(join(cwd, "capsules", capsule));
  const { trials } = foldRun(header, events);
  expect(trials.map(({ task }) => `${task.id}.diff`).toSorted()).toEqual(drawn);
  return trials.flatMap(({ task, state }) => {
    const verdict = state.attempts[0]?.result.verdict;
    return verdict?.status === "passed" ? [] : [`${task.id}: ${verdict?.status ?? "no verdict"}: ${verdict?.detail ?? ""}`];
  });
}

describe.each(SUITES)("alternatives for %s", (suite) => {
  it.each(["a", "b"])("all pass: %s", async (which) => expect(await failures(suite, which)).toEqual([]), 30 * MINUTES);
});
