// Seeds the samples of a run of the tests with the commit that is tested, and says so.
import { spawnSync } from "node:child_process";

/** Vitest calls this once a project. */
export function setup(): void {
  if (process.env["BAKEOFF_TEST_SEED"] !== undefined) return;
  const { status, stdout } = spawnSync("git", ["rev-parse", "HEAD"], { encoding: "utf8", cwd: import.meta.dirname });
  const seed = status === 0 ? stdout.trim() : "no commit";
  process.env["BAKEOFF_TEST_SEED"] = seed;
  process.stdout.write(`seed of the samples: ${seed} (BAKEOFF_TEST_SEED)\n`);
}
