// docs/architecture.md against the tree: each folder of src/ in its table exactly once, and core's floors as the lint rules have them.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const PAGE = "docs/architecture.md";

/** `{files: [], issues}`: nothing is generated here; the table's sentences are written by people. */
export function wingIssues(root) {
  const text = readFileSync(join(root, PAGE), "utf8");
  return { files: [], issues: [...tableIssues(text, folders(join(root, "src"))), ...floorIssues(text, root)] };
}

function tableIssues(text, present) {
  const lines = text.split("\n");
  const rows = lines.flatMap((line, index) => {
    const [, folder, sentence] = /^\| `([\w/*-]+)` \| (.*) \|$/.exec(line) ?? [];
    return folder ? [{ folder, sentence, line: index + 1 }] : [];
  });
  const issues = [];
  const exact = new Set(rows.map(({ folder }) => folder));
  const patterns = rows.filter(({ folder }) => folder.endsWith("/*")).map(({ folder }) => folder.slice(0, -1));
  const covered = (folder) => exact.has(folder) || patterns.some((prefix) => folder.startsWith(prefix));
  for (const folder of present)
    if (!covered(folder)) issues.push(`${PAGE}: src/${folder} is not in the table of wings: add a row that says in one sentence what it is`);
  for (const [index, { folder, sentence, line }] of rows.entries()) {
    const gone = folder.endsWith("/*") ? !present.some((one) => one.startsWith(folder.slice(0, -1))) : !present.includes(folder);
    if (gone) issues.push(`${PAGE}:${line}: src/${folder} does not exist`);
    if (!/^[A-Z`].*\.$/.test(sentence)) issues.push(`${PAGE}:${line}: expected a sentence that says what ${folder} is`);
    if (index > 0 && rows[index - 1].folder >= folder) issues.push(`${PAGE}:${line}: ${folder} must stand before ${rows[index - 1].folder}`);
  }
  return issues;
}

/** Every folder below `src` that holds a file, as `core/trial`, sorted. */
function folders(src) {
  return readdirSync(src, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.parentPath.slice(src.length + 1))
    .filter((folder, index, all) => folder !== "" && all.indexOf(folder) === index)
    .toSorted();
}

function floorIssues(text, root) {
  const { forbidden } = createRequire(import.meta.url)(join(root, ".dependency-cruiser.cjs"));
  const floors = forbidden.filter(({ name }) => name.startsWith("core-floor-"));
  const expected = [...floors.map(({ from }) => from.path), floors.at(-1).to.path].map(floorName).join(" ← ");
  return text.includes(`\n${expected}\n`) ? [] : [`${PAGE}: the floors of core must read: ${expected}`];
}

/** `^src/core/(policy|suite)/` as `{policy, suite}`. */
function floorName(path) {
  const floor = /\(([\w|-]+)\)/.exec(path)[1].split("|");
  return floor.length === 1 ? floor[0] : `{${floor.join(", ")}}`;
}
