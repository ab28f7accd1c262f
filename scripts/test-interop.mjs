// `npm run test:interop`: installs the tools that others read our files with into virtual environments, and has them read what we write.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Harbor needs a newer Python than most, and half a gigabyte: it has an environment of its own, and where no such Python is its test is skipped. */
const ENVIRONMENTS = [
  { name: "interop", variable: "BAKEOFF_INTEROP_PYTHON", least: 11, isNeeded: true },
  { name: "harbor", variable: "BAKEOFF_HARBOR_PYTHON", least: 12, isNeeded: false },
];

function must(what, program, args) {
  const { status, error } = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status === 0) return;
  process.stderr.write(`test:interop: ${what} failed${error ? `: ${error.message}` : ""}\n`);
  process.exit(1);
}

/** A Python 3 of at least this minor version: on the path, or one that pyenv has; null where there is none. */
function pythonOf(least) {
  const versions = join(process.env["PYENV_ROOT"] ?? join(homedir(), ".pyenv"), "versions");
  const kept = existsSync(versions) ? readdirSync(versions).map((version) => join(versions, version, "bin", "python3")) : [];
  const tried = ["python3", "python3.12", "python3.13", ...kept];
  return tried.find((program) => minorOf(program) >= least) ?? null;
}

function minorOf(program) {
  const { status, stdout } = spawnSync(program, ["-c", "import sys; print(sys.version_info.minor if sys.version_info.major == 3 else 0)"], {
    encoding: "utf8",
  });
  return status === 0 ? Number(stdout) : 0;
}

/** Names of packages as `pip freeze` writes them: one of several spellings. */
const spelled = (line) => line.trim().toLowerCase().replaceAll("_", "-");

/** Gives the environment's Python; null where there is none that would do. */
function prepared({ name, least, isNeeded }) {
  const requirements = resolve(`test/interop/requirements-${name}.txt`);
  const venv = resolve(`node_modules/.cache/${name}-venv`);
  const python = join(venv, "bin", "python");
  if (!existsSync(python)) {
    const program = pythonOf(least);
    if (program === null) {
      process.stderr.write(`test:interop: there is no Python 3.${least} for ${name}\n`);
      if (isNeeded) process.exit(1);
      return null;
    }
    must("making a virtual environment (python3 -m venv)", program, ["-m", "venv", venv]);
  }
  const installed = spawnSync(python, ["-m", "pip", "freeze"], { encoding: "utf8" }).stdout.split("\n").map(spelled);
  const wanted = readFileSync(requirements, "utf8").split("\n").map(spelled).filter(Boolean);
  if (wanted.some((one) => !installed.includes(one)))
    must("installing the tools", python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
  return python;
}

/** OASIS publishes the schema on its site; this package of the format's makers has it as it stands there. */
const SARIF_SCHEMA = { package: "@microsoft/jest-sarif@1.0.0-beta.0", file: "package/lib/schemas/sarif-2.1.0-rtm.5.json" };

function sarifSchema() {
  const folder = resolve("node_modules/.cache/sarif-schema");
  const file = join(folder, SARIF_SCHEMA.file);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const { stdout } = spawnSync("npm", ["pack", "--silent", "--pack-destination", folder, SARIF_SCHEMA.package], { encoding: "utf8" });
  must("fetching the schema of SARIF (npm pack)", "tar", ["-C", folder, "-xzf", join(folder, stdout.trim()), SARIF_SCHEMA.file]);
  return file;
}

/** OpenTelemetry's collector with two of its parts, built by Go; null where there is no Go, and its test is skipped. */
function otelCollector() {
  const program = resolve("node_modules/.cache/otel-collector/collector");
  if (existsSync(program)) return program;
  if (spawnSync("go", ["version"]).status !== 0) {
    process.stderr.write("test:interop: there is no Go: the collector's test is skipped\n");
    return null;
  }
  must("building OpenTelemetry's collector (go build)", "go", ["-C", "test/interop/collector", "build", "-o", program, "."]);
  return program;
}

const collector = otelCollector();
const pythons = ENVIRONMENTS.flatMap((one) => {
  const python = prepared(one);
  return python === null ? [] : [[one.variable, python]];
});
const vitest = resolve("node_modules/vitest/vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", "--project", "interop", ...process.argv.slice(2)], {
  stdio: "inherit",
  env: {
    ...process.env,
    ...Object.fromEntries(pythons),
    BAKEOFF_SARIF_SCHEMA: sarifSchema(),
    ...(collector === null ? {} : { BAKEOFF_OTEL_COLLECTOR: collector }),
  },
});
process.exitCode = status ?? 1;
