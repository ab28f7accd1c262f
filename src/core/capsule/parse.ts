// Parses one line of a capsule without trusting it: the line, or a named fault.
import { isCanonical } from "../base/canonical.ts";
import { BakeoffError } from "../base/errors.ts";
import { EVENT_KINDS } from "../trial/event.ts";
import type { ReadingFault } from "./fault.ts";
import { CAPSULE_FORMAT, type CapsuleLine, capsuleLine } from "./line.ts";

export type ParsedLine =
  | { readonly ok: true; readonly line: CapsuleLine }
  | { readonly ok: false; readonly fault: ReadingFault; readonly detail: string; readonly hint?: string };

const KINDS: ReadonlySet<unknown> = new Set(capsuleLine.options.map((option) => option.shape.kind.value));
const EVENTS: ReadonlySet<unknown> = new Set(Object.keys(EVENT_KINDS));

export function parseLine(text: string): ParsedLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, fault: "not-json", detail: "the line is not JSON" };
  }
  const line = capsuleLine.safeParse(value);
  if (!line.success) return whyNot(value, line.error.issues[0]);
  return isWritten(text, value) ? { ok: true, line: line.data } : { ok: false, fault: "not-canonical", detail: "the line is not in canonical form" };
}

/** The parsed text is compared, not the schema's output: only the former has the members in their original order. */
function isWritten(text: string, value: unknown): boolean {
  try {
    return isCanonical(text, value);
  } catch (error) {
    // Canonical JSON throws for what it can't hold: such a line is not in canonical form.
    if (error instanceof BakeoffError) return false;
    throw error;
  }
}

const member = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;

function whyNot(value: unknown, issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined): ParsedLine {
  const format = member(value, "format");
  if (typeof format === "number" && format !== CAPSULE_FORMAT) return unknownFormat(format);
  const kind = member(value, "kind");
  if (!KINDS.has(kind)) return { ok: false, fault: "unknown-kind", detail: `there are no lines of kind ${shown(kind)}` };
  const type = member(member(value, "payload"), "type");
  if (kind === "event" && !EVENTS.has(type))
    return {
      ok: false,
      fault: "unknown-event",
      detail: `format ${CAPSULE_FORMAT} has no event ${shown(type)}`,
      hint: "read it with the version that wrote it (header: bakeoff_version)",
    };
  const where = issue?.path.map(String).join(".") ?? "";
  return {
    ok: false,
    fault: "malformed-line",
    detail: `${shown(kind)}${where === "" ? "" : `, ${where.slice(0, 80)}`}: ${issue?.message.slice(0, 200) ?? ""}`,
  };
}

function unknownFormat(format: number): ParsedLine {
  return format > CAPSULE_FORMAT
    ? {
        ok: false,
        fault: "unknown-format",
        detail: `capsule format ${format} is newer than ${CAPSULE_FORMAT}`,
        hint: "upgrade bakeoff to read it (docs/CAPSULE_FORMAT.md lists which version reads which format)",
      }
    : {
        ok: false,
        fault: "unknown-format",
        detail: `there is no capsule format ${format}: formats are counted from 1, this version reads ${CAPSULE_FORMAT}`,
      };
}

const shown = (value: unknown): string => (typeof value === "string" ? JSON.stringify(value.slice(0, 60)) : "without a name");
