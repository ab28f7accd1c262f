// `npm run mutation`: changes the code of the core one small thing at a time; golden scenarios and unit tests should notice.
//
//   node scripts/mutate.mjs                       everything
//   node scripts/mutate.mjs core/policy/layer     files whose path holds these words; `layer.ts:45` is one line
//   node scripts/mutate.mjs --jobs 1              one worker (two are the default)
//   node scripts/mutate.mjs --every 5 --first 2   of each file every fifth mutant from the third on: a sample, and told as one
//   node scripts/mutate.mjs --tests core/capsule  only test files whose path holds this: quicker, and no figure to tell
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { TOO_LONG, tryAll } from "./mutation/crew.mjs";
import { mutantsOf } from "./mutation/mutants.mjs";
import { createModules } from "./mutation/modules.mjs";
import { whySurvives } from "./mutation/survivors.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
/** The parts that are changed, and the share of their mutants that must be noticed. */
const PARTS = {
  policy: { bound: 95, tests: ["core/policy", "core/router"] },
  router: { bound: 95, tests: ["core/policy", "core/router"] },
  capsule: { bound: 90, tests: ["core/capsule", "core/trial", "core/replay", "app/capsule", "app/report", "app/run/bakeoff.test.ts"] },
  verdict: { bound: 90, tests: ["core/verdict", "adapters/workbench/verification", "adapters/sandbox/inventory"] },
  gate: { bound: 90, tests: ["core/gate", "core/report/gate"] },
  metrics: { bound: 90, tests: ["core/metrics", "core/report/report.test.ts", "core/report/latency.test.ts", "app/view/run-before"] },
  replay: { bound: 90, tests: ["core/replay", "app/replay", "app/policy/scenario", "core/report/audit"] },
};
/** Thousands of mutants: a third of the simulation's random trials shows almost as much of each. */
const TRIALS = "500";
const FOLDERS = Object.keys(PARTS);

