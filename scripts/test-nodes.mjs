// `npm run test:nodes`: the package as it is installed, called by Node 20, 22 and 24: a home is made and its policy checked, and the
// sample capsules are replayed under an odd time zone and language, with the same bytes each time.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = new URL("..", import.meta.url).pathname;

/** The oldest that this package supports of each line, and what is newest of the last. Packages that hold nothing but the program. */
const NODES = ["20.19.0", "22.12.0", "24.9.0"];
const SAMPLES = readdirSync(join(ROOT, "reports", "samples")).toSorted();
const ODD = { TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" };

if (process.platform !== "linux" || !["x64", "arm64"].includes(process.arch))
  throw new Error(`no package of Node for ${process.platform} ${process.arch} is known here`);
const folder = mkdtempSync(join(tmpdir(), "bakeoff-nodes-"));
let failed = 0;
try {
  const main = packed();
  for (const version of NODES) {
    const node = installed(version);
    const said = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim();
    if (said !== `v${version}`) throw new Error(`${node} calls itself ${said}`);
    begin(version, node, main);
    for (const sample of SAMPLES) for (const round of [1, 2]) compare(version, [node, main], sample, round);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;

/** The package, packed and installed without a registry: it needs no other. Gives the path of its program. */
function packed() {
  const prefix = join(folder, "package");
  mkdirSync(prefix);
  npm(["pack", "--pack-destination", folder], ROOT);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  npm(["install", "--prefix", prefix, "--offline", "--ignore-scripts", "--no-audit", "--no-fund", join(folder, tarball)], prefix);
  return join(prefix, "node_modules", "bakeoff", "dist", "main.js");
}

/** A newcomer's first commands, in a crate of their own with an empty home folder. */
function begin(version, node, main) {
  const crate = join(folder, `${version}-crate`);
  cpSync(join(ROOT, "suites", "reflex-patchloop-v1", "base"), crate, { recursive: true });
  const home = join(folder, `${version}-home`);
  const done = (args) => {
    const { status, stderr } = spawnSync(node, [main, ...args], { cwd: crate, env: { PATH: process.env.PATH, HOME: home }, encoding: "utf8" });
    if (status !== 0) process.stdout.write(stderr);
    return status === 0;
  };
  const commands = [["--version"], ["--help"], ["init"], ["policy", "validate"]];
  const bad = commands.filter((args) => !done(args));
  process.stdout.write(`${bad.length === 0 ? "✓" : "✗"} Node ${version}, ${commands.map((args) => args.join(" ")).join(", ")}\n`);
  failed += bad.length;
}

/** Installed from the package registry into a folder of its own; gives the path of the program. */
function installed(version) {
  const name = `node-linux-${process.arch}`;
  const prefix = join(folder, version);
  mkdirSync(prefix);
  npm(["install", "--prefix", prefix, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", `${name}@${version}`], prefix);
  return join(prefix, "node_modules", name, "bin", "node");
}

function npm(args, cwd) {
  const { status, stderr } = spawnSync("npm", args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm ${args.join(" ")}: ${stderr}`);
}

function compare(version, [node, main], sample, round) {
  const cwd = join(folder, `${version}-${sample}-${round}`);
  mkdirSync(cwd);
  const capsule = join(ROOT, "capsules", "samples", `${sample}.capsule.jsonl`);
  const env = { PATH: process.env.PATH, HOME: cwd, ...ODD };
  const { status, stderr } = spawnSync(node, [main, "replay", capsule, "--out", "out"], { cwd, env, encoding: "utf8" });
  const golden = filesIn(join(ROOT, "reports", "samples", sample));
  const made = status === 0 ? filesIn(join(cwd, "out")) : [];
  const same = golden.length > 0 && JSON.stringify(made) === JSON.stringify(golden);
  process.stdout.write(`${same ? "✓" : "✗"} Node ${version}, ${sample}, time ${round}\n`);
  if (same) return;
  failed += 1;
  const other = golden.filter(([file, text]) => made.find(([name]) => name === file)?.[1] !== text).map(([file]) => file);
  process.stdout.write(`${status === 0 ? `other bytes: ${other.join(", ")}` : `exit code ${status}: ${stderr}`}\n`);
}

function filesIn(path) {
  return readdirSync(path)
    .toSorted()
    .map((name) => [name, readFileSync(join(path, name), "latin1")]);
}
