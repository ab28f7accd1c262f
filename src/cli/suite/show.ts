// `bakeoff suite show`: the tasks of a suite.
import { composeSuite } from "../../app/compose/suite.ts";
import { findPlaces } from "../../app/places.ts";
import { showSuite } from "../../app/suite/show.ts";
import type { Suite, Task } from "../../core/suite/suite.ts";
import type { SuiteShowOptions } from "./flags.ts";
import { suiteFacts } from "./suite-facts.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

export async function suiteShow(name: string, options: SuiteShowOptions): Promise<number> {
  const suite = await showSuite(composeSuite(findPlaces(options)), name);
  if (options.json) printDocument<"suite show">({ format: 1, ...suiteFacts(suite), list: suite.tasks.map(taskFacts) });
  else printText(table(suite));
  return 0;
}

const taskFacts = ({ id, kind, risk, area, errorCodes, title }: Task) => ({ id, kind, risk, area, errorCodes, title });

function table({ name, version, root, description, tasks }: Suite): string {
  const widest = Math.max(...tasks.map(({ id }) => id.length));
  const rows = tasks.map(({ id, kind, risk, area, errorCodes, title }) => {
    const what = kind === "compile" ? errorCodes.join(" ") : "tests";
    return `${id.padEnd(widest)}  ${kind.padEnd(7)}  ${risk.padEnd(4)}  ${area.padEnd(14)}  ${what.padEnd(12)}  ${title}\n`;
  });
  return `${name} ${version}  root ${root}\n${description}\n\n${rows.join("")}`;
}
