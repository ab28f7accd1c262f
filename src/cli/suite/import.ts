// `bakeoff suite import`: a suite from tasks that were made elsewhere.
import { composeSuite } from "../../app/compose/suite.ts";
import { findPlaces, type Places } from "../../app/places.ts";
import { type ImportedSuite, importSuite, type ImportWatch } from "../../app/suite/import.ts";
import { stopSignal } from "../stop-signal.ts";
import type { SuiteImportOptions } from "./flags.ts";
import { judgedFacts, madeEnding, reasonLines, taskRows } from "./made-text.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

export async function suiteImport(source: string, options: SuiteImportOptions): Promise<number> {
  const places = findPlaces(options);
  const done = await importSuite(composeSuite(places), { ...options, source }, watch(source), stopSignal("the same command goes on where it was"));
  if (options.json) printDocument<"suite import">({ format: 1, ...facts(done) });
  else printText(table(done, places));
  return 0;
}

const watch = (source: string): ImportWatch => ({
  begin: (tasks, tier) => void process.stderr.write(`importing ${tasks} tasks from ${source}, sandbox ${tier}\n`),
  preparing: (text) => void process.stderr.write(`${text}\n`),
  refused: (name, detail) => void process.stderr.write(`  ${name}: shape: ${detail}\n`),
  judged: (name, judged, done, tasks) => {
    const text = judged.ok ? "proved" : `${judged.drop.reason}${judged.drop.detail === "" ? "" : `: ${judged.drop.detail.slice(0, 160)}`}`;
    process.stderr.write(`[${done}/${tasks}] ${name}: ${text}\n`);
  },
});

const table = ({ imports, suite, place, seconds }: ImportedSuite, places: Places): string =>
  [
    ...taskRows(suite),
    "",
    `${suite.name}: ${suite.tasks.length} tasks proved in ${seconds} s; root ${suite.root}`,
    ...reasonLines(imports.dropped),
    ...madeEnding(place, places),
    "",
  ].join("\n");

const facts = ({ imports, suite, place, seconds }: ImportedSuite) => ({
  suite: suite.name,
  folder: place.folder,
  root: suite.root,
  tasks: imports.tasks.map(judgedFacts),
  dropped: imports.dropped,
  leftOut: imports.leftOut,
  seconds,
});
