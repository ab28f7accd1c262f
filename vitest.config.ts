// Kinds of test: fast ones that share a process, ones that start processes, the sandbox's, which run per tier, and long ones.
import { defineConfig } from "vitest/config";

/** Templates are text, as the bundler has it. */
const templates = {
  name: "hbs-as-text",
  transform: (code: string, id: string) => (id.endsWith(".hbs") ? `export default ${JSON.stringify(code)};` : null),
};

/** Whole histories, mutants and crashes: minutes of cargo, which `npm run test:long` takes. */
const LONG = [
  "test/cli/promotion-chain.test.ts",
  "test/cli/suite-mine.test.ts",
  "test/cli/suite-import.test.ts",
  "test/cli/mutate.test.ts",
  "test/contract/crash.test.ts",
];

const system = { testTimeout: 180_000, hookTimeout: 300_000, fileParallelism: false };

export default defineConfig({
  plugins: [templates],
  test: {
    projects: [
      { extends: true, test: { name: "unit", include: ["test/unit/**/*.test.ts", "test/golden/**/*.test.ts"] } },
      { extends: true, test: { name: "sandbox", include: ["test/sandbox/**/*.test.ts"], ...system } },
      { extends: true, test: { name: "servers", include: ["test/servers/**/*.test.ts"], ...system } },
      { extends: true, test: { name: "system", include: ["test/contract/**/*.test.ts", "test/cli/**/*.test.ts"], exclude: LONG, ...system } },
      { extends: true, test: { name: "long", include: LONG, ...system } },
    ],
  },
});
