// `npm run check`: types, lint, format, layers, dead code and generated documents and unique names; runs all and fails if any fails.
import { spawnSync } from "node:child_process";

const steps = [
  ["types", "node_modules/typescript7/bin/tsc", ["--noEmit", "-p", "."]],
  ["browser types", "node_modules/typescript7/bin/tsc", ["--noEmit", "-p", "src/ui/browser"]],
  ["lint", "node_modules/oxlint/bin/oxlint", ["src", "test", "bench", "scripts"]],
  ["kinds", "scripts/lint.mjs", []],
  ["format", "node_modules/@biomejs/biome/bin/biome", ["format", "."]],
  ["layers", "node_modules/dependency-cruiser/bin/dependency-cruise.mjs", ["src", "--config", ".dependency-cruiser.cjs"]],
  ["dead code", "node_modules/knip/bin/knip.js", []],
  ["docs", "scripts/docs.mjs", ["--check"]],
  ["names", "scripts/exported-names.mjs", []],
  ["package", "node_modules/publint/src/cli.js", []],
];

let failed = 0;
for (const [name, script, args] of steps) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  const output = `${stdout}${stderr}`.replaceAll("\u0000", "");
  // With the wrong TypeScript beside it, dependency-cruiser passes after looking at nothing.
  const blind = name === "layers" && !/\b[1-9]\d* modules/.test(output);
  const ok = status === 0 && !blind;
  process.stdout.write(`${ok ? "✓" : "✗"} ${name}\n`);
  if (ok) continue;
  failed += 1;
  process.stdout.write(`${output}${blind ? "no module was looked at\n" : ""}`);
}
process.exitCode = failed === 0 ? 0 : 1;
