// From whatever was thrown to the words on stderr and the exit code.
import { BakeoffError, type ErrorCode, messageOf, WrittenFileError } from "../../core/base/errors.ts";
import { EXIT, type ExitName } from "./exit-codes.ts";

const EXIT_OF: Readonly<Record<ErrorCode, ExitName>> = {
  usage: "usage",
  "written-file": "written-file",
  environment: "environment",
  integrity: "integrity",
  diverged: "diverged",
  interrupted: "interrupted",
  invariant: "bug",
};

export interface ReportedError {
  readonly exitCode: number;
  readonly text: string;
}

export function reportedError(thrown: unknown): ReportedError {
  if (thrown instanceof WrittenFileError) {
    const lines = thrown.issues.map(({ path, line, column, message }) => `${path}:${line}:${column}: ${message}`);
    return { exitCode: EXIT["written-file"].code, text: [...lines, thrown.message].join("\n") };
  }
  if (thrown instanceof BakeoffError) {
    return { exitCode: EXIT[EXIT_OF[thrown.code]].code, text: thrown.hint === "" ? thrown.message : `${thrown.message}\n  → ${thrown.hint}` };
  }
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown);
  return { exitCode: EXIT.bug.code, text: `unexpected error (a bug in bakeoff: please report it)\n${stack}` };
}
