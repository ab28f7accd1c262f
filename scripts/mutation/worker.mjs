// Tries one mutant at a time: which golden scenario and which unit test notice it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createModules } from "./modules.mjs";
import { createRunner } from "./shim.mjs";

const [root, trials] = process.argv.slice(2);
const modules = createModules(root, { edit: (_, text) => text.replace("part: 1_500", `part: ${trials}`) });
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
  const reached = tests.filter((test) => modules.bears(test, changed)).toSorted((a, b) => rank(a) - rank(b));
  for (const test of reached) {
    const { api, run } = await createRunner();
    const started = performance.now();
    const failure = await failureOf(() => modules.world(changed, text, { vitest: api }).loadTest(test).then(run));
    if (failure !== null) lately.set(test, ++clock);
    else costs.set(test, performance.now() - started);
    if (failure !== null) return `${test}: ${failure}`;
  }
  return null;
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

process.on("message", async ({ changed, text, golden, tests }) => {
  const byGolden = golden ? await failureOf(() => goldenFailure(modules.world(changed, text).load)) : null;
  const byUnit = byGolden === null ? await failureOf(() => unitFailure(changed, text, tests)) : null;
  process.send({ byGolden, byUnit });
});
