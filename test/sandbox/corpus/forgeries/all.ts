// Every table of forgeries.
import type { CaseTable } from "../case.ts";
import { betweenRuns } from "./between-runs.ts";
import { compiling, including } from "./compiling.ts";
import { helpers } from "./helpers.ts";
import { hiddenNames, ownProgram } from "./hidden-names.ts";
import { byHeart, limits } from "./limits.ts";
import { lyingDebug } from "./lying-debug.ts";
import { lateLies, lyingEquality } from "./lying-equality.ts";
import { outputRaces } from "./output-races.ts";
import { secondProcess } from "./second-process.ts";
import { shadowedPrelude } from "./shadowed-prelude.ts";
import { stash } from "./stash.ts";
import { unsafeCode } from "./unsafe-code.ts";

export const FORGERIES: readonly CaseTable[] = [
  secondProcess,
  lyingEquality,
  lateLies,
  lyingDebug,
  shadowedPrelude,
  helpers,
  compiling,
  including,
  stash,
  betweenRuns,
  outputRaces,
  hiddenNames,
  ownProgram,
  unsafeCode,
  limits,
  byHeart,
];
