// A new dialect: what a kind of model server expects and says of itself, what the policy's rules must know of it.
import { camel, nameFault, Source } from "./source.mjs";

const REGISTRY = "src/adapters/providers/dialects/dialects.ts";
const FACTS = "src/core/policy/candidate/dialect.ts";

export const dialect = {
  usage: "dialect NAME          a kind of model server, such as llama-cpp",
  plan(root, name) {
    const [registry, facts] = [new Source(root, REGISTRY), new Source(root, FACTS)];
    const refusal = nameFault(name, facts.keys("DIALECT_FACTS"));
    if (refusal) return { refusal };
    const path = `src/adapters/providers/dialects/${name}.ts`;
    const test = `test/unit/adapters/providers/dialects/${name}.test.ts`;
    return {
      files: [
        [path, skeleton(name)],
        [test, failing(name, path)],
      ],
      edits: [
        registry.import(`import { ${camel(name)} } from "./${name}.ts";`).entry("DIALECTS", camel(name) === name ? name : `"${name}": ${camel(name)}`),
        facts.entry("DIALECT_FACTS", `"${name}": { modelFault: () => null, temperatureFault: () => null }`),
      ],
      next: [
        `Say in ${path} how the server is asked, whether it holds an answer to a pattern, what it says of itself, and whether its cache can be emptied and counted.`,
        `Say in ${FACTS} whether its candidates must set a temperature, and which ids of models it reads otherwise.`,
        `Fill in ${test}; it fails until the server can say what it has loaded, or can't by decision.`,
        "`UPDATE_GOLDEN=1 npx vitest run --project unit test/unit/core/policy` writes the policy's JSON Schema.",
        "Let a rehearsal server speak it in test/contract/provider-dialects.test.ts, from a recorded answer.",
      ],
    };
  },
};

const skeleton = (name) => `// ${name}: name the server here, with the page that documents its API.
import type { Dialect } from "./dialect.ts";
import { LOCAL } from "./local.ts";

export const ${camel(name)}: Dialect = {
  ...LOCAL,
  regexMember: null,
  identity: null,
  cache: { flushPath: null, counters: null },
};
`;

const failing = (name, path) => `// ${name}: what it is asked, and what it can say of itself.
import { expect, it } from "vitest";
import { DIALECTS } from "../../../../../src/adapters/providers/dialects/dialects.ts";

it("says what it has loaded", () => {
  expect(DIALECTS["${name}"].identity, "the pages that tell what the server has loaded: write them in ${path}").not.toBeNull();
});
`;
