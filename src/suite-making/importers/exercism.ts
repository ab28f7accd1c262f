// Imports Exercism-style exercises, a folder each.
import { EXERCISE_CONFIG, exerciseRepair } from "../../core/suite/shapes/exercism.ts";
import { type Importer, readFolders } from "./importer.ts";

export const exercismImporter: Importer = (source) =>
  readFolders(source, [EXERCISE_CONFIG], (name, tree) => ({ name, make: async () => ({ leftOut: [], ...exerciseRepair(name, tree) }) }));
