// The scripts of tiers with a wall: namespaces with the workspace laid in them, and each stage behind a wall of its own.
import { type StageWall, stageWords } from "./launcher/launcher.ts";
import {
  buildPart,
  changesPart,
  head,
  ifAllPassed,
  type Layer,
  type PlacedStep,
  quoted,
  type RunTest,
  runTests,
  type ScriptJob,
  type StageCommand,
  type StageName,
  jobSteps,
  words,
} from "./script.ts";
import type { ChamberPlan } from "./tiers/tier.ts";

/** What one tier's wall is, where others differ. */
export interface ChamberWall {
  /** More flags of the unshare(1) that makes the chamber; each ends in a space. */
  readonly chamberFlags: string;
  /** What is done once the workspace is laid and before the job is known; empty for nothing. */
  readonly prepare: string;
  /** A command behind the wall. The environment is emptied outside it: nothing of the harness's own can be found inside. */
  readonly stage: (job: ScriptJob, name: StageName, inside: StageCommand) => string;
}

const GiB = 1024 ** 3;
/** Files that the scratch tmpfs may hold: each costs the kernel memory that its size does not count. */
const SCRATCH_FILES = 200_000;

/** Folders for the scratch files of so many test binaries are made beforehand. */
const READY_TESTS = 32;

const LAYERS: Readonly<Record<Layer, string>> = {
  overlay: 'mount -n -t overlay overlay -o "lowerdir=base,upperdir=t/upper,workdir=t/work,userxattr" m',
  copy: "cp -a base/. t/tree/\nmount -n --bind t/tree m",
  direct: "mount -n --bind base m",
};

/**
 * The scripts that make a chamber: `enter.sh` starts it, `ready.sh` lays it and waits for a word on its standard input,
 * then runs the job. A root harness lays `fstab.enter` as root and then drops to `dropTo`.
 */
export function walledChamber(wall: ChamberWall, plan: ChamberPlan, dropTo: number | null): Readonly<Record<string, string>> {
  const inside = `exec ${dropTo === null ? "" : `setpriv --reuid ${dropTo} --regid ${dropTo} --clear-groups `}unshare -U -r -m -p -i -u -n -C -f --kill-child --mount-proc ${wall.chamberFlags}sh ${quoted(`${plan.folder}/ready.sh`)}\n`;
  const binds = `mount -n -a -T ${quoted(`${plan.folder}/fstab.enter`)}\n`;
  return dropTo === null
    ? { "enter.sh": inside, "ready.sh": readyScript(wall, plan, binds) }
    : { "enter.sh": `set -eu\n${binds}${inside}`, "ready.sh": readyScript(wall, plan, "") };
}

function readyScript(wall: ChamberWall, plan: ChamberPlan, binds: string): string {
  return `${head(plan.folder)}
M="$S/m"
${binds}mount -n -t tmpfs -o size=${plan.scratchBytes},nr_inodes=${SCRATCH_FILES},mode=755,nosuid,nodev tmpfs t
mkdir -p t/tmp t/tmp2 t/cargo t/upper t/work t/tree t/target/debug/deps t/programs
mount -n -t tmpfs -o size=${plan.scratchBytes},nr_inodes=${SCRATCH_FILES},mode=755,nosuid,nodev,noexec tmpfs t/tmp2
mkdir ${Array.from({ length: READY_TESTS }, (_, index) => `t/tmp2/${index}`).join(" ")}
${LAYERS[plan.layer]}
[ -d m/target ] || mkdir m/target
${wall.prepare}
read -r go
. ./job.sh
say done
`;
}

/** What a chamber does once it has its job. */
export function walledJob(wall: ChamberWall, job: ScriptJob): string {
  const steps = jobSteps(job);
  const count = steps.flatMap(({ tests }) => tests).length;
  const more = Array.from({ length: Math.max(0, count - READY_TESTS) }, (_, index) => `t/tmp2/${READY_TESTS + index}`);
  return `${more.length > 0 ? `mkdir ${more.join(" ")}` : ""}
${changesPart(job)}
${steps.reduceRight((rest, step) => stepPart(wall, job, step, rest), "")}
`;
}

/** A step, and what comes after it where its tests have passed. */
function stepPart(wall: ChamberWall, job: ScriptJob, step: PlacedStep, rest: string): string {
  return `${buildPart(step, job, (inside) => buildStage(wall, job, step, inside))}
${step.tests.length > 0 ? testPart(wall, job, step) : ""}
${rest === "" ? "" : ifAllPassed(step, rest)}`;
}

