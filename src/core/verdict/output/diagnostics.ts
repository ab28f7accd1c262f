// Reads the compiler's messages from `cargo … --message-format=json`; untrusted code may print lines in between.
import { type PassedOver, readMessage, record } from "./rustc-message.ts";
import type { Diagnostic } from "../verdict.ts";

export interface CargoMessages {
  /** Without duplicates, ordered by path, line, column, code and message; those without a span come first. */
  readonly diagnostics: readonly Diagnostic[];
  /** Whether cargo reports that the build succeeded; null if it doesn't say. Only cargo's exit code proves it. */
  readonly finished: boolean | null;
  /** Lines that are not cargo messages: a proc macro or a build script may print. */
  readonly unparsable: number;
}

function parse(line: string): Readonly<Record<string, unknown>> | null {
  try {
    return record(JSON.parse(line));
  } catch {
    return null;
  }
}

function keyOf({ code, span, message }: Diagnostic): string {
  return JSON.stringify([code, span?.path, span?.line, span?.column, span?.endLine, span?.endColumn, message]);
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sortKey(diagnostic: Diagnostic): (string | number)[] {
  const { path, line, column } = diagnostic.span ?? { path: "", line: 0, column: 0 };
  return [path, line, column, diagnostic.code, diagnostic.message, keyOf(diagnostic)];
}

function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  const other = sortKey(b);
  for (const [index, part] of sortKey(a).entries()) {
    const order = compare(part, other[index] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

/** Reads cargo's stdout; never throws. `finished` is false if any line reports a failed build. */
export function readCargoMessages(stdout: string, isPassedOver?: PassedOver): CargoMessages {
  const found = new Map<string, Diagnostic>();
  let finished: boolean | null = null;
  let unparsable = 0;
  for (const line of stdout.split("\n")) {
    if (line.trim() === "") continue;
    const fields = parse(line);
    const reason = fields?.["reason"];
    if (fields === null || typeof reason !== "string") unparsable += 1;
    else if (reason === "build-finished") finished = fields["success"] === true && finished !== false;
    else if (reason === "compiler-message") {
      const diagnostic = readMessage(fields["message"], isPassedOver);
      if (diagnostic !== null && !found.has(keyOf(diagnostic))) found.set(keyOf(diagnostic), diagnostic);
    }
  }
  return { diagnostics: [...found.values()].toSorted(compareDiagnostics), finished, unparsable };
}
