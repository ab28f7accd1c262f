// Three kinds of test: fast ones that share a process, ones that start processes, and the sandbox's, which run per tier.
import { defineConfig } from "vitest/config";

const system = { testTimeout: 180_000, hookTimeout: 300_000, fileParallelism: false };

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts", "test/golden/**/*.test.ts"] } },
      { test: { name: "sandbox", include: ["test/sandbox/**/*.test.ts"], ...system } },
      { test: { name: "servers", include: ["test/servers/**/*.test.ts"], ...system } },
      { test: { name: "system", include: ["test/contract/**/*.test.ts", "test/cli/**/*.test.ts"], ...system } },
    ],
  },
});
