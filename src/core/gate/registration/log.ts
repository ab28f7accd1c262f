// The log of registrations and of the runs that began under them: append-only, each line naming the one before it.
import { z } from "zod";
import { merkleRoot, type Sha256, sha256 } from "../../base/canonical.ts";
import { daysFrom } from "../../base/instant.ts";
import { type Registration, type RegistrationLine, registrationLine } from "./registration.ts";

export const LOG_NAME = "registrations.jsonl";

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** Written as a run's journal is begun: a run that is taken away later is still in the log. */
const runLine = z.strictObject({
  kind: z.literal("run-begun"),
  format: z.literal(2),
  run_id: z.string().min(1).max(80),
  begun_at: z.iso.datetime(),
  /** SHA-256 of the registration's line. */
  registration: hash,
  /** SHA-256 of the run's header as its capsule holds it. */
  header_hash: hash,
  place: z.strictObject({ index: z.number().int().min(0), previous: hash.nullable() }),
});
export type RunLine = z.infer<typeof runLine>;

const logLine = z.discriminatedUnion("kind", [registrationLine, runLine]);

/** A line of the log with its hash, and what it says of its place. */
export interface LogEntry {
  readonly sha256: Sha256;
  readonly line: RegistrationLine | RunLine;
}

export interface RegistrationLog {
  readonly entries: readonly LogEntry[];
  /** RFC 6962 § 2.1 over its lines: what a decision remembers of it. */
  readonly root: Sha256;
}

export type ReadLog = { readonly ok: true; readonly log: RegistrationLog } | { readonly ok: false; readonly fault: string };

/** The lines of a log's text, without the empty one at its end. */
const linesOf = (text: string): readonly string[] => text.split("\n").slice(0, -1);

/** Reads a log from anywhere; each line must stand where it says. An empty text is a log without a line. */
export function readLog(text: string): ReadLog {
  if (text !== "" && !text.endsWith("\n")) return { ok: false, fault: "its last line is cut off" };
  const lines = linesOf(text);
  const entries: LogEntry[] = [];
  for (const [index, line] of lines.entries()) {
    const read = logLine.safeParse(jsonOf(line));
    if (!read.success) return { ok: false, fault: `line ${index + 1} is neither a registration nor a run` };
    const place = placeOf(read.data);
    if (place === null) return { ok: false, fault: `line ${index + 1} does not say what its place is` };
    const previous = entries.at(-1)?.sha256 ?? null;
    if (place.index !== index || place.previous !== previous)
      return { ok: false, fault: `line ${index + 1} does not follow the one before it: a line was taken out, put in or changed` };
    entries.push({ sha256: sha256(line), line: read.data });
  }
  return { ok: true, log: { entries, root: merkleRoot(lines) } };
}

/** The root over the first lines of a log; null where it does not have so many. */
export function rootAt(text: string, size: number): Sha256 | null {
  const lines = linesOf(text);
  return size > lines.length ? null : merkleRoot(lines.slice(0, size));
}

/** Where the next line goes. */
export const nextPlace = ({ entries }: RegistrationLog): RunLine["place"] => ({ index: entries.length, previous: entries.at(-1)?.sha256 ?? null });

/** Ids of the runs that began under a registration, in the order in which they did. */
export const runsUnder = ({ entries }: RegistrationLog, registration: Sha256): readonly string[] =>
  entries.flatMap(({ line }) => (line.kind === "run-begun" && line.registration === registration ? [line.run_id] : []));

/** What tells with which gates a registration shares its level. */
type Sharing = Pick<Registration, "candidates" | "incumbent" | "registered_at" | "shared_days">;

/** How many registrations before this one share its level; null where it is not in the log. */
export function earlierRegistrations({ entries }: RegistrationLog, registration: Sha256, sharing: Sharing): number | null {
  const own = entries.findIndex((entry) => entry.sha256 === registration);
  if (own < 0) return null;
  return entries.slice(0, own).filter(({ line }) => line.kind === "gate-registration" && sharesLevel(sharing, saidIn(line))).length;
}

/** Whoever gates one model after the other for the same place, until one passes, is as likely to err as who gates one of them again and again. */
function sharesLevel({ candidates, incumbent, registered_at: at, shared_days: days }: Sharing, earlier: z.infer<typeof said>): boolean {
  if (earlier.candidates?.some((name) => candidates.includes(name))) return true;
  // A time that can't be read is no reason to count less.
  return days !== undefined && earlier.incumbent === incumbent && !(daysFrom(earlier.registered_at ?? "", at) > days);
}

const said = z.looseObject({
  candidates: z.array(z.string()).optional(),
  incumbent: z.string().optional(),
  registered_at: z.string().optional(),
  place: runLine.shape.place.optional(),
});

/** What a registration says without asking who signed it: its place binds nobody to anything. */
function saidIn({ envelope }: RegistrationLine): z.infer<typeof said> {
  const { predicate } = { ...(jsonOf(Buffer.from(envelope.payload, "base64").toString("utf8")) as { readonly predicate?: unknown } | null) };
  return said.safeParse(predicate).data ?? {};
}

const placeOf = (line: RegistrationLine | RunLine): RunLine["place"] | null => (line.kind === "run-begun" ? line.place : (saidIn(line).place ?? null));

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
