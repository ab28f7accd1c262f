// Lists the suites there are.
import type { Suite } from "../../core/suite/suite.ts";
import type { SuiteFiles } from "../../ports/suites.ts";

export async function listSuites({ suites }: { readonly suites: SuiteFiles }): Promise<readonly Suite[]> {
  return Promise.all((await suites.list()).map((folder) => suites.load(folder)));
}
