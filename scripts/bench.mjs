// `npm run bench`: bundles bench/main.ts and runs it; arguments choose parts (attempt, run, cold, start).
import { spawnSync } from "node:child_process";
import { build } from "esbuild";

const outfile = "node_modules/.cache/bakeoff-bench/main.mjs";
await build({
  entryPoints: ["bench/main.ts"],
  outfile,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  loader: { ".hbs": "text", ".rs": "text" },
  logLevel: "warning",
});
const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: "inherit" });
process.exitCode = status ?? 1;
