// `npm run new -- KIND NAME`: writes the skeleton of something that is added often, and the test that fails until it is filled in.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { decision } from "./new/decision.mjs";

/** Each kind: `usage` for people, and `plan(root, name)` → `{files: [path, text][], next: string[]}` or `{refusal}`. */
const KINDS = { decision };

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
  const { files = [], next = [], refusal } = known.plan(root, name);
  if (refusal) return refuse(`${refusal}\n`);
  const present = files.find(([path]) => existsSync(join(root, path)));
  if (present) return refuse(`${present[0]} exists already: choose another name\n`);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    process.stdout.write(`${path} written\n`);
  }
  process.stdout.write(`\nNext:\n${next.map((line, index) => `${index + 1}. ${line}\n`).join("")}`);
  return 0;
}

function refuse(text) {
  process.stderr.write(text);
  return 2;
}
