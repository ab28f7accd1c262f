// `npm run mutation`: changes the router and the policy's rules one small thing at a time; golden scenarios, then unit tests, should notice.
import { fork } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { context } from "esbuild";
import { mutantsOf } from "./mutation/mutants.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const BOUND_PERCENT = 95;
const TIMEOUT_MS = 60_000;
/** Decides nothing: schemas, types, prompts, and the golden runner itself, which is the test here. */
const LEFT_OUT = /\/(schema|event|command|spoken|golden[a-z-]*|prompt[a-z-]*|outline|context|feedback|patch-summary)\.ts$/;
/** The run's part of the router, which no scenario of one decision can reach. */
const UNREACHED = /\/(breaker|budget)\.ts$/;
const routerTests = (...names) => names.map((name) => `test/unit/core/router/${name}.test.ts`);

const filesIn = (folder) =>
  readdirSync(join(ROOT, folder), { recursive: true })
    .map((name) => `${folder}/${name}`)
    .filter((path) => path.endsWith(".ts"));
const policyTests = filesIn("test/unit/core/policy").filter((path) => path.endsWith(".test.ts"));
const sources = ["src/core/router", "src/core/policy"].flatMap(filesIn).filter((path) => !LEFT_OUT.test(path));

const GOLDEN_ENTRY = `
import { readdirSync, readFileSync } from "node:fs";
import { parseToml } from "./src/core/base/toml.ts";
import { candidatesSchema, policySchema } from "./src/core/policy/schema.ts";
import { compileSnapshot } from "./src/core/policy/snapshot.ts";
import { goldenIssues } from "./src/core/router/golden.ts";
import { readGolden } from "./src/core/router/golden-scenario.ts";
const read = (name) => readFileSync(${JSON.stringify(join(ROOT, "policy"))} + "/" + name, "utf8");
export function failure() {
  const policy = parseToml("policy", read("model_policy.toml"), policySchema);
  const candidates = parseToml("candidates", read("candidates.toml"), candidatesSchema);
  if (!policy.ok || !candidates.ok) return "the policy does not parse";
  const snapshot = compileSnapshot(policy.value, candidates.value, { createdAt: "2026-11-22T00:00:00.000Z", files: [] });
  const names = readdirSync(${JSON.stringify(join(ROOT, "policy", "golden"))}).filter((name) => name.endsWith(".toml"));
  const { scenarios, issues } = readGolden(names.map((name) => ({ path: name, text: read("golden/" + name) })));
  return [...issues, ...goldenIssues(snapshot, scenarios, "golden")][0]?.message ?? null;
}
`;

/** The file that is changed in the next bundle, and its text then. */
const changed = { path: "", text: "" };

const withMutant = {
  name: "mutant",
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/src\/core\/(router|policy)\/.*\.ts$/ }, ({ path }) => {
      const contents = path === changed.path ? changed.text : readFileSync(path, "utf8");
      return { contents, loader: "ts" };
    });
    // Tests find their files by the address of their module, which a bundle has only one of.
    onLoad({ filter: /\/test\/.*\.ts$/ }, ({ path }) => {
      const contents = readFileSync(path, "utf8")
        .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href))
        // Hundreds of mutants: a tenth of the random trials shows almost as much of each.
        .replace("TRIALS = 10_000", "TRIALS = 1_000");
      return { contents, loader: "ts" };
    });
  },
};

const bundler = (contents) =>
  context({
    stdin: { contents, resolveDir: ROOT, loader: "ts" },
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "silent",
    plugins: [withMutant],
  });

/** The tests of one file alone: the quickest to say that it changed. */
async function ownTests(path) {
  const test = path.replace("src/", "test/unit/").replace(/\.ts$/, ".test.ts");
  return existsSync(join(ROOT, test)) ? bundler(importing([test])) : null;
}

const golden = await bundler(GOLDEN_ENTRY);
const importing = (tests) => tests.map((path) => `import "./${path}";`).join("\n");
const routerUnits = await bundler(importing(routerTests("state", "next", "golden")));
const simulation = await bundler(importing(routerTests("simulation")));
const policyUnits = await bundler(importing(policyTests));

