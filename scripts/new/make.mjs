// What `npm run new` does: plans a kind, writes its files and its place in the registry, and lays them out.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { criterion } from "./criterion.mjs";
import { decision } from "./decision.mjs";
import { dialect } from "./dialect.mjs";
import { event } from "./event.mjs";
import { flag } from "./flag.mjs";
import { format } from "./format.mjs";
import { level } from "./level.mjs";
import { operator } from "./operator.mjs";
import { tier } from "./tier.mjs";

/**
 * Each kind: `usage` for people, and `plan(root, name)` → `{files: [path, text][], edits: Source[], next: string[]}`, or
 * `{refusal}`: files that must not be there yet, sources that are changed, and what is left to do.
 */
const KINDS = { criterion, decision, dialect, event, flag, format, level, operator, tier };

/** Writes what `kind` and `name` stand for under `root`; gives what the command says and its exit code. */
export function make(root, kind, name) {
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
  }
  layOut(
    root,
    written.map(([path]) => path).filter((path) => path.endsWith(".ts")),
  );
  const told = written.map(([path]) => `${path} ${edits.some((edit) => edit.path === path) ? "changed" : "written"}\n`);
  return { status: 0, stdout: `${told.join("")}\nNext:\n${next.map((line, index) => `${index + 1}. ${line}\n`).join("")}`, stderr: "" };
}

function layOut(root, paths) {
  const biome = fileURLToPath(new URL("../../node_modules/@biomejs/biome/bin/biome", import.meta.url));
  if (paths.length > 0) spawnSync(process.execPath, [biome, "format", "--write", ...paths], { cwd: root, stdio: "ignore" });
}

const refuse = (stderr) => ({ status: 2, stdout: "", stderr });