/** Resource limits of each process of a stage. */
function limitsOf(stage: StageName, seconds: number): StageWall["limits"] {
  const sizes = stage === "build" ? { nproc: 512, fsize: GiB, as: 8 * GiB } : { nproc: 256, fsize: GiB / 16, as: 4 * GiB };
  return { ...sizes, nofile: 1024, core: 0, cpu: seconds * 4 };
}

/**
 * Test binaries lie where no stage sees them, and come in by descriptor; the crate's own programs, where a test starts them, lie
 * on the one path from which anything can be executed. Sources that hold tests are taken away before anything runs.
 */
function testPart(wall: ChamberWall, job: ScriptJob, step: PlacedStep): string {
  // One binary may be run several times.
  const run = [...new Set(step.tests.filter(({ cwd }) => cwd !== null).map(({ exe }) => exe))];
  const programs = step.tests.filter(({ cwd }) => cwd === null).map(({ exe }) => exe);
  return `if [ "$built" = 0 ]; then
${job.has.hide ? '(cd m && xargs -0 rm -f -- <"$S/hide.list") &' : ""}
{
${[...byFolder(run)].map(([folder, binaries]) => takeBinaries("t/target", folder, binaries)).join("\n")}
${[...byFolder(programs)].map(([folder, binaries]) => takeBinaries("t/programs", folder, binaries)).join("\n")}
# Where the build has filled the scratch folder, binaries are missing, which is the patch's doing: this shell goes on.
} || :
wait
say test-of-${step.name}
${runTests(step, job, { target: "t/target", command: testCommand(wall, job), scratch: (index) => `t/tmp2/${index}` })}
say test-of-${step.name}-end
fi`;
}

function byFolder(binaries: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, string[]>();
  for (const exe of binaries) {
    const folder = exe.slice(0, exe.lastIndexOf("/"));
    folders.set(folder, [...(folders.get(folder) ?? []), exe]);
  }
  return folders;
}

const takeIfPlain = (from: string): string => `if [ -f ${from}/"$exe" ] && [ ! -L ${from}/"$exe" ]; then set -- "$@" "${from}/$exe"; fi`;

/** What was built now lies in the upper layer and is linked; what was not comes from the base and is copied. Links are never followed. */
function takeBinaries(root: string, folder: string, binaries: readonly string[]): string {
  const to = quoted(`${root}/${folder}`);
  return `[ -d ${to} ] || mkdir -p ${to}
set --
for exe in ${words(binaries)}; do ${takeIfPlain("t/upper/target")}; ${takeIfPlain("t/tree/target")}; done
if [ $# -gt 0 ]; then ln "$@" ${to}/; fi
set --
for exe in ${words(binaries)}; do if [ ! -e "${root}/$exe" ]; then ${takeIfPlain("m/target")}; fi; done
if [ $# -gt 0 ]; then cp "$@" ${to}/ || :; fi
for exe in ${to}/*; do if [ -f "$exe" ]; then chmod 0111 ${to}/*; break; fi; done`;
}

/** The launcher's place in every stage. */
const LAUNCHER = "/run/wall";

/** The build through the launcher: a compiler may start programs, and has no network. */
function buildStage(wall: ChamberWall, job: ScriptJob, { name }: PlacedStep, inside: StageCommand): string {
  const limits = limitsOf("build", job.limits.buildS);
  const stage = { wall: "build", net: "none", landlock: null, folder: inside.folder, mark: 7, limits, open: null } as const;
  const argv = `${words(stageWords(LAUNCHER, stage, []))} ${inside.argv}`;
  return wall.stage(job, "build", { ...inside, argv, files: `7>out/${name}.wall` });
}

/** A test by its open file: its program lies on no path of the stage. */
const testCommand =
  (wall: ChamberWall, job: ScriptJob) =>
  ({ exe, cwd, spawns, env: own, args }: RunTest, index: number): string => {
    const folder = `/w/${cwd}`;
    const env = { ...job.testEnv, ...own, CARGO_MANIFEST_DIR: folder, TMPDIR: `/tmp/${index}` };
    const open = { fd: 9, name: `/w/target/${exe}` };
    const stage = {
      wall: spawns ? "spawn" : "test",
      net: "loopback",
      landlock: null,
      folder,
      mark: 7,
      limits: limitsOf("test", job.limits.testS),
      open,
    } as const;
    const argv = words(stageWords(LAUNCHER, stage, [...job.testArgs, ...args]));
    return wall.stage(job, "test", { folder, env, argv, files: `9<${quoted(`t/target/${exe}`)} 7>out/${index}.wall` });
  };
