// `npm run docs:site`: a site of docs/ with search, by VitePress, which is installed into a folder of its own and is no package of the project.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SOURCE = join(ROOT, "scripts", "docs-site");
const FOLDER = join(ROOT, "node_modules", ".cache", "docs-site");
const VITEPRESS = join(FOLDER, "node_modules", "vitepress", "bin", "vitepress.js");
const DONE = join(ROOT, "docs-site");

mkdirSync(FOLDER, { recursive: true });
for (const name of ["package.json", "package-lock.json"]) cpSync(join(SOURCE, name), join(FOLDER, name));
if (!existsSync(VITEPRESS)) run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);

// Copied, so that nothing of the generator lies among the documents.
rmSync(join(FOLDER, "docs"), { recursive: true, force: true });
cpSync(join(ROOT, "docs"), join(FOLDER, "docs"), { recursive: true });
mkdirSync(join(FOLDER, "docs", ".vitepress"));
const settings = new URL(`file://${join(SOURCE, "config.mjs")}`).href;
writeFileSync(join(FOLDER, "docs", ".vitepress", "config.mjs"), `export { default } from ${JSON.stringify(settings)};\n`);

run(process.execPath, [VITEPRESS, "build", "docs", "--outDir", DONE]);
process.stdout.write(`${DONE}/index.html\n`);

function run(program, args) {
  const { status } = spawnSync(program, args, { cwd: FOLDER, stdio: "inherit" });
  if (status !== 0) {
    process.stderr.write(`${program} ${args.join(" ")} ended with ${status}\n`);
    process.exit(1);
  }
}
