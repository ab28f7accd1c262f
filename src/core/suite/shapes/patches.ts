// Patches that agents made elsewhere, as they hand them over: JSON lines or one JSON document of task id and diff, SWE-bench's predictions among them.
import { z } from "zod";

/** One patch as it was handed over. */
export interface GivenPatch {
  /** As the file names it. */
  readonly task: string;
  /** Empty: the agent changed nothing. */
  readonly diff: string;
  /** Who made it; null: the file does not say. */
  readonly agent: string | null;
  /** 1-based; of one JSON document all are of line 1. */
  readonly line: number;
}

export interface GivenPatchFault {
  readonly line: number;
  readonly message: string;
}

export interface ReadPatches {
  readonly patches: readonly GivenPatch[];
  readonly faults: readonly GivenPatchFault[];
}

const id = z.string().min(1).max(500);
const diff = z.string().max(10_000_000).nullable();

/** SWE-bench's `instance_id` and `model_patch`, Multi-SWE-bench's `org`, `repo`, `number` and `fix_patch`, or plain words. */
const entry = z
  .object({
    task: id.optional(),
    task_id: id.optional(),
    instance_id: id.optional(),
    org: id.optional(),
    repo: id.optional(),
    number: z.union([z.number().int(), id]).optional(),
    diff: diff.optional(),
    patch: diff.optional(),
    model_patch: diff.optional(),
    fix_patch: diff.optional(),
    agent: id.optional(),
    model_name_or_path: id.optional(),
  })
  .transform((given, context) => {
    const task = given.task ?? given.task_id ?? given.instance_id ?? pullOf(given);
    const text = [given.diff, given.patch, given.model_patch, given.fix_patch].find((each) => each !== undefined);
    if (task === undefined) context.addIssue({ code: "custom", message: "no task: name it by task, task_id, instance_id, or org, repo and number" });
    if (text === undefined) context.addIssue({ code: "custom", message: "no patch: give it as diff, patch, model_patch or fix_patch" });
    return { task: task ?? "", diff: text ?? "", agent: given.agent ?? given.model_name_or_path ?? null };
  });

interface PullNamed {
  readonly org?: string | undefined;
  readonly repo?: string | undefined;
  readonly number?: string | number | undefined;
}

const pullOf = ({ org, repo, number }: PullNamed): string | undefined =>
  org !== undefined && repo !== undefined && number !== undefined ? `${org}/${repo}:pr-${number}` : undefined;

/** Hostile input: a line that says nothing we can use is a fault, never a guess. */
export function readPatches(text: string, isOneDocument: boolean): ReadPatches {
  const patches: GivenPatch[] = [];
  const faults: GivenPatchFault[] = [];
  for (const { line, value } of isOneDocument ? documentEntries(text) : lineEntries(text)) {
    const read = value === undefined ? null : entry.safeParse(value);
    if (read?.success) patches.push({ ...read.data, line });
    else faults.push({ line, message: read === null ? "not JSON" : messageOf(read.error) });
  }
  return { patches, faults };
}

interface Entry {
  readonly line: number;
  /** Undefined: it is not JSON. */
  readonly value: unknown;
}

const lineEntries = (text: string): readonly Entry[] =>
  text.split("\n").flatMap((line, index) => (line.trim() === "" ? [] : [{ line: index + 1, value: jsonOf(line) }]));

/** A list of entries, or an object of them by instance. */
function documentEntries(text: string): readonly Entry[] {
  const document = jsonOf(text);
  if (Array.isArray(document)) return document.map((value: unknown) => ({ line: 1, value }));
  const isObject = typeof document === "object" && document !== null;
  if (!isObject || Object.values(document).some((value) => typeof value !== "object")) return [{ line: 1, value: document }];
  return Object.entries(document).map(([name, value]) => ({ line: 1, value: { task: name, ...(value as object) } }));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const messageOf = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`)).join("; ");
