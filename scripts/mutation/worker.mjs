// Tries one mutant at a time: which golden scenario and which unit test notice it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { configureGlobal } from "fast-check";
import { createModules } from "./modules.mjs";
import { createRunner } from "./shim.mjs";

const [root, trials] = process.argv.slice(2);
/** Random cases of a property: what so few do not show, few mutants of thousands hide behind. */
const CASES = "30";
configureGlobal({ numRuns: Number(CASES) });
const fewer = (text) => text.replace("part: 1_500", `part: ${trials}`).replaceAll(/\bnumRuns: [\d_]+/g, `numRuns: ${CASES}`);
const modules = createModules(root, { edit: (_, text) => fewer(text) });
const policyFile = (name) => readFileSync(join(root, "policy", name), "utf8");
const goldenFiles = readdirSync(join(root, "policy", "golden"))
  .filter((name) => name.endsWith(".toml"))
  .map((name) => ({ path: name, text: policyFile(`golden/${name}`) }));

/** The first golden scenario that comes out otherwise, as `bakeoff policy validate` would say it; null: all are as they were. */
function goldenFailure(load) {
  const { parseToml } = load("src/core/base/toml.ts");
  const { candidatesSchema, policySchema } = load("src/core/policy/schema.ts");
  const policy = parseToml("policy", policyFile("model_policy.toml"), policySchema);
  const candidates = parseToml("candidates", policyFile("candidates.toml"), candidatesSchema);
  if (!policy.ok || !candidates.ok) return "the policy does not parse";
  const source = { createdAt: "2026-11-22T00:00:00.000Z", files: [] };
  const snapshot = load("src/core/policy/snapshot.ts").compileSnapshot(policy.value, candidates.value, source);
  const { scenarios, issues } = load("src/core/router/golden/scenario.ts").readGolden(goldenFiles);
  return [...issues, ...load("src/core/router/golden/golden.ts").goldenIssues(snapshot, scenarios, "golden")][0]?.message ?? null;
}

/** Of the test files that the change bears on, the first test that fails; those that noticed something lately go first. */
async function unitFailure(changed, text, tests) {
  for (const test of tests.toSorted((a, b) => rank(a) - rank(b))) {
    const { api, run } = await createRunner(join(root, test));
    const before = process.cpuUsage();
    const failure = await failureOf(() => modules.world(changed, text, { vitest: api }).loadTest(test).then(run));
    if (failure !== null) lately.set(test, ++clock);
    else costs.set(test, processorMs(before));
    if (failure !== null) return `${test}: ${failure}`;
  }
  return null;
}

/** Test files that pass as the code stands: once is enough, whatever file is changed next. */
const passing = new Set();

async function unchangedFailure(changed, text, tests) {
  const failure = await unitFailure(
    changed,
    text,
    tests.filter((test) => !passing.has(test)),
  );
  if (failure === null) for (const test of tests) passing.add(test);
  return failure;
}

function processorMs(before) {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

let clock = 0;
const lately = new Map();
const costs = new Map();
/** Cheap tests first; a test that has just noticed a mutant counts as cheap. */
const rank = (test) => (costs.get(test) ?? 0) / (1 + (clock - (lately.get(test) ?? -100) < 10 ? 9 : 0));

async function failureOf(what) {
  try {
    return await what();
  } catch (error) {
    return `it throws: ${error instanceof Error ? error.message.split("\n").slice(0, 3).join(" ") : String(error)}`;
  }
}

/** What the tests take where nothing fails. */
const tookOf = (tests) => tests.reduce((sum, test) => sum + (costs.get(test) ?? 0), 0);

process.on("message", async ({ changed, text, golden, tests, mutant }) => {
  const reached = tests.filter((test) => modules.bears(test, changed));
  const byGolden = golden ? await failureOf(() => goldenFailure(modules.world(changed, text).load)) : null;
  const byTests = mutant === null ? unchangedFailure : unitFailure;
  const byUnit = byGolden === null ? await failureOf(() => byTests(changed, text, reached)) : null;
  process.send({ byGolden, byUnit, took: tookOf(reached) });
});
