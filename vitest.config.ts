// Kinds of test: fast ones that share a process, ones that start processes, the sandbox's, which run per tier, and long ones.
import { defineConfig } from "vitest/config";
import type { Reporter } from "vitest/reporters";
import { HeavyFirst } from "./test/setup/heavy-first.ts";

/** Templates, pipelines and Rust sources are text, as the bundler has it. */
const templates = {
  name: "texts",
  transform: (code: string, id: string) => (/\.(hbs|rs|yml|sh|Dockerfile)$/.test(id) ? `export default ${JSON.stringify(code)};` : null),
};

/** Whole histories, mutants and crashes: minutes of cargo, which `npm run test:long` takes. */
const LONG = [
  "test/contract/counterfactual-coverage.test.ts",
  "test/cli/promotion-chain.test.ts",
  "test/cli/pipeline.test.ts",
  "test/cli/suite-mine.test.ts",
  "test/cli/suite-import.test.ts",
  "test/cli/mutate.test.ts",
  "test/cli/package.test.ts",
  "test/cli/tutorial.test.ts",
  "test/contract/crash.test.ts",
  "test/contract/trend-false-alarms.test.ts",
  "test/sandbox/attack.test.ts",
  "test/queue/lies.test.ts",
];

/** They draw some of many like cases (test/setup/sample.ts); `npm run test:long` has them try all. */
const SAMPLED = [
  "test/cli/run.test.ts",
  "test/cli/replay.test.ts",
  "test/cli/replay-candidates.test.ts",
  "test/cli/suite-making.test.ts",
  "test/cli/library.test.ts",
  "test/contract/capsule.test.ts",
  "test/contract/journal-resume.test.ts",
  "test/contract/policy-fuzz.test.ts",
  "test/sandbox/alternatives.test.ts",
  "test/unit/adapters/store/corruptions.test.ts",
  "test/unit/core/metrics/statistics/change-point.test.ts",
  "test/unit/core/router/simulation.test.ts",
];

/** They need redis-server, which no test installs: CI has it; `npm run test:queue` asks for it. */
const QUEUE = ["test/queue/**/*.test.ts"];

/** They need Chromium, which no test installs: CI has it, `npm run test:browser` asks for it. */
const BROWSER = ["test/browser/**/*.test.ts"];

/** A closing line without colours, for whoever reads a log and does not know this runner. */
const plainCount: Reporter = {
  onTestRunEnd: (modules) => {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) for (const test of module.children.allTests()) count[test.result().state] += 1;
    process.stdout.write(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped + count.pending} skipped\n`);
  },
};

/** They hold clocks against clocks: nothing else may run beside them. */
const TIMED = ["test/contract/latency.test.ts", "test/contract/provider-time.test.ts", "test/cli/server-times.test.ts"];

const system = { globalSetup: ["test/setup/program.ts"], testTimeout: 180_000, hookTimeout: 300_000 };
/** Groups run one after the other; the projects of one group share its workers. */
const group = (groupOrder: number, maxWorkers: number) => ({ sequence: { groupOrder }, maxWorkers });

export default defineConfig({
  plugins: [templates],
  test: {
    globalSetup: ["test/setup/run-folder.ts", "test/setup/seed.ts"],
    reporters: ["default", plainCount],
    sequence: { sequencer: HeavyFirst },
    // By content, in node_modules: half of a short run went into transforming what nobody had changed.
    experimental: { fsModuleCache: true },
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["test/unit/**/*.test.ts", "test/golden/**/*.test.ts"], testTimeout: 60_000, isolate: false, ...group(1, 2) },
      },
      {
        extends: true,
        test: {
          name: "system",
          include: ["test/contract/**/*.test.ts", "test/cli/**/*.test.ts"],
          exclude: [...LONG, ...TIMED],
          ...system,
          ...group(2, 2),
        },
      },
      {
        extends: true,
        test: { name: "sandbox", include: ["test/sandbox/**/*.test.ts"], exclude: LONG, setupFiles: ["test/setup/one-tier.ts"], ...system, ...group(2, 2) },
      },
      { extends: true, test: { name: "timed", include: TIMED, ...system, ...group(3, 1) } },
      { extends: true, test: { name: "servers", include: ["test/servers/**/*.test.ts"], ...system, ...group(4, 1) } },
      { extends: true, test: { name: "interop", include: ["test/interop/**/*.test.ts"], ...system, ...group(4, 1) } },
      { extends: true, test: { name: "queue", include: QUEUE, exclude: LONG, ...system, ...group(4, 1) } },
      { extends: true, test: { name: "browser", include: BROWSER, ...system, ...group(4, 1) } },
      {
        extends: true,
        test: { name: "long", include: [...LONG, ...SAMPLED, ...BROWSER, ...QUEUE], env: { BAKEOFF_TEST_WHOLE: "1" }, ...system, ...group(5, 1) },
      },
    ],
  },
});
