// `npm run new -- KIND NAME`: writes the skeleton of something that is added often, and the test that fails until it is filled in.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { criterion } from "./new/criterion.mjs";
import { decision } from "./new/decision.mjs";
import { dialect } from "./new/dialect.mjs";
import { event } from "./new/event.mjs";
import { flag } from "./new/flag.mjs";
import { format } from "./new/format.mjs";
import { level } from "./new/level.mjs";
import { operator } from "./new/operator.mjs";
import { tier } from "./new/tier.mjs";

/**
 * Each kind: `usage` for people, and `plan(root, name)` → `{files: [path, text][], edits: Source[], next: string[]}`, or
 * `{refusal}`: files that must not be there yet, sources that are changed, and what is left to do.
 */
const KINDS = { criterion, decision, dialect, event, flag, format, level, operator, tier };

const [kind, name, ...rest] = process.argv.slice(2);
const root = rest[0] === "--root" ? rest[1] : fileURLToPath(new URL("..", import.meta.url));
process.exitCode = main();

function main() {
  const known = Object.hasOwn(KINDS, kind ?? "") ? KINDS[kind] : null;
  if (!known || !name)
    return refuse(
      `usage: npm run new -- KIND NAME\n${Object.values(KINDS)
        .map(({ usage }) => `  ${usage}\n`)
        .join("")}`,
    );
  const { files = [], edits = [], next = [], refusal } = known.plan(root, name);
  if (refusal) return refuse(`${refusal}\n`);
  const present = files.find(([path]) => existsSync(join(root, path)));
  if (present) return refuse(`${present[0]} exists already: choose another name\n`);
  const written = [...files, ...edits.map(({ path, text }) => [path, text])];
  for (const [path, text] of written) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    process.stdout.write(`${path} ${edits.some((edit) => edit.path === path) ? "changed" : "written"}\n`);
  }
  layOut(written.map(([path]) => path).filter((path) => path.endsWith(".ts")));
  process.stdout.write(`\nNext:\n${next.map((line, index) => `${index + 1}. ${line}\n`).join("")}`);
  return 0;
}

function layOut(paths) {
  const biome = fileURLToPath(new URL("../node_modules/@biomejs/biome/bin/biome", import.meta.url));
  if (paths.length > 0) spawnSync(process.execPath, [biome, "format", "--write", ...paths], { cwd: root, stdio: "ignore" });
}

function refuse(text) {
  process.stderr.write(text);
  return 2;
}
