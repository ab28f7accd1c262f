// A suite's facts as --json shows them.
import type { Suite } from "../../core/suite/suite.ts";
import type { SuiteRow } from "../text/documents.ts";

export const suiteFacts = (suite: Suite): SuiteRow => ({
  name: suite.name,
  version: suite.version,
  root: suite.root,
  description: suite.description,
  tasks: suite.tasks.length,
  compile: suite.tasks.filter(({ kind }) => kind === "compile").length,
  highRisk: suite.tasks.filter(({ risk }) => risk === "high").length,
  errorCodes: [...new Set(suite.tasks.flatMap(({ errorCodes }) => errorCodes))].toSorted(),
});
