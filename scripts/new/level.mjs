// A new level of replay: a file with its sentence and its checks, its place in the registry, and a run that it must prove.
import { camel, nameFault, Source } from "./source.mjs";

const NAMES = "src/core/replay/levels/level.ts";
const REGISTRY = "src/core/replay/levels/levels.ts";

export const level = {
  usage: "level NAME            a level of replay, such as timings",
  plan(root, name) {
    const [names, registry] = [new Source(root, NAMES), new Source(root, REGISTRY)];
    const refusal = nameFault(name, names.keys("LEVEL_NAMES"));
    if (refusal) return { refusal };
    const path = `src/core/replay/levels/${name}.ts`;
    const test = `test/unit/core/replay/levels/${name}.test.ts`;
    return {
      files: [
        [path, skeleton(name)],
        [test, failing(name, path)],
      ],
      edits: [
        names.entry("LEVEL_NAMES", `"${name}"`),
        registry.import(`import { ${camel(name)} } from "./${name}.ts";`).entry("LEVELS", camel(name) === name ? name : `"${name}": ${camel(name)}`),
      ],
      next: [
        `Say in ${path} what the level proves, and compare what is recorded with what is redone, claim by claim.`,
        `Fill in ${test}: an honest run is proven, and a changed one diverges. It fails until the level checks something.`,
        "A level that can't check anything in a run is `not-reconstructable`; old capsules, too, must come out as proven or as a gap.",
        "Regenerate the reports: `npm run samples -- --reports`, and say in the changelog which words changed.",
      ],
    };
  },
};

const skeleton = (name) => `// Level ${name}: say here in one sentence what it compares.
import type { Check, Claim, Level } from "../check.ts";

export const ${camel(name)}: Level = {
  sentence: "",
  needsPolicy: true,
  checks: () => ({ trials: [CHECK], planted: [CHECK] }),
  outcome: () => ({ notes: [] }),
};

const CHECK: Check = {
  name: "${name}",
  sentence: "",
  what: "",
  cause: null,
  claims: (): readonly Claim[] => [],
};
`;

const failing = (name, path) => `// Level ${name}: it proves an honest run, and finds one that was changed.
import { expect, it } from "vitest";
import { recorded, replayOf, statusesOf } from "../recorded.ts";

it("proves an honest run", async () => {
  expect(statusesOf(replayOf(await recorded())), "a level without claims proves nothing: write them in ${path}").toMatchObject({ "${name}": "proven" });
});
`;
