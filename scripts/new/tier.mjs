// A new sandbox tier: how its chambers and jobs start, and what people are told of it. Until it is written no job runs in it.
import { camel, nameFault, Source } from "./source.mjs";

const REGISTRY = "src/adapters/sandbox/tiers/tiers.ts";
const FACTS = "src/core/trial/sandbox-tier.ts";

export const tier = {
  usage: "tier NAME             a sandbox tier, such as landlock",
  plan(root, name) {
    const [registry, facts] = [new Source(root, REGISTRY), new Source(root, FACTS)];
    const refusal = nameFault(name, facts.keys("SANDBOX_TIERS"));
    if (refusal) return { refusal };
    const path = `src/adapters/sandbox/tiers/${name}.ts`;
    const test = `test/unit/adapters/sandbox/tiers/${name}.test.ts`;
    return {
      files: [
        [path, skeleton(name, path)],
        [test, failing(name)],
      ],
      edits: [
        registry.import(`import { ${camel(name)} } from "./${name}.ts";`).entry("TIERS", camel(name) === name ? name : `"${name}": ${camel(name)}`),
        facts.entry("SANDBOX_TIERS", `"${name}": { isolates: false, warning: "${name} is not finished", install: null }`, { before: "none" }),
      ],
      next: [
        `Write the chamber and the job of ${path}: what a stage may see and reach, and how it ends with all its processes.`,
        `Say in ${FACTS} whether it isolates, how a machine gets it, and where it stands in the order (best first).`,
        `Fill in ${test}; it fails until the tier has scripts.`,
        "`npm run check`: the type checker names what else has to know it, such as how it is detected.",
        "Run the attacks: `BAKEOFF_SANDBOX=" + name + " npm run test:sandbox`. A tier isolates only if all of them are held.",
      ],
    };
  },
};

const skeleton = (name, path) => `// Tier ${name}: say here what stands between a stage and the machine.
import { BakeoffError } from "../../../core/base/errors.ts";
import { type Tier, WALLED } from "./tier.ts";

function unwritten(part: string): never {
  throw new BakeoffError("environment", \`the sandbox tier ${name} has no \${part} yet: write it in ${path}\`, "use another tier");
}

export const ${camel(name)}: Tier = {
  ...WALLED,
  wall: null,
  chamber: () => unwritten("chamber"),
  job: () => unwritten("job"),
  views: () => unwritten("views"),
};
`;

const failing = (name) => `// Tier ${name}: its scripts are sound.
import { expect, it } from "vitest";
import { TIERS } from "../../../../../src/adapters/sandbox/tiers/tiers.ts";

it("has a chamber that waits for its job", () => {
  const scripts = TIERS["${name}"].chamber({ folder: "/tmp/chamber", layer: "copy", scratchBytes: 1 }, null);
  expect(Object.keys(scripts)).toContain("enter.sh");
});
`;
