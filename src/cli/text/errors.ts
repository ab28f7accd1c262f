// From whatever was thrown to the words on stderr and the exit code.
import { BakeoffError, type ErrorCode, messageOf, WrittenFileError } from "../../core/base/errors.ts";

const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  usage: 2,
  "written-file": 3,
  environment: 4,
  integrity: 5,
  diverged: 6,
  interrupted: 130,
  invariant: 1,
};

export interface ReportedError {
  readonly exitCode: number;
  readonly text: string;
}

export function reportedError(thrown: unknown): ReportedError {
  if (thrown instanceof WrittenFileError) {
    const lines = thrown.issues.map(({ path, line, column, message }) => `${path}:${line}:${column}: ${message}`);
    return { exitCode: EXIT_CODES["written-file"], text: [...lines, thrown.message].join("\n") };
  }
  if (thrown instanceof BakeoffError) {
    return { exitCode: EXIT_CODES[thrown.code], text: thrown.hint === "" ? thrown.message : `${thrown.message}\n  → ${thrown.hint}` };
  }
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown);
  return { exitCode: 1, text: `unexpected error (a bug in bakeoff: please report it)\n${stack}` };
}
