// Tier none: no wall at all; the tree is copied to where it was prepared, one job at a time.
import { rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { assignments, buildPart, changesPart, head, quoted, type RunTest, runTests, type ScriptJob, type StageCommand, words } from "../script.ts";
import type { Tier } from "./tier.ts";

export const noSandbox: Tier = {
  wall: null,
  dropsRoot: false,
  oneJobAtATime: true,
  places: ({ plainTree, sysroot }) => ({
    root: plainTree,
    rust: sysroot,
    home: join(dirname(plainTree), "cargo"),
    vendor: join(dirname(plainTree), "vendor"),
  }),
  chamber: ({ folder }) => ({ "enter.sh": `${head(folder)}\nread -r go\n. ./job.sh\nsay done\n` }),
  job: plainScript,
  views: () => ({}),
  lay: async ({ folder, plainTree, needs }) => {
    await writeFile(join(folder, "tree.path"), plainTree);
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
${job.build ? buildPart(job, buildCommand) : ""}
${job.tests.length > 0 ? `if [ "\${built:-0}" = 0 ]; then\n${job.tests.map((_, index) => `mkdir -p scratch/${index}`).join("\n")}\nsay test\n${runTests(job, { target: '"$M/target"', command: testCommand(job), scratch: (index) => `"$S/scratch/${index}"` })}\nsay tested\nfi` : ""}
if [ -f keep ]; then cp -a "$M/." base/; fi
`;
}

const buildCommand = ({ env, argv }: StageCommand): string => `env -i ${assignments(env)} ${argv}`;

const testCommand =
  (job: ScriptJob) =>
  ({ exe, cwd, env, args }: RunTest, index: number): string => {
    const folder = `"$M/"${quoted(cwd)}`;
    return `env -i -C ${folder} ${assignments({ ...job.testEnv, ...env })} TMPDIR="$S/scratch/${index}" CARGO_MANIFEST_DIR=${folder} "$M/target/"${quoted(exe)} ${words([...job.testArgs, ...args])}`;
  };
