// Three kinds of test: fast ones that share a process, ones that start processes, and the sandbox's, which run per tier.
import { defineConfig } from "vitest/config";

/** Templates are text, as the bundler has it. */
const templates = {
  name: "hbs-as-text",
  transform: (code: string, id: string) => (id.endsWith(".hbs") ? `export default ${JSON.stringify(code)};` : null),
};

const system = { testTimeout: 180_000, hookTimeout: 300_000, fileParallelism: false };

export default defineConfig({
  plugins: [templates],
  test: {
    projects: [
      { extends: true, test: { name: "unit", include: ["test/unit/**/*.test.ts", "test/golden/**/*.test.ts"] } },
      { extends: true, test: { name: "sandbox", include: ["test/sandbox/**/*.test.ts"], ...system } },
      { extends: true, test: { name: "servers", include: ["test/servers/**/*.test.ts"], ...system } },
      { extends: true, test: { name: "system", include: ["test/contract/**/*.test.ts", "test/cli/**/*.test.ts"], ...system } },
    ],
  },
});
