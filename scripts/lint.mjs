// `npm run check`, rules that no linter has: kinds and homes by the types of the whole program, and the size of folders.
import ts from "typescript";
import { folderIssues } from "./lint/folders.mjs";
import { kindIssues, REGISTRIES } from "./lint/kinds.mjs";
import { HOMES, homeIssues } from "./lint/one-home.mjs";

const config = ts.getParsedCommandLineOfConfigFile("tsconfig.json", {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined });
const program = ts.createProgram(
  config.fileNames.filter((file) => /(^|\/)src\//.test(file)),
  config.options,
);
const issues = [...kindIssues(program, REGISTRIES), ...homeIssues(program, HOMES), ...folderIssues("src")];
if (issues.length > 0) process.stdout.write(`${issues.join("\n")}\n`);
process.exitCode = issues.length === 0 ? 0 : 1;
