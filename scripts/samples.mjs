// `npm run samples`: makes the sample capsules anew by real runs, and their golden audit reports; `-- --reports`: the reports alone.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = new URL("..", import.meta.url).pathname;
const MAIN = join(ROOT, "dist", "main.js");
const EMBEDDED = "rustc-suggestions,nop,oracle";

/** Low-risk and high-risk, compile and test, with and without a suggestion of the compiler's that solves it. */
const SAMPLES = [
  { name: "default", args: ["--candidates", EMBEDDED, "--task", "app-foreign-sum", "app-sort-key-copy", "fix-record-lines", "fix-null-order"] },
  { name: "capability", args: ["--candidates", "rustc-suggestions,oracle", "--capability", "--task", "store-exec-promise-unchecked", "fix-table-update"] },
  {
    name: "resumed",
    args: ["--candidates", EMBEDDED, "--task", "app-record-reexport", "fix-lexer-error-span", "--concurrency", "1"],
    policy: (text) => text.replace('mode = "full_io"', 'mode = "prompts_only"'),
    stopAfter: "[2/6]",
  },
];

const reportsOnly = process.argv.includes("--reports");
for (const sample of SAMPLES) {
  if (!reportsOnly) await make(sample);
  report(sample);
}

async function make({ name, args, policy, stopAfter }) {
  const cwd = mkdtempSync(join(tmpdir(), "bakeoff-sample-"));
  try {
    const own = policy ? layPolicy(cwd, policy) : [];
    const begun = await bakeoff(["run", ...args, ...own], cwd, stopAfter);
    if (stopAfter) await bakeoff(["run", "--resume", / run (\S+)/.exec(begun)?.[1] ?? "", ...own], cwd);
    const [capsule] = readdirSync(join(cwd, "capsules")).filter((file) => file.endsWith(".capsule.jsonl"));
    const stored = join("capsules", "samples", `${name}.capsule.jsonl`);
    mkdirSync(join(ROOT, "capsules", "samples"), { recursive: true });
    cpSync(join(cwd, "capsules", capsule), join(ROOT, stored));
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

function report({ name }) {
  const folder = join("reports", "samples", name);
  rmSync(join(ROOT, folder), { recursive: true, force: true });
  const stored = join("capsules", "samples", `${name}.capsule.jsonl`);
  const { status } = spawnSync(process.execPath, [MAIN, "replay", stored, "--out", folder], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`the sample ${name} does not replay: exit code ${status}`);
}

/** The project's own policy with a change, in a folder of the run's own. */
function layPolicy(cwd, change) {
  mkdirSync(join(cwd, "policy"));
  for (const file of ["model_policy.toml", "candidates.toml"]) {
    const text = readFileSync(join(ROOT, "policy", file), "utf8");
    const changed = file === "model_policy.toml" ? change(text) : text;
    if (file === "model_policy.toml" && changed === text) throw new Error("the policy was not changed");
    writeFileSync(join(cwd, "policy", file), changed);
  }
  return ["--policy", join("policy", "model_policy.toml")];
}

/** Runs the program; gives what it said. `stopAfter`: interrupted once it has said that. */
function bakeoff(args, cwd, stopAfter) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...process.env, CI: "1" }, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    let stopped = false;
    child.stderr.setEncoding("utf8").on("data", (text) => {
      process.stderr.write(text);
      said += text;
      if (stopped || !stopAfter || !said.includes(stopAfter)) return;
      stopped = true;
      child.kill("SIGINT");
    });
    child.on("close", (code) => (code === (stopAfter ? 130 : 0) ? resolve(said) : reject(new Error(`${args.join(" ")}: exit code ${code}`))));
  });
}
