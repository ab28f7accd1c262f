// Loads the suite that a user named.
import type { Suite } from "../../core/suite/suite.ts";
import type { SuiteFiles } from "../../ports/suites.ts";

export async function showSuite({ suites }: { readonly suites: SuiteFiles }, name: string): Promise<Suite> {
  return suites.load(await suites.find(name));
}
