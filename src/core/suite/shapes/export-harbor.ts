// Tasks as Harbor has them: a folder each, whose verifier runs beside the agent's environment and asks this program for the verdict.
import { matcher } from "../../base/glob.ts";
import { applyEdits, type Changes, type Content, type Tree } from "../../text/edit.ts";
import { unifiedDiff } from "../../text/diff.ts";
import { renderSuite } from "../making/write.ts";
import type { WrittenTask } from "../schema.ts";
import { brokenTree, isImpossible, type Suite, type Task } from "../suite.ts";
import agentDockerfile from "./harbor/agent.Dockerfile";
import solveScript from "./harbor/solve.sh";
import testScript from "./harbor/test.sh";
import verifierDockerfile from "./harbor/verifier.Dockerfile";

export interface HarborMeans {
  /** Version of the toolchain that proved the suite, as images are tagged with it. */
  readonly rust: string;
  /** This program, to be unpacked in the verifier's image. */
  readonly program: Uint8Array;
}

export type HarborExport = { readonly ok: true; readonly files: ReadonlyMap<string, Content> } | { readonly ok: false; readonly why: string };

/** The agent's environment holds the broken tree with empty hidden tests; everything that decides lies in `tests/`. */
export function exportHarborTask(suite: Suite, task: Task, { rust, program }: HarborMeans): HarborExport {
  if (isImpossible(task)) return { ok: false, why: "an impossible task has no solution, and Harbor's tasks have one" };
  const broken = brokenTree(task);
  const shown = shownTree(broken, matcher(task.base.hidden));
  const solved = applyEdits(broken, task.solution);
  if (!solved.ok) return { ok: false, why: solved.detail };
  const own = new Map<string, Content>([
    ["task.toml", taskToml(suite, task)],
    ["instruction.md", instruction(task)],
    ["environment/Dockerfile", agentDockerfile.replace("{{rust}}", rust)],
    ["tests/Dockerfile", verifierDockerfile.replace("{{rust}}", rust)],
    ["tests/test.sh", testScript],
    ["tests/task", `${task.id}\n`],
    ["tests/bakeoff.tgz", program],
    ["solution/solve.sh", solveScript],
    ["solution/solution.patch", diffOf(shown, solved.changes)],
  ]);
  const below = (folder: string, tree: ReadonlyMap<string, Content>): void => tree.forEach((content, path) => void own.set(`${folder}/${path}`, content));
  below("environment/project", shown);
  below("tests/broken", shown);
  below(`tests/suites/${suite.name}`, suiteOfOne(suite, task));
  return { ok: true, files: own };
}

/** As the loop builds it: the sources that declare a hidden module still compile. */
const shownTree = (broken: Tree, isHidden: (path: string) => boolean): Tree =>
  new Map([...broken].flatMap(([path, content]) => (!isHidden(path) ? [[path, content] as const] : path.endsWith(".rs") ? [[path, ""] as const] : [])));

const diffOf = (before: Tree, changes: Changes): string =>
  [...changes]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, after]) => {
      const was = before.get(path);
      return unifiedDiff(path, typeof was === "string" ? was : null, after);
    })
    .join("");

/** Harbor's tables, schema 1.4; the work is taken from the agent's container as an artifact. */
const taskToml = (suite: Suite, { id, title, kind, risk, area, tags, family, compileTimeoutS, testTimeoutS }: Task): string => `schema_version = "1.4"
artifacts = [{ source = "/app", exclude = ["target", ".git"] }]

[task]
name = ${JSON.stringify(`${suite.name}/${id}`)}
version = ${JSON.stringify(suite.version)}
description = ${JSON.stringify(title)}
keywords = ${JSON.stringify(["rust", kind, area, ...tags])}

[metadata]
suite = ${JSON.stringify(suite.name)}
kind = ${JSON.stringify(kind)}
risk = ${JSON.stringify(risk)}
family = ${JSON.stringify(family)}

[verifier]
environment_mode = "separate"
timeout_sec = ${600 + 4 * (compileTimeoutS + testTimeoutS)}.0

[agent]
timeout_sec = 900.0

[environment]
build_timeout_sec = 900.0
`;

const instruction = ({ title, instruction: text, editable }: Task): string =>
  `# ${title}\n\n${text.trim()}\n\nThe project is in \`/app\`. Change only these files, in place; a change to any other is refused:\n\n${editable.map((glob) => `- \`${glob}\`\n`).join("")}`;

/** A suite of this task only, in our own format: what the verifier scores by. */
function suiteOfOne(suite: Suite, task: Task): ReadonlyMap<string, Content> {
  const { name, tree, hidden, protected: locked, aside = [], warn = [], features = [], packages = [] } = task.base;
  return renderSuite({
    name: suite.name,
    version: suite.version,
    description: suite.description,
    dependencies: suite.dependencies,
    defaults: { compile_timeout_s: task.compileTimeoutS, test_timeout_s: task.testTimeoutS },
    bases: [{ name, path: "base", hidden, protected: locked, aside, warn, features, packages, tree }],
    tasks: [writtenTask(task)],
  });
}

const writtenTask = (task: Task): WrittenTask => ({
  format: 1,
  id: task.id,
  title: task.title,
  kind: task.kind,
  risk: task.risk,
  area: task.area as WrittenTask["area"],
  tags: [...task.tags],
  error_codes: [...task.errorCodes],
  instruction: task.instruction,
  family: task.family
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 100),
  editable: [...task.editable],
  protected: [...task.protected],
  fail_to_pass: [...task.failToPass],
  pass_to_pass: [...task.passToPass],
  held_out: [...task.heldOut],
  break: [...task.breakEdits],
  solution: [...task.solution],
});
