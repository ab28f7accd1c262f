// SWE-bench-style instances, one JSON object a line: read strictly, and made into repairs of trees from a local repository.
import { z } from "zod";
import { isPlainPath } from "../../base/glob.ts";
import { type Changes, type Tree, withChanges } from "../../text/edit.ts";
import { clipped } from "../../text/clip.ts";
import type { Drop, Repair } from "../making/repair.ts";
import { taskId } from "../making/repair.ts";
import { pathKind } from "../making/source-path.ts";
import { changedTests, type SourceTest, testKey, testsIn, treeText } from "../making/source-test.ts";
import type { WrittenTask } from "../schema.ts";

const MAX_INSTANCES = 10_000;
const MAX_LINE_CHARS = 4_000_000;
const MAX_PATHS = 200;

/** A list of tests: an array, or as the data sets have it a JSON text of one. */
const testList = z
  .union([z.array(z.string()), z.string()])
  .transform((list, context) => {
    if (typeof list !== "string") return list;
    const read = z.array(z.string()).safeParse(jsonOf(list));
    if (read.success) return read.data;
    context.addIssue({ code: "custom", message: "neither a list of tests nor the JSON text of one" });
    return z.NEVER;
  })
  .pipe(z.array(z.string().min(1).max(1000)).max(50_000));

const instanceSchema = z.object({
  instance_id: z.string().min(1).max(300),
  repo: z.string().max(300).default(""),
  base_commit: z.string().regex(/^[0-9a-f]{7,64}$/, "not the id of a commit"),
  patch: z.string().min(1).max(2_000_000),
  test_patch: z.string().max(2_000_000),
  problem_statement: z.string().max(200_000).default(""),
  FAIL_TO_PASS: testList,
  PASS_TO_PASS: testList,
});
export type Instance = z.infer<typeof instanceSchema>;

export interface ReadInstances {
  readonly instances: readonly Instance[];
  readonly refused: readonly { readonly what: string; readonly detail: string }[];
}

/** Reads JSON lines, or one JSON array. What can't be read is told line by line and stops nothing. */
export function readInstances(text: string): ReadInstances {
  const instances: Instance[] = [];
  const refused: { what: string; detail: string }[] = [];
  for (const { what, value } of rawInstances(text)) {
    const read = instanceSchema.safeParse(value);
    const id = z.object({ instance_id: z.string() }).safeParse(value).data?.instance_id.slice(0, 100);
    if (!read.success) refused.push({ what: id ?? what, detail: issuesText(read.error) });
    else if (instances.some(({ instance_id }) => instance_id === read.data.instance_id)) refused.push({ what: id ?? what, detail: "there twice" });
    else instances.push(read.data);
  }
  return { instances, refused };
}

