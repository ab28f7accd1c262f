// The patches that are scored: read from a folder or a file, each brought to the task of the suite that it is for.
import { basename, join } from "node:path";
import { BakeoffError, type FileIssue, WrittenFileError } from "../../core/base/errors.ts";
import { nearest } from "../../core/base/nearest.ts";
import { EMBEDDED, EMBEDDED_ON_REQUEST } from "../../core/policy/rules/rules.ts";
import { type GivenPatch, readPatches } from "../../core/suite/shapes/patches.ts";
import { pullName } from "../../core/suite/shapes/pull-number.ts";
import type { Suite } from "../../core/suite/suite.ts";
import { POLICY_ROUTE } from "../../core/trial/plan.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import type { ExternalPatches } from "../run/external.ts";

export interface PatchPorts {
  readonly texts: Pick<TextFiles, "read">;
  /** Names in a folder; null where the path is none. */
  readonly namesIn: (path: string) => Promise<readonly string[] | null>;
}

interface PlacedPatch extends GivenPatch {
  readonly path: string;
}

export interface PatchRequest {
  /** A folder of NAME.diff or NAME.patch, or a file of JSON lines, or of one JSON document. */
  readonly patches: string;
  /** Who made them: chooses among several in one file; null: the file says it, or nobody knows. */
  readonly agent: string | null;
}

/** Throws `written-file` with every issue, `usage` where there is nothing to score or several agents to choose from. */
export async function gatherPatches(ports: PatchPorts, { patches: place, agent }: PatchRequest, suite: Suite): Promise<ExternalPatches> {
  const given = await givenIn(ports, place);
  const { name, own } = chosenAgent(given, agent, place);
  const issues: FileIssue[] = [];
  const diffs = new Map<string, string>();
  for (const { task, diff, path, line } of own) {
    const id = taskOf(suite, task);
    if (id === null)
      issues.push(
        issue(
          path,
          line,
          `suite ${suite.name} has no task ${task}: did you mean ${nearest(
            task,
            suite.tasks.map((one) => one.id),
          ).join(" or ")}?`,
        ),
      );
    else if (diffs.has(id)) issues.push(issue(path, line, `a second patch for ${id}: give one for each task`));
    else diffs.set(id, diff);
  }
  if (issues.length > 0) throw new WrittenFileError(issues);
  return { agent: name, diffs };
}

const issue = (path: string, line: number, message: string): FileIssue => ({ path, line, column: 1, message });

async function givenIn(ports: PatchPorts, place: string): Promise<readonly PlacedPatch[]> {
  const names = await ports.namesIn(place);
  const given = names === null ? await fromFile(ports, place) : await fromFolder(ports, place, names);
  if (given.length > 0) return given;
  throw new BakeoffError("usage", `${place} holds no patches`, "it may be a folder of TASK.diff, or JSON lines of task and diff");
}

async function fromFolder({ texts }: PatchPorts, folder: string, names: readonly string[]): Promise<readonly PlacedPatch[]> {
  const given: PlacedPatch[] = [];
  for (const name of names.toSorted()) {
    const [, task] = /^(.+)\.(?:diff|patch)$/.exec(name) ?? [];
    const path = join(folder, name);
    const text = task === undefined ? null : await texts.read(path);
    if (task !== undefined && text !== null) given.push({ path, task, diff: text, agent: null, line: 1 });
  }
  return given;
}

async function fromFile({ texts }: PatchPorts, path: string): Promise<readonly PlacedPatch[]> {
  const text = await texts.read(path);
  if (text === null) throw new BakeoffError("usage", `${path} can't be read`, "name a folder of TASK.diff, or a .jsonl or .json file");
  const { patches, faults } = readPatches(text, path.endsWith(".json"));
  if (faults.length > 0) throw new WrittenFileError(faults.map(({ line, message }) => issue(path, line, message)));
  return patches.map((patch) => ({ ...patch, path }));
}

const UNNAMED = "external";

function chosenAgent(given: readonly PlacedPatch[], wanted: string | null, place: string): { readonly name: string; readonly own: readonly PlacedPatch[] } {
  const named = [...new Set(given.flatMap(({ agent }) => (agent === null ? [] : [agent])))];
  if (named.length > 1 && wanted === null)
    throw new BakeoffError("usage", `${basename(place)} holds patches of several: ${named.join(", ")}`, "choose one: --agent NAME");
  // A name that the file does not have is what they are to be called.
  const own = wanted !== null && named.length > 1 ? given.filter(({ agent }) => agent === wanted) : given;
  if (own.length === 0)
    throw new BakeoffError("usage", `${basename(place)} holds no patches of ${wanted ?? ""}`, `did you mean ${nearest(wanted ?? "", named).join(" or ")}?`);
  return { name: agentName(wanted ?? named[0] ?? UNNAMED), own };
}

/** A trial's id is made of it. */
function agentName(written: string): string {
  const name = written
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .replaceAll(/^[-.]+|-+$/g, "")
    .slice(0, 80);
  const taken: readonly string[] = [...EMBEDDED, ...EMBEDDED_ON_REQUEST, POLICY_ROUTE];
  if (name !== "" && !taken.includes(name)) return name;
  throw new BakeoffError(
    "usage",
    `an agent can't be called ${written}: ${name === "" ? "no letter is left of it" : "that is a candidate of our own"}`,
    "name it: --agent NAME",
  );
}

/** By its id, or as `suite export` and the reports for SWE-bench and Multi-SWE-bench name it. */
function taskOf({ name, tasks }: Suite, word: string): string | null {
  const pulled = tasks.find(({ id }) => pullName(name, id) === word);
  if (pulled) return pulled.id;
  const bare = word.startsWith(`${name}__`) ? word.slice(name.length + 2) : word;
  return tasks.find(({ id }) => id === bare)?.id ?? null;
}
