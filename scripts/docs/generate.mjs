// What generators make, held against what lies there.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Each generator gives `{files: [path, text][], issues}`: files that are generated, and what is wrong with those that people write.
 * Gives the files that are out of date under `root`, with the text that they should have, and all issues.
 */
export async function generate(root, generators) {
  const made = [];
  for (const generator of generators) made.push(await generator(root));
  const present = (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : null);
  return {
    stale: made.flatMap(({ files }) => files).filter(([path, text]) => present(path) !== text),
    issues: made.flatMap(({ issues }) => issues),
  };
}

/** What `--check` says, a line each. */
export const saidOf = ({ stale, issues }) => [...issues, ...stale.map(([path]) => `${path} is out of date: run \`npm run docs\``)];
