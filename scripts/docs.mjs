// `npm run docs`: writes the documents that are generated; `-- --check` only says which of them are out of date.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { decisionFiles } from "./docs/decisions.mjs";
import { generate, saidOf } from "./docs/generate.mjs";
import { outputSchemas } from "./docs/output-schemas.mjs";
import { referenceFiles } from "./docs/reference.mjs";
import { wingIssues } from "./docs/wings.mjs";

const root = rootFrom(process.argv);
const GENERATORS = [decisionFiles, wingIssues, outputSchemas, ...(process.argv.includes("--root") ? [] : [referenceFiles])];

const check = process.argv.includes("--check");
const { stale, issues } = await generate(root, GENERATORS);
if (!check) for (const [path, text] of stale) write(path, text);
const problems = check ? saidOf({ stale, issues }) : issues;
if (problems.length > 0) process.stdout.write(`${problems.join("\n")}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function write(path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  process.stdout.write(`${path} written\n`);
}

/** The project's folder, or the copy that `--root` names (tests), whose reference would be written from this project all the same. */
function rootFrom(argv) {
  const at = argv.indexOf("--root");
  return at < 0 ? fileURLToPath(new URL("..", import.meta.url)) : argv[at + 1];
}
