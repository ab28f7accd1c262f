// A new mutation operator: a rule in its group's file, and a case of the table that says what it makes of a source.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { nameFault, Source } from "./source.mjs";

const FOLDER = "src/core/mutation/operators";
const TEST = "test/unit/core/mutation/operators/operator.test.ts";

export const operator = {
  usage: "operator GROUP/NAME   a mutation operator in one of the files of src/core/mutation/operators, such as type/drop-unwrap",
  plan(root, wanted) {
    const [group, name = ""] = wanted.split("/");
    const path = `${FOLDER}/${group}.ts`;
    const groups = readdirSync(join(root, FOLDER)).flatMap((file) =>
      new Source(root, `${FOLDER}/${file}`).has(`${file.slice(0, -3)}Operators`) ? file.slice(0, -3) : [],
    );
    if (!groups.includes(group) || !existsSync(join(root, path))) return { refusal: `${group} is no group of operators: there are ${groups.join(", ")}` };
    const sources = groups.map((one) => new Source(root, `${FOLDER}/${one}.ts`).keys(`${one}Operators`));
    const refusal = nameFault(name, sources.flat());
    if (refusal) return { refusal };
    return {
      files: [],
      edits: [
        new Source(root, path).entry(`${group}Operators`, rule(name, group === "behaviour" ? "behaviour" : "compile")),
        new Source(root, TEST).entry("CASES", `["${name}", "fn f() {}", ["what the source becomes: write it here, and the rule in ${path}"]]`),
      ],
      next: [
        `Write the rule ${name} of ${path}: which nodes it looks at, and the changes that it makes there. Its place in the order is part of what a seed determines: keep it last.`,
        `Give it a source and what that becomes in ${TEST}; the case fails until then.`,
        "`npm run check`, then `bakeoff suite mutate --kinds " + name + " --repo DIR` on a repository of your own.",
      ],
    };
  },
};

const rule = (name, group) => `"${name}": { group: "${group}", area: "types", sentence: "", on: [], find: () => [] }`;
