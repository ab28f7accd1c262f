// A new criterion of the gate: its file, its place at the end of the names and in the registry, and a candidate that must meet it.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { camel, nameFault, Source } from "./source.mjs";

const FOLDER = "src/core/gate/criteria";

export const criterion = {
  usage: "criterion GROUP/NAME  a criterion of the gate in one of the folders of src/core/gate/criteria, such as speed/queue-p95",
  plan(root, wanted) {
    const [group, name = ""] = wanted.split("/");
    const groups = readdirSync(join(root, FOLDER), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []));
    if (!groups.includes(group)) return { refusal: `${group} is no group of criteria: there are ${groups.join(", ")}` };
    const [names, registry] = [new Source(root, `${FOLDER}/names.ts`), new Source(root, `${FOLDER}/criteria.ts`)];
    const refusal = nameFault(name, names.keys("CRITERION_NAMES"));
    if (refusal) return { refusal };
    const path = `${FOLDER}/${group}/${name}.ts`;
    const test = `test/unit/core/gate/criteria/${name}.test.ts`;
    return {
      files: [
        [path, skeleton(name, path)],
        [test, failing(name, path)],
      ],
      edits: [
        names.entry("CRITERION_NAMES", `"${name}"`),
        registry.import(`import { ${camel(name)} } from "./${group}/${name}.ts";`).entry("CRITERIA", `"${name}": ${camel(name)}`),
      ],
      next: [
        `Write the criterion in ${path}: what it asks in a sentence, and how it is judged from the evidence at the gate's α.`,
        "Its threshold is a value of the policy: src/core/policy/schema.ts (gates), change/effect.ts, the shipped policy, and a rule if not every value makes sense.",
        `Fill in ${test}: met, violated and inconclusive. It fails until a good candidate meets the criterion.`,
        "A name more changes the hash that registrations promise. Where its value is optional in the policy, isAsked keeps it out of gates, decisions and registrations of policies without it.",
        "`npx vitest run --project unit test/unit/core/gate/criteria -u` writes docs/GATE_CRITERIA.md.",
      ],
    };
  },
};

const skeleton = (name, path) => `// ${name}: say here what it asks of the candidate.
import { type Criterion, fact } from "../../finding.ts";

export const ${camel(name)}: Criterion = {
  sentence: "",
  sampled: true,
  overridable: true,
  judge: () => fact("inconclusive", "not judged yet: write it in ${path}"),
};
`;

const failing = (name, path) => `// ${name}: met by a good candidate, violated by a bad one, inconclusive with too little data.
import { expect, it } from "vitest";
import { decideCandidates } from "../../../../../src/core/gate/decide.ts";
import { evidenceOf, scripted } from "../world.ts";

const outcomeOf = (tasks: number, passes: number) => {
  const everybody = ["new", "old", "cloud", "rustc-suggestions"].map((name) => scripted(name, tasks, 3, () => passes));
  const [decision] = decideCandidates(evidenceOf(everybody), ["new"], "old");
  return decision?.findings.find(({ criterion }) => criterion === "${name}")?.outcome;
};

it("is met by a good candidate", () => {
  expect(outcomeOf(60, 3), "how it is judged: write it in ${path}").toBe("met");
});
`;
