// What is wrong with a clean base that does not compile or whose tests fail, as issues of the suite's files.
import { WrittenFileError } from "../../core/base/errors.ts";
import type { Base } from "../../core/suite/suite.ts";
import { readCargoMessages } from "../../core/verdict/output/diagnostics.ts";

/** Errors have a code or none; what has a name is a lint. */
const LINT = /^[a-z][a-z0-9_]*$/;

const named = (ids: readonly string[]): string => ids.slice(0, 8).join(", ");

export function baseFault(base: Base, built: { stdout: string; stderr: string }): WrittenFileError {
  const errors = readCargoMessages(built.stdout).diagnostics.filter((diagnostic) => diagnostic.level === "error");
  const issues = errors.slice(0, 20).map(({ span, code, message }) => ({
    path: `${base.path ?? base.name}/${span?.path ?? "Cargo.toml"}`,
    line: span?.line ?? 1,
    column: span?.column ?? 1,
    message: `the clean base does not compile (${code}: ${message}): repair the base tree`,
  }));
  const lints = errors.map(({ code }) => code).filter((code) => LINT.test(code) && code !== "none");
  // An error besides them would be left.
  if (issues.length > 0) return new WrittenFileError(issues, lints.length === errors.length ? { lints: [...new Set(lints)].toSorted() } : {});
  const why = built.stderr.trim().split("\n").slice(0, 4).join(" ");
  return new WrittenFileError([
    { path: `${base.path ?? base.name}/Cargo.toml`, line: 1, column: 1, message: `cargo can't build the clean base (${why}): repair the base tree` },
  ]);
}

/** A base names packages that its workspace does not have. */
export function packageFault(base: Base, unknown: readonly string[], members: readonly string[]): WrittenFileError {
  const message = `no member of the workspace is called ${named(unknown)}: there are ${members.toSorted().join(", ")}`;
  return new WrittenFileError([{ path: base.path ?? base.name, line: 1, column: 1, message }]);
}

/** `kept`: tests that are declared to contradict the instructions, and pass all the same. */
export function testFault(base: Base, broken: readonly string[], kept: readonly string[]): WrittenFileError {
  const what =
    broken.length > 0
      ? `tests of the clean base fail: ${named(broken)}: repair the base tree`
      : kept.length > 0
        ? `declared contradictory, but the clean base passes them: ${named(kept)}: correct the list or the base tree`
        : "the clean base has no tests: repair the base tree";
  return new WrittenFileError([{ path: base.path ?? base.name, line: 1, column: 1, message: what }], { tests: broken });
}
