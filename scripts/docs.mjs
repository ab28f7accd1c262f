// `npm run docs`: writes the documents that are generated; `-- --check` only says which of them are out of date.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decisionFiles } from "./docs/decisions.mjs";
import { wingIssues } from "./docs/wings.mjs";

/** Each gives `{files: [path, text][], issues}`: files that are generated, and what is wrong with those that people write. */
const GENERATORS = [decisionFiles, wingIssues];

const root = rootFrom(process.argv);
const check = process.argv.includes("--check");
const problems = [];
for (const generate of GENERATORS) {
  const { files, issues } = generate(root);
  problems.push(...issues);
  for (const [path, text] of files) {
    const present = existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : null;
    if (present === text) continue;
    if (check) problems.push(`${path} is out of date: run \`npm run docs\``);
    else {
      writeFileSync(join(root, path), text);
      process.stdout.write(`${path} written\n`);
    }
  }
}
if (problems.length > 0) process.stdout.write(`${problems.join("\n")}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** The project's folder, or the one that `--root` names (tests). */
function rootFrom(argv) {
  const at = argv.indexOf("--root");
  return at < 0 ? fileURLToPath(new URL("..", import.meta.url)) : argv[at + 1];
}
