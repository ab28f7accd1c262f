// Builds the program once a run of the tests, where it is older than its sources: every test that starts it starts this one.
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const ROOT = new URL("../..", import.meta.url).pathname;

/** Vitest calls this once a project, one after the other. */
export function setup(): void {
  const made = statSync(join(ROOT, "dist", "main.js"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (made < newestSource()) execFileSync(process.execPath, [join(ROOT, "scripts", "build.mjs")], { cwd: ROOT, stdio: "inherit" });
}

function newestSource(): number {
  const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" }).map((path) => join(ROOT, "src", path));
  return Math.max(...[...sources, join(ROOT, "package-lock.json"), join(ROOT, "scripts", "build.mjs")].map((path) => statSync(path).mtimeMs));
}
