// Tier none: no wall at all; the tree is copied to where it was prepared, one job at a time.
import { rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  assignments,
  buildPart,
  changesPart,
  head,
  ifAllPassed,
  type PlacedStep,
  quoted,
  type RunTest,
  runTests,
  type ScriptJob,
  type StageCommand,
  jobSteps,
  type TestPlace,
  words,
} from "../script.ts";
import type { Tier } from "./tier.ts";

export const noSandbox: Tier = {
  wall: null,
  isWalled: false,
  layers: ["copy"],
  dropTo: null,
  oneJobAtATime: true,
  places: ({ plainTree, sysroot }) => ({
    root: plainTree,
    rust: sysroot,
    home: join(dirname(plainTree), "cargo"),
    vendor: join(dirname(plainTree), "vendor"),
  }),
  shell: () => ["sh"],
  chamber: ({ folder }) => ({ "enter.sh": `${head(folder)}\nread -r go\n. ./job.sh\nsay done\n` }),
  job: plainScript,
  views: () => ({}),
  lay: async ({ folder, plainTree, needs, launcher }) => {
    await writeFile(join(folder, "tree.path"), plainTree);
    await symlink(launcher, join(folder, "wall"));
    await Promise.all(["base", "vendor"].map((name) => rm(join(folder, name), { recursive: true })));
    await symlink(needs.base, join(folder, "base"));
    if (needs.vendor) await symlink(needs.vendor, join(folder, "vendor"));
    if (needs.layer === "direct") await writeFile(join(folder, "keep"), "");
  },
};

/** What a base's own build made is copied back. */
function plainScript(job: ScriptJob): string {
  return `M=$(cat tree.path); export M
mkdir -p "\${M%/*}"
exec 9>"$M.lock"; flock 9
rm -rf "$M"; mkdir "$M"; cp -a base/. "$M/"
if [ -L vendor ]; then ln -sfn "$(readlink vendor)" "\${M%/*}/vendor"; fi
${changesPart(job)}
${jobSteps(job).reduceRight((rest, step) => stepPart(job, step, rest), "")}
if [ -f keep ]; then cp -a "$M/." base/; fi
`;
}

function stepPart(job: ScriptJob, step: PlacedStep, rest: string): string {
  const place: TestPlace = { target: '"$M/target"', command: testCommand(job), scratch: (index) => `"$S/scratch/${index}"` };
  const folders = step.tests.map((_, index) => `scratch/${step.first + index}`);
  const tests = `if [ "$built" = 0 ]; then
mkdir -p ${folders.join(" ")}
say test-of-${step.name}
${runTests(step, job, place)}
say test-of-${step.name}-end
fi`;
  return `${buildPart(step, job, buildCommand)}\n${folders.length > 0 ? tests : ""}\n${rest === "" ? "" : ifAllPassed(step, rest)}`;
}

const buildCommand = ({ env, argv }: StageCommand): string => `${assignments(env)} ${argv}`;

const testCommand =
  (job: ScriptJob) =>
  ({ exe, cwd, env, args }: RunTest, index: number): string => {
    const folder = `"$M/"${quoted(cwd)}`;
    return `env -i -C ${folder} ${assignments({ ...job.testEnv, ...env })} TMPDIR="$S/scratch/${index}" CARGO_MANIFEST_DIR=${folder} "$M/target/"${quoted(exe)} ${words([...job.testArgs, ...args])}`;
  };
