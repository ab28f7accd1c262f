// Gives a run of the tests a temporary folder and a cache of its own, and fails it if a test left anything in the former.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string | null = null;
let projects = 0;

/** Vitest calls this once a project: the first makes the folder, and the last to leave checks it. */
export function setup(): () => void {
  projects += 1;
  if (folder === null) {
    folder = mkdtempSync(join(tmpdir(), "bakeoff-tests-"));
    // A sandbox's own user goes through it.
    chmodSync(folder, 0o711);
    // Workers start later and inherit both.
    process.env["TMPDIR"] = made(join(folder, "tmp"));
    process.env["BAKEOFF_TEST_CACHE"] = made(join(folder, "cache"));
  }
  return leave;
}

function made(path: string): string {
  mkdirSync(path);
  return path;
}

function leave(): void {
  projects -= 1;
  if (projects > 0 || folder === null) return;
  const left = readdirSync(join(folder, "tmp"));
  rmSync(folder, { recursive: true, force: true });
  folder = null;
  if (left.length === 0) return;
  process.exitCode = 1;
  throw new Error(`tests left ${left.length} entries in the temporary folder: ${left.slice(0, 20).join(", ")}`);
}
