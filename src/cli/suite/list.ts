// `bakeoff suite list`: the suites there are.
import { composeSuite } from "../../app/compose/suite.ts";
import { findPlaces } from "../../app/places.ts";
import { listSuites } from "../../app/suite/list.ts";
import type { Suite } from "../../core/suite/suite.ts";
import type { SuiteListOptions } from "./flags.ts";
import { suiteFacts } from "./suite-facts.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

export async function suiteList(options: SuiteListOptions): Promise<number> {
  const suites = await listSuites(composeSuite(findPlaces(options)));
  if (options.json) printDocument<"suite list">({ format: 1, suites: suites.map(suiteFacts) });
  else printText(suites.map(suiteText).join(""));
  return 0;
}

const suiteText = ({ name, version, tasks, root, description }: Suite): string =>
  `${name} ${version}  ${tasks.length} tasks  ${root.slice(0, 12)}\n  ${description}\n`;
