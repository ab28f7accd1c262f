// A new format of a run's report: a pure function of the report's model, its place in the registries, and its golden test.
import { camel, nameFault, Source } from "./source.mjs";

const FACTS = "src/core/report/formats/registry.ts";
const RENDERERS = "src/core/report/formats/renderers.ts";

export const format = {
  usage: "format NAME           a format of `bakeoff report`, such as latex",
  plan(root, name) {
    const [facts, renderers] = [new Source(root, FACTS), new Source(root, RENDERERS)];
    const refusal = nameFault(name, facts.keys("REPORT_FORMATS"));
    if (refusal) return { refusal };
    const path = `src/core/report/formats/${name}.ts`;
    const test = `test/unit/core/report/formats/${name}.test.ts`;
    return {
      files: [
        [path, skeleton(name)],
        [test, failing(name, path)],
      ],
      edits: [
        facts.entry("REPORT_FORMATS", `"${name}": { is: "", file: "report.${name}", holds: "", lacks: "" }`),
        renderers.import(`import { ${camel(name)}Report } from "./${name}.ts";`).entry("RENDERERS", `"${name}": ({ model }) => ${camel(name)}Report(model)`),
      ],
      next: [
        `Write the report in ${path}: a pure function of the model (or of the whole source, where it needs prompts, answers or patches), safe for any text that a model wrote.`,
        `Say in ${FACTS} what it is and what its file is called: help, completion and errors follow.`,
        `Fill in ${test}; it fails until the report holds something.`,
        "`UPDATE_GOLDEN=1 npx vitest run --project unit test/golden` writes its golden files, which are compared under an odd TZ and LANG.",
      ],
    };
  },
};

const skeleton = (name) => `// The report of a run as ${name}: say here who reads it.
import type { ReportModel } from "../model.ts";

/** Newline-terminated. */
export const ${camel(name)}Report = (_model: ReportModel): string => "";
`;

const failing = (name, path) => `// The report as ${name}: what it holds of a run.
import { expect, it } from "vitest";
import { renderReport } from "../../../../../src/core/report/formats/renderers.ts";
import { NO_TEXTS, reportSource } from "../../../../../src/core/report/source.ts";
import { GOLDEN_RUNS } from "../../../../golden/golden-run.ts";

it.each(Object.entries(GOLDEN_RUNS))("holds the candidates of the %s run", (_, run) => {
  const source = reportSource(run(), { texts: NO_TEXTS, sealedAt: null, notices: [] });
  const text = renderReport(source, "${name}").map((file) => String(file.content)).join("");
  for (const { name } of source.model.summary.candidates) expect(text, "the report: write it in ${path}").toContain(name);
});
`;
