// `npm run test:crates`: suites of public crates, fetched through cargo. Of each, the oracle must pass everything and nop nothing.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { fetchCrates, layHistory, layRepository } from "./crates/sources.mjs";

/** Of eleven kinds. `with`: further packages of its workspace, which stand in the place of those on the registry. */
const MUTATED = [
  { kind: "algorithms", name: "strsim", version: "0.11.1" },
  { kind: "parser", name: "semver", version: "1.0.27" },
  { kind: "unsafe code, `no_std`", name: "fixedbitset", version: "0.5.7" },
  { kind: "`no_std`, generic", name: "arrayvec", version: "0.7.6" },
  { kind: "comparison, a table of cases", name: "version-compare", version: "0.2.1" },
  { kind: "edition 2024, tests made by macros", name: "globset", version: "0.4.18" },
  { kind: "async, tokio", name: "tokio-retry", version: "0.3.0" },
  { kind: "C by a build script", name: "bzip2", version: "0.5.2" },
  { kind: "procedural macros, a workspace", name: "thiserror", version: "1.0.69", with: [{ name: "thiserror-impl", version: "1.0.69" }] },
  { kind: "time and dates", name: "humantime", version: "2.3.0" },
  { kind: "tests made by macros alone", name: "heck", version: "0.5.0" },
];
/** Successive releases, each a commit: what a release changes in sources and tests together is what there is to mine. */
const MINED = [
  { name: "strsim", versions: ["0.6.0", "0.7.0", "0.8.0", "0.9.0", "0.9.1", "0.9.2", "0.9.3", "0.10.0", "0.11.0", "0.11.1"] },
  { name: "heck", versions: ["0.3.0", "0.3.1", "0.3.2", "0.3.3", "0.4.0", "0.4.1", "0.5.0"] },
  { name: "version-compare", versions: ["0.0.11", "0.1.0", "0.1.1", "0.2.0", "0.2.1"] },
];

const { values } = parseArgs({
  options: {
    by: { type: "string", default: "mutate,mine" },
    /** Names of crates, with commas between them. */
    only: { type: "string" },
    /** Mutants that are tried of each. */
    tries: { type: "string", default: "36" },
    /** Tasks that are mined of each. */
    max: { type: "string", default: "8" },
    keep: { type: "boolean", default: false },
  },
});
const isWanted = ({ name }) => values.only === undefined || values.only.split(",").includes(name);
const by = values.by.split(",");
const mutated = by.includes("mutate") ? MUTATED.filter(isWanted) : [];
const mined = by.includes("mine") ? MINED.filter(isWanted) : [];
const program = resolve("dist/main.js");
const work = mkdtempSync(join(tmpdir(), "bakeoff-crates-"));
const results = [];
process.stdout.write("| Crate | Kind | Seen | Tasks | Share | Made in | Validates | `oracle` | `nop` | Dropped |\n|---|---|---|---|---|---|---|---|---|---|\n");

try {
  const releases = [
    ...mutated.flatMap((release) => [release, ...(release.with ?? [])]),
    ...mined.flatMap(({ name, versions }) => versions.map((version) => ({ name, version }))),
  ];
  const named = [...new Map(releases.map((release) => [`${release.name} ${release.version}`, release])).values()];
  const vendor = fetchCrates(work, named);
  for (const release of mutated) {
    const repo = join(work, "repos", release.name);
    layRepository(vendor, release, repo);
    record(tried({ what: `${release.name} ${release.version}`, kind: release.kind, command: "mutate" }, repo, ["--tries", values.tries, "--max", "500"]));
  }
  for (const { name, versions } of mined) {
    const repo = join(work, "histories", name);
    layHistory(vendor, name, versions, repo);
    record(tried({ what: `${name} ${versions[0]} to ${versions.at(-1)}`, kind: "history of releases", command: "mine" }, repo, ["--max", values.max]));
  }
} finally {
  if (values.keep) process.stderr.write(`kept: ${work}\n`);
  else rmSync(work, { recursive: true, force: true });
}

process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;

/** Makes a suite, proves it once more with the leak check, and runs the two candidates whose results are known beforehand. */
function tried({ what, kind, command }, repo, bounds) {
  const folder = join(work, "suites", `${repo.split("/").at(-1)}-${command === "mine" ? "mined" : "mutants"}`);
  const begun = Date.now();
  const made = bakeoff(["suite", command, "--repo", repo, ...bounds, "--out", folder, "--json"]);
  const madeS = (Date.now() - begun) / 1000;
  if (made === null) return { what, kind, ok: false, note: `no suite, after ${madeS.toFixed(0)} s` };
  const proved = bakeoff(["suite", "validate", folder, "--leaks", "--repeats", "1", "--json"]) !== null;
  const ran = bakeoff(["run", "--suite", folder, "--candidates", "oracle,nop", "--json"]);
  const rate = (name) => ran?.summary.candidates.find((candidate) => candidate.name === name)?.slot.pass.value ?? null;
  const [oracle, nop] = [rate("oracle"), rate("nop")];
  const compile = made.tasks.filter((task) => task.kind === "compile").length;
  const seen = command === "mine" ? `${made.commits} releases, ${made.tried} built` : made.made.find((line) => line.includes("mutants tried"));
  return {
    what,
    kind,
    ok: proved && oracle === 1 && nop === 0,
    tasks: made.tasks.length,
    compile,
    seen,
    // Of the mutants that compile, or fail to as they were meant to; of the commits that repair something and carry a test.
    share: made.funnel.share,
    madeS,
    proved,
    oracle,
    nop,
    dropped: reasonsOf(made),
  };
}

function record(result) {
  results.push(result);
  process.stdout.write(`${row(result)}\n`);
}

function reasonsOf(made) {
  const counts = new Map(Object.entries(made.passedOver ?? {}));
  for (const { reason } of made.dropped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .toSorted((a, b) => b[1] - a[1])
    .map(([reason, count]) => `${count} ${reason}`)
    .join(", ");
}

/** The command's JSON document; null where it did not end well. */
function bakeoff(args) {
  process.stderr.write(`\n$ bakeoff ${args.join(" ")}\n`);
  const env = { ...process.env, BAKEOFF_CACHE: join(work, "cache") };
  const { status, stdout } = spawnSync(process.execPath, [program, ...args], {
    cwd: work,
    env,
    encoding: "utf8",
    maxBuffer: 1e9,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return status === 0 ? JSON.parse(stdout) : null;
}

function percent(share) {
  return share === null || share === undefined ? "–" : `${(share * 100).toFixed(0)} %`;
}

function row({ what, kind, tasks, compile, seen, share, madeS, proved, oracle, nop, dropped, note }) {
  if (note) return `| ${what} | ${kind} | ${note} | | | | | | | |`;
  const made = [seen, `${tasks} (${compile} compile)`, percent(share), `${madeS.toFixed(0)} s`, proved ? "yes" : "no", percent(oracle), percent(nop), dropped];
  return `| ${[what, kind, ...made].join(" | ")} |`;
}
