// `npm run test:interop`: installs the tools that others read our files with into a virtual environment, and has them read what we write.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const REQUIREMENTS = resolve("test/interop/requirements.txt");
const venv = resolve("node_modules/.cache/interop-venv");
const python = join(venv, "bin", "python");

function must(what, program, args) {
  const { status, error } = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status === 0) return;
  process.stderr.write(`test:interop: ${what} failed${error ? `: ${error.message}` : ""}\n`);
  process.exit(1);
}

/** Names of packages as `pip freeze` writes them: one of several spellings. */
const spelled = (line) => line.trim().toLowerCase().replaceAll("_", "-");

if (!existsSync(python)) must("making a virtual environment (python3 -m venv)", "python3", ["-m", "venv", venv]);
const installed = spawnSync(python, ["-m", "pip", "freeze"], { encoding: "utf8" }).stdout.split("\n").map(spelled);
const wanted = readFileSync(REQUIREMENTS, "utf8").split("\n").map(spelled).filter(Boolean);
if (wanted.some((one) => !installed.includes(one)))
  must("installing the tools", python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS]);

const vitest = resolve("node_modules/vitest/vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", "--project", "interop", ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...process.env, BAKEOFF_INTEROP_PYTHON: python },
});
process.exitCode = status ?? 1;
