// `npm run test:servers`: installs a gateway and a model server that nobody here wrote into a virtual environment, and runs the provider's tests over them.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** A gateway; llama.cpp's own server as a wheel; what writes the tiny model that it serves. */
const PACKAGES = ["sglang-router==0.3.2", "xllamacpp==2026.10.11549", "gguf==0.19.0", "numpy==2.4.6"];
/** A hundred packages and minutes: only where it is asked for, by `--litellm`. */
const LITELLM = ["litellm[proxy]==1.80.0"];

function must(what, program, args) {
  const { status, error } = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status === 0) return;
  process.stderr.write(`test:servers: ${what} failed${error ? `: ${error.message}` : ""}\n`);
  process.exit(1);
}

/** The folder of a virtual environment's programs, with these packages in it. */
function environment(name, packages) {
  const venv = resolve("node_modules/.cache", name);
  const python = join(venv, "bin", "python");
  if (!existsSync(python)) must("making a virtual environment (python3 -m venv)", "python3", ["-m", "venv", venv]);
  const present = spawnSync(python, ["-m", "pip", "freeze"], { encoding: "utf8" }).stdout.split("\n");
  const missing = packages.filter((wanted) => !present.includes(wanted.replace(/\[.*\]/, "")));
  if (missing.length > 0) must(`installing ${missing.join(", ")}`, python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...missing]);
  return join(venv, "bin");
}

const withLiteLlm = process.argv.includes("--litellm");
const env = { ...process.env, BAKEOFF_GATEWAY_PYTHON: join(environment("gateway-venv", PACKAGES), "python") };
if (withLiteLlm) env.BAKEOFF_LITELLM = join(environment("litellm-venv", LITELLM), "litellm");

const vitest = resolve("node_modules/vitest/vitest.mjs");
const words = process.argv.slice(2).filter((word) => word !== "--litellm");
const { status } = spawnSync(process.execPath, [vitest, "run", "--project", "servers", ...words], { stdio: "inherit", env });
process.exitCode = status ?? 1;