let worker = null;

/** What noticed the mutant; null where nothing did. A bundle that can't be made, or takes too long, is noticed. */
async function noticed(kind, made) {
  let code;
  try {
    code = (await made.rebuild()).outputFiles[0].text;
  } catch {
    return "it does not bundle";
  }
  worker ??= fork(join(ROOT, "scripts", "mutation", "worker.mjs"), { stdio: ["ignore", "ignore", "ignore", "ipc"] });
  const mine = worker;
  return new Promise((done) => {
    const end = (failure) => {
      clearTimeout(timer);
      mine.removeAllListeners();
      done(failure);
    };
    const giveUp = (failure) => {
      worker = null;
      mine.kill("SIGKILL");
      end(failure);
    };
    const timer = setTimeout(() => giveUp("it takes too long"), TIMEOUT_MS);
    mine.once("exit", () => giveUp("it ends the process"));
    mine.once("message", ({ failure }) => end(failure));
    mine.send({ kind, code });
  });
}

async function examine(path, own, mutant) {
  const source = readFileSync(join(ROOT, path), "utf8");
  changed.path = join(ROOT, path);
  changed.text = source.slice(0, mutant.start) + mutant.text + source.slice(mutant.end);
  const isRouter = path.startsWith("src/core/router/");
  const byGolden = isRouter && !UNREACHED.test(path) ? await noticed("golden", golden) : null;
  let byUnit = null;
  for (const tests of [own, ...(isRouter ? [routerUnits, simulation] : [policyUnits])]) {
    if (tests !== null && byGolden === null && byUnit === null) byUnit = await noticed("unit", tests);
  }
  return { path, mutant, byGolden, byUnit };
}

async function checkUnchanged() {
  for (const [kind, made] of [
    ["golden", golden],
    ["unit", routerUnits],
    ["unit", simulation],
    ["unit", policyUnits],
  ]) {
    const failure = await noticed(kind, made);
    if (failure !== null) throw new Error(`without a mutant the tests fail already: ${failure}`);
  }
}

const percent = (part, whole) => (whole === 0 ? 100 : (100 * part) / whole);
const tell = (name, results) => {
  const killed = results.filter(({ byGolden, byUnit }) => byGolden !== null || byUnit !== null).length;
  const alone = results.filter(({ byGolden }) => byGolden !== null).length;
  const share = percent(killed, results.length).toFixed(1);
  process.stdout.write(`${name}: ${killed} of ${results.length} mutants killed (${share} %), ${alone} of them by golden scenarios alone\n`);
};

const only = process.argv.slice(2);
const started = Date.now();
await checkUnchanged();
const results = [];
for (const path of sources.filter((one) => only.length === 0 || only.some((word) => one.includes(word)))) {
  const source = readFileSync(join(ROOT, path), "utf8");
  const ofFile = [];
  const own = await ownTests(path);
  for (const mutant of mutantsOf(path, source, { prose: path.startsWith("src/core/router/") })) ofFile.push(await examine(path, own, mutant));
  await own?.dispose();
  tell(path, ofFile);
  for (const { mutant, byGolden, byUnit } of ofFile) {
    if (byGolden === null && byUnit === null) process.stdout.write(`  survived ${relative(ROOT, join(ROOT, path))}:${mutant.line}: ${mutant.what}\n`);
  }
  results.push(...ofFile);
}
worker?.kill();
for (const made of [golden, routerUnits, simulation, policyUnits]) await made.dispose();

tell(
  "router",
  results.filter(({ path }) => path.startsWith("src/core/router/")),
);
tell(
  "policy",
  results.filter(({ path }) => path.startsWith("src/core/policy/")),
);
tell("all", results);
process.stdout.write(`${((Date.now() - started) / 1000).toFixed(0)} s\n`);
const killed = results.filter(({ byGolden, byUnit }) => byGolden !== null || byUnit !== null).length;
process.exitCode = results.length > 0 && percent(killed, results.length) >= BOUND_PERCENT ? 0 : 1;
