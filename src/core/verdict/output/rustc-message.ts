// Reads one rustc JSON message (https://doc.rust-lang.org/rustc/json.html) into a diagnostic.
import type { Diagnostic, Span, Suggestion } from "../verdict.ts";

type Fields = Readonly<Record<string, unknown>>;

const maxExpansions = 16;
const summary = /^(?:aborting due to|could not compile|\d+ warnings? emitted|For more information about|Some errors have detailed)/;
const applicabilities = ["MachineApplicable", "MaybeIncorrect", "HasPlaceholders", "Unspecified"] as const;

/** The value, if it is a JSON object. */
export function record(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function records(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(record).filter((item) => item !== null) : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Removes terminal colours and links. */
export function stripAnsi(value: string): string {
  // The escape character is what this removes.
  // oxlint-disable-next-line no-control-regex
  return value.replaceAll(/\u001B\[[0-9;?]*[ -/]*[@-~]|\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)/g, "");
}

function isInWorkspace(path: string): boolean {
  return path !== "" && !/^[/<\\]|^[A-Za-z]:/.test(path) && !path.split("/").includes("..");
}

function position(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1 ? value : 1;
}

function readSpan(fields: Fields): Span | null {
  const path = text(fields["file_name"]);
  if (!isInWorkspace(path)) return null;
  return {
    path,
    line: position(fields["line_start"]),
    column: position(fields["column_start"]),
    endLine: position(fields["line_end"]),
    endColumn: position(fields["column_end"]),
  };
}

/** Places that a reader of a message has no use for, such as a macro's own text: the call that leads there stands for them. */
export type PassedOver = (span: Span) => boolean;

/** The span itself, or that of the macro call in the workspace that it comes from. */
function workspaceSpan(fields: Fields, isPassedOver: PassedOver): Span | null {
  let at: Fields | null = fields;
  for (let depth = 0; at !== null && depth < maxExpansions; depth += 1) {
    const span = readSpan(at);
    if (span !== null && !isPassedOver(span)) return span;
    at = record(record(at["expansion"])?.["span"]);
  }
  return readSpan(fields);
}

function isBefore(a: Span, b: Span): boolean {
  return a.endLine < b.line || (a.endLine === b.line && a.endColumn <= b.column);
}

function overlaps(a: Span, b: Span): boolean {
  const isSame = a.line === b.line && a.column === b.column;
  return a.path === b.path && (isSame || (!isBefore(a, b) && !isBefore(b, a)));
}

interface Replacement {
  readonly span: Span;
  readonly replacement: string;
  readonly applicability: Suggestion["applicability"];
}

/** The replacements of one proposal; none if part of it lies outside the workspace. */
function replacementsOf(child: Fields): Replacement[] {
  const proposed = records(child["spans"]).filter((span) => typeof span["suggested_replacement"] === "string");
  const found = proposed.flatMap((fields): Replacement[] => {
    const span = readSpan(fields);
    const applicability = applicabilities.find((name) => name === fields["suggestion_applicability"]) ?? "Unspecified";
    return span === null ? [] : [{ span, replacement: text(fields["suggested_replacement"]), applicability }];
  });
  return found.length === proposed.length ? found : [];
}

/** Each alternative (rustc lists them in one child, as overlapping replacements) becomes its own group. */
function areAlternatives(replacements: readonly Replacement[]): boolean {
  const sorted = replacements.toSorted((a, b) => a.span.line - b.span.line || a.span.column - b.span.column);
  return sorted.some(({ span }, index) => {
    const next = sorted[index + 1];
    return next !== undefined && overlaps(span, next.span);
  });
}

function suggestionsOf(message: Fields): Suggestion[] {
  const suggestions: Suggestion[] = [];
  let group = 0;
  for (const child of records(message["children"])) {
    const replacements = replacementsOf(child);
    const isSplit = areAlternatives(replacements);
    for (const replacement of replacements) suggestions.push({ ...replacement, group: isSplit ? group++ : group });
    if (!isSplit && replacements.length > 0) group += 1;
  }
  return suggestions;
}

function levelOf(level: string): Diagnostic["level"] | null {
  if (level.startsWith("error")) return "error";
  return level === "warning" ? "warning" : null;
}

/** The diagnostic of a rustc message; null for notes, summaries and anything malformed. */
export function readMessage(value: unknown, isPassedOver: PassedOver = () => false): Diagnostic | null {
  const fields = record(value);
  const level = levelOf(text(fields?.["level"]));
  const message = stripAnsi(text(fields?.["message"]));
  if (fields === null || level === null || message === "" || summary.test(message)) return null;
  const primary = records(fields["spans"]).find((span) => span["is_primary"] === true);
  return {
    level,
    code: text(record(fields["code"])?.["code"]) || "none",
    message,
    span: primary === undefined ? null : workspaceSpan(primary, isPassedOver),
    rendered: stripAnsi(text(fields["rendered"])),
    suggestions: suggestionsOf(fields),
  };
}
