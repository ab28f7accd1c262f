// Gives a run of the tests a temporary folder and a cache of its own, and fails it if a test left anything in the former.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Vitest evaluates this file anew for each project: what they share hangs on the process. */
const shared = globalThis as { bakeoffTests?: { readonly folder: string; projects: number } };

/** Vitest calls this once a project: the first makes the folder, and the last to leave checks it. */
export function setup(): () => void {
  shared.bakeoffTests ??= { folder: openFolder(), projects: 0 };
  shared.bakeoffTests.projects += 1;
  return leave;
}

function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "bakeoff-tests-"));
  // The sandbox drops to a user of its own, which must get through.
  chmodSync(folder, 0o711);
  for (const name of ["tmp", "cache"]) mkdirSync(join(folder, name));
  // Workers start later and inherit both.
  process.env["TMPDIR"] = join(folder, "tmp");
  process.env["BAKEOFF_TEST_CACHE"] = join(folder, "cache");
  return folder;
}

function leave(): void {
  const run = shared.bakeoffTests;
  if (run === undefined) return;
  run.projects -= 1;
  if (run.projects > 0) return;
  const left = readdirSync(join(run.folder, "tmp"));
  // Who left it shows by what is in it.
  const inside = readdirSync(join(run.folder, "tmp"), { recursive: true, encoding: "utf8" }).slice(0, 20);
  rmSync(run.folder, { recursive: true, force: true });
  if (left.length === 0) return;
  process.exitCode = 1;
  throw new Error(`tests left ${left.length} entries in the temporary folder: ${inside.join(", ")}`);
}
