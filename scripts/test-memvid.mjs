// `npm run test:memvid`: installs Memvid's native package into a folder of its own, and takes a capsule there and back through a .mv2 file.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** As the adapter names it, with the version that was measured. */
const [, name, version] = /PACKAGE = "([^"]+)";\s*const VERSION = "([^"]+)"/.exec(readFileSync("src/adapters/capsules/memvid.ts", "utf8"));
const folder = resolve("node_modules/.cache/memvid");

function must(what, program, args, more = {}) {
  const { status, error } = spawnSync(program, args, { stdio: "inherit", ...more });
  if (status === 0) return;
  process.stderr.write(`test:memvid: ${what} failed${error ? `: ${error.message}` : ""}\n`);
  process.exit(1);
}

const manifest = join(folder, "node_modules", name, "package.json");
if (!existsSync(manifest) || JSON.parse(readFileSync(manifest, "utf8")).version !== version) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"private":true}\n');
  must("installing the package", "npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--save-exact", `${name}@${version}`], { cwd: folder });
}
const vitest = resolve("node_modules/vitest/vitest.mjs");
const only = ["--project", "system", "test/contract/handover.test.ts", "-t", "a Memvid container"];
must("the round trip", process.execPath, [vitest, "run", ...only, ...process.argv.slice(2)], {
  env: { ...process.env, BAKEOFF_TEST_MEMVID: "1", NODE_PATH: join(folder, "node_modules") },
});