/** Not mutated unless named, and in no figure: `npm run check` or golden scenarios hold it. */
const LEFT_OUT = [
  [/\/router\/golden\//, "the scenarios' own notation and runner: they are the test here"],
  [/\/policy\/keys\.ts$/, "words of the reference: `npm run check` holds them against its page"],
];

/** What no scenario of one decision can reach, by construction: each of these is held to by unit tests alone. */
const BEYOND_SCENARIOS = [
  [/\/(breaker|budget)\.ts$/, "sums over a whole run: a scenario is given what they come to (breakers, budget)"],
  [/\/format-command\.ts$/, "the words that scenarios expect"],
];

/** Of the router's rules, reasons and branches, those that no scenario can notice: a line's own words, and why. */
const UNSEEN = [
  ["implementer.ts", "const failed =", "both counts are held against one limit: exchanging them changes nothing"],
  ["reflex.ts", "by === null || breaker === undefined", "for the compiler: what is no candidate has no breaker"],
  ["situation.ts", "matchers.set(", "a cache: it changes how long a decision takes"],
];

const { values: options, positionals: only } = parseArgs({
  options: {
    jobs: { type: "string", default: "2" },
    every: { type: "string", default: "1" },
    first: { type: "string", default: "0" },
    tests: { type: "string", multiple: true, default: [""] },
  },
  allowPositionals: true,
});

const [every, first] = [Number(options.every), Number(options.first)];
if (!(Number.isInteger(every) && Number.isInteger(first) && every > first && first >= 0)) {
  process.stderr.write(`--every ${options.every} --first ${options.first}: whole numbers, and the first below the other\n`);
  process.exit(2);
}

const filesIn = (folder) =>
  readdirSync(join(ROOT, folder), { recursive: true })
    .map((name) => `${folder}/${name}`)
    .filter((path) => path.endsWith(".ts"))
    .toSorted();
/** The published schema of a capsule's lines holds the form of every event. */
const PUBLISHED = "test/unit/core/capsule/json-schema.test.ts";
const allTests = filesIn("test/unit").filter((path) => path.endsWith(".test.ts"));
const SIMULATION = "test/unit/core/router/simulation.test.ts";
const inRouter = (path) => path.startsWith("src/core/router/");
const isLeftOut = (path) => LEFT_OUT.some(([files]) => files.test(path));
const byScenarios = (path) => inRouter(path) && !isLeftOut(path) && BEYOND_SCENARIOS.every(([files]) => !files.test(path));

/** Those of the part. The simulation takes long and holds the router's decisions against invariants: it says little of anything else. */
function testsFor(path, { tests }) {
  const meant = allTests.filter((test) => test === PUBLISHED || tests.some((folder) => test.startsWith(`test/unit/${folder}`)));
  return meant.filter((test) => options.tests.some((word) => test.includes(word)) && (inRouter(path) || test !== SIMULATION));
}

/** Every reason that a decision or a step down the order can have. */
function reasonNames() {
  const { load } = createModules(ROOT).world("src/core/trial/reason.ts", null);
  const { REASONS, FALLBACK_REASONS } = load("src/core/trial/reason.ts");
  return new Set([...Object.keys(REASONS), ...Object.keys(FALLBACK_REASONS)]);
}

const meant = (path, line) =>
  (only.length === 0 && !isLeftOut(path)) || only.some((word) => (/:\d+$/.test(word) ? `${path}:${line}`.endsWith(word) : path.includes(word)));

function jobs() {
  const reasons = reasonNames();
  const files = FOLDERS.flatMap((folder) => filesIn(`src/core/${folder}`).map((path) => ({ path, part: PARTS[folder] })));
  return files.flatMap(({ path, part }) => {
    const source = readFileSync(join(ROOT, path), "utf8");
    const mutants = mutantsOf(path, source, { prose: inRouter(path), reasons })
      .filter(({ line }) => meant(path, line))
      .filter((_, at) => at % every === first);
    const ways = { changed: path, golden: byScenarios(path), tests: testsFor(path, part) };
    // Without a mutant everything passes, or what the mutants come to means nothing.
    const unchanged = { ...ways, path, mutant: null, text: source };
    const changed = mutants.map((mutant) => ({ ...ways, path, mutant, text: source.slice(0, mutant.start) + mutant.text + source.slice(mutant.end) }));
    return mutants.length === 0 ? [] : [unchanged, ...changed];
  });
}

const killed = ({ byGolden, byUnit }) => byGolden !== null || byUnit !== null;
const shareOf = (part, whole) => (whole === 0 ? 100 : (100 * part) / whole);
const say = (text) => process.stdout.write(`${text}\n`);

function tell(name, results) {
  const dead = results.filter(killed).length;
  const late = results.filter(({ byGolden, byUnit }) => (byGolden ?? byUnit) === TOO_LONG).length;
  say(`${name}: ${dead} of ${results.length} mutants noticed (${shareOf(dead, results.length).toFixed(1)} %)${late > 0 ? `, ${late} by taking too long` : ""}`);
}

function tellFile(path, all) {
  const results = all.filter((result) => result.path === path);
  tell(path, results);
  for (const { mutant } of results.filter((result) => !killed(result))) {
    const why = whySurvives(path, lineOf(path, mutant));
    say(`  survived ${path}:${mutant.line}: ${mutant.what}${why === null ? "" : ` (${why})`}`);
  }
}

/** The rules, reasons and branches of the router, by golden scenarios alone. */
function tellScenarios(results) {
  const parts = results.filter(({ path, mutant }) => byScenarios(path) && mutant.kind !== "value");
  for (const kind of ["rule", "reason", "branch"]) {
    const ofKind = parts.filter(({ mutant }) => mutant.kind === kind);
    say(`  each ${kind} gone: ${ofKind.filter(({ byGolden }) => byGolden !== null).length} of ${ofKind.length}`);
  }
  const unnoticed = parts.filter(({ byGolden }) => byGolden === null).map((result) => ({ ...result, why: whyUnseen(result) }));
  for (const { path, mutant, why } of unnoticed) say(`  no scenario notices ${path}:${mutant.line}: ${mutant.what} (${why ?? "AND ONE SHOULD"})`);
  for (const [files, why] of BEYOND_SCENARIOS) say(`  not asked of scenarios: ${shown(files)}: ${why}`);
  for (const [files, why] of LEFT_OUT) say(`  not mutated: ${shown(files)}: ${why}`);
  return unnoticed.every(({ why }) => why !== null);
}

const shown = (files) => files.source.replaceAll(/\\|\$|^\\\//g, "");

const lineOf = (path, { line }) => readFileSync(join(ROOT, path), "utf8").split("\n")[line - 1] ?? "";

function whyUnseen({ path, mutant }) {
  const written = lineOf(path, mutant);
  return UNSEEN.find(([file, words]) => path.endsWith(`/${file}`) && written.includes(words))?.[2] ?? null;
}

const started = Date.now();
const seconds = () => `${((Date.now() - started) / 1000).toFixed(0)} s`;
const todo = jobs();
const results = [];
const waiting = new Map();
for (const { path } of todo) waiting.set(path, (waiting.get(path) ?? 0) + 1);
await tryAll(todo, {
  size: Number(options.jobs),
  args: [ROOT, TRIALS],
  tried: ({ path, mutant }, { byGolden, byUnit }) => {
    if (mutant !== null) results.push({ path, mutant, byGolden, byUnit });
    else if (byGolden ?? byUnit) throw new Error(`without a mutant the tests fail already: ${byGolden ?? byUnit}`);
    waiting.set(path, waiting.get(path) - 1);
    if (waiting.get(path) === 0) tellFile(path, results);
  },
});

const parts = Object.fromEntries(FOLDERS.map((folder) => [folder, results.filter(({ path }) => path.startsWith(`src/core/${folder}/`) && !isLeftOut(path))]));
say("rules, reasons and branches of the router, by golden scenarios alone:");
const allSeen = tellScenarios(results);
for (const [name, ofFolder] of Object.entries({ ...parts, all: Object.values(parts).flat() })) tell(name, ofFolder);
say(every > 1 ? `a sample: of each file each ${every}th mutant, from number ${first} on; ${seconds()}` : seconds());
const enough = ([name, ofFolder]) => shareOf(ofFolder.filter(killed).length, ofFolder.length) >= PARTS[name].bound;
process.exitCode = todo.length > 0 && allSeen && Object.entries(parts).every(enough) ? 0 : 1;