const issuesText = ({ issues }: z.ZodError): string => clipped(issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`).join("; "), 300);

function rawInstances(text: string): { what: string; value: unknown }[] {
  const whole = text.trimStart().startsWith("[") ? z.array(z.unknown()).max(MAX_INSTANCES).safeParse(jsonOf(text)) : null;
  if (whole?.success === true) return whole.data.map((value, index) => ({ what: `item ${index + 1}`, value }));
  const lines = text.split("\n").slice(0, MAX_INSTANCES);
  return lines.flatMap((line, index) =>
    line.trim() === "" ? [] : [{ what: `line ${index + 1}`, value: line.length > MAX_LINE_CHARS ? undefined : jsonOf(line) }],
  );
}

/** Undefined for what is no JSON: no schema takes that. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export type DiffPaths = { readonly ok: true; readonly paths: readonly string[] } | { readonly ok: false; readonly why: string };

/** Every path that a diff speaks of; a path that leads out of the tree refuses the diff. */
export function diffPaths(diff: string): DiffPaths {
  const paths = new Set<string>();
  for (const line of diff.split("\n")) {
    const name = /^(?:---|\+\+\+) (?:[ab]\/)?([^\t\r]+)/.exec(line)?.[1] ?? /^(?:rename|copy) (?:from|to) (.+)$/.exec(line)?.[1];
    if (name !== undefined && name !== "/dev/null") paths.add(name.trimEnd());
  }
  const odd = [...paths].find((path) => !isPlainPath(path));
  if (odd !== undefined) return { ok: false, why: `it names ${JSON.stringify(odd).slice(0, 120)}, which is no path inside of the tree` };
  return paths.size > MAX_PATHS ? { ok: false, why: `it changes ${paths.size} files` } : { ok: true, paths: [...paths] };
}

/** `tests`, `repair`: what the two patches change, the second over the first. */
export function instanceRepair(instance: Instance, tree: Tree, tests: Changes, repair: Changes): Repair {
  const tested = withChanges(tree, tests);
  const clean = withChanges(tested, repair);
  const sources = [...repair.keys()].filter((path) => pathKind(path) === "source");
  const touched = new Set([...tests.keys(), ...repair.keys()]);
  return {
    id: taskId(instance.instance_id, instance.instance_id),
    title: instance.problem_statement.trim().split("\n")[0]?.slice(0, 120).trim() || instance.instance_id.slice(0, 120),
    origin: `instance ${instance.instance_id}`,
    message: instance.problem_statement,
    clean,
    before: new Map(sources.map((path) => [path, treeText(tested, path)])),
    tests: [...clean.keys()].flatMap((path) =>
      instanceTests(instance, path, treeText(clean, path), touched.has(path) ? treeText(tree, path) : treeText(clean, path)),
    ),
  };
}

/** Tests that the patches changed, and those that are declared to fail and were there before. */
function instanceTests(instance: Instance, path: string, now: string | null, then: string | null): SourceTest[] {
  if (now === null || !path.endsWith(".rs") || pathKind(path) === "beside") return [];
  const changed = new Set(changedTests(path, then, now).map(testKey));
  const isDeclared = (test: SourceTest): boolean => instance.FAIL_TO_PASS.some((name) => isSameTest([...test.modules, test.name].join("::"), name));
  return testsIn(path, now).filter((test) => changed.has(testKey(test)) || isDeclared(test));
}

/** What an instance declares against what was found: null where they agree. */
export function declaredFault(instance: Pick<Instance, "FAIL_TO_PASS" | "PASS_TO_PASS">, written: WrittenTask, aside: readonly string[] = []): Drop | null {
  const failing = [...written.fail_to_pass, ...written.held_out].map(testPath);
  const fails = (name: string): boolean => failing.some((path) => isSameTest(path, name));
  const isAside = (name: string): boolean => aside.some((id) => isSameTest(testPath(id), name));
  const missing = instance.FAIL_TO_PASS.filter((name) => !fails(name) && !isAside(name));
  const surprising = instance.PASS_TO_PASS.filter(fails);
  // Where nothing compiles every test fails: the lists then hold the repair's own tests only.
  if (written.kind === "compile")
    return missing.length === instance.FAIL_TO_PASS.length && missing.length > 0
      ? declaredDrop(`none of FAIL_TO_PASS is among its tests: ${missing.join(", ")}`)
      : null;
  if (missing.length > 0) return declaredDrop(`declared to fail, but passing: ${missing.join(", ")}`);
  return surprising.length > 0 ? declaredDrop(`declared to pass, but failing: ${surprising.join(", ")}`) : null;
}

const declaredDrop = (text: string): Drop => ({ reason: "declared", detail: clipped(text, 300) });

/** Module path and name. */
const testPath = (id: string): string => id.split("/").slice(2).join("/");

/** The modules of held-out tests left out: a suite that was exported has them, and gets new ones. */
const unheld = (path: string): string => path.replaceAll(/(^|::)(heldout\d*::)+/g, "$1");

/** Data sets name tests by module path, some with the crate before it, some by the bare name. */
const isSameTest = (path: string, name: string): boolean => {
  const [ours, bare] = [unheld(path), unheld(name.replace(/^.*[\s/]/, ""))];
  return ours === bare || ours.endsWith(`::${bare}`) || bare.endsWith(`::${ours}`);
};
