// `npm run test:servers`: installs a model gateway that nobody here wrote into a virtual environment, and runs the provider's tests through it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const GATEWAY = "sglang-router==0.3.2";
const venv = resolve("node_modules/.cache/gateway-venv");
const python = join(venv, "bin", "python");

function must(what, program, args) {
  const { status, error } = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status === 0) return;
  process.stderr.write(`test:servers: ${what} failed${error ? `: ${error.message}` : ""}\n`);
  process.exit(1);
}

if (!existsSync(python)) must("making a virtual environment (python3 -m venv)", "python3", ["-m", "venv", venv]);
const present = spawnSync(python, ["-m", "pip", "freeze"], { encoding: "utf8" }).stdout.split("\n").includes(GATEWAY);
if (!present) must(`installing ${GATEWAY}`, python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", GATEWAY]);

const vitest = resolve("node_modules/vitest/vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", "--project", "servers", ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...process.env, BAKEOFF_GATEWAY_PYTHON: python },
});
process.exitCode = status ?? 1;
