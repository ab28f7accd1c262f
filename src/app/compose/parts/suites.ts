// Suites from their folders.
import { findSuite, loadSuite } from "../../../adapters/suites/suite-files.ts";
import type { LoadSuite } from "../../../ports/suites.ts";

export const suiteLoader =
  (suiteFolders: readonly string[]): LoadSuite =>
  async (nameOrFolder) =>
    loadSuite(await findSuite(nameOrFolder, suiteFolders));
