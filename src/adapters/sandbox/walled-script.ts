// The scripts of tiers with a wall: a chamber of namespaces with the workspace laid in it, and a job whose stages each have a wall.
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

/** The wall of a job's stages, where tiers differ. */
export interface StageWalls {
  /** The launcher's path as a stage sees it. */
  readonly launcher: string;
  /** A test's temporary folder as it sees it, by the test's number. */
  readonly scratch: (index: number) => string;
  readonly network: Readonly<Record<StageName, StageWall["net"]>>;
  /** Files with Landlock's rules; null: the stage's root holds only what it may see. */
  readonly rules: Readonly<Record<StageName, string>> | null;
  /** A taken test binary's: one that its own process can't read is not dumped either. */
  readonly binaryMode: string;
  /** What is done before a step's tests run, once its binaries have been taken; empty for nothing. */
  readonly beforeTests: (step: PlacedStep) => string;
  /** A command behind the wall: its whole environment, and its words. Nothing of the harness's own can be found inside. */
  readonly stage: (job: ScriptJob, name: StageName, inside: StageCommand) => string;
}

/** Of tiers whose stages have roots of their own. */
export const ROOTED = {
  launcher: "/run/wall",
  scratch: (index: number) => `/tmp/${index}`,
  network: { build: "none", test: "loopback" },
  rules: null,
  binaryMode: "0111",
  beforeTests: () => "",
} as const satisfies Partial<StageWalls>;

const GiB = 1024 ** 3;
/** Files that the scratch tmpfs may hold: each costs the kernel memory that its size does not count. */
const SCRATCH_FILES = 200_000;

/** Folders for the scratch files of so many test binaries are made beforehand. */
export const READY_TESTS = 32;

const LAYERS: Readonly<Record<Layer, string>> = {
  overlay: 'mount -n -t overlay overlay -o "lowerdir=base,upperdir=t/upper,workdir=t/work,userxattr" m',
  copy: "cp -a base/. t/tree/\nmount -n --bind t/tree m",
  direct: "mount -n --bind base m",
};

/**
 * The scripts that make a chamber: `enter.sh` starts it, `ready.sh` lays it, prepares what else there is to prepare before the job
 * is known, and waits for a word on its standard input, then runs the job. A root harness lays `fstab.enter` as root and then drops to `dropTo`.
 */
export function namespacedChamber(prepare: string, plan: ChamberPlan, dropTo: number | null): Readonly<Record<string, string>> {
  const inside = `exec ${dropTo === null ? "" : `setpriv --reuid ${dropTo} --regid ${dropTo} --clear-groups `}unshare -U -r -m -p -i -u -n -C -f --kill-child --mount-proc sh ${quoted(`${plan.folder}/ready.sh`)}\n`;
  const binds = `mount -n -a -T ${quoted(`${plan.folder}/fstab.enter`)}\n`;
  return dropTo === null
    ? { "enter.sh": inside, "ready.sh": readyScript(prepare, plan, binds) }
    : { "enter.sh": `set -eu\n${binds}${inside}`, "ready.sh": readyScript(prepare, plan, "") };
}

function readyScript(prepare: string, plan: ChamberPlan, binds: string): string {
  return `${head(plan.folder)}
M="$S/m"
${binds}mount -n -t tmpfs -o size=${plan.scratchBytes},nr_inodes=${SCRATCH_FILES},mode=755,nosuid,nodev tmpfs t
mkdir -p t/tmp t/tmp2 t/cargo t/upper t/work t/tree t/target/debug/deps t/programs
mount -n -t tmpfs -o size=${plan.scratchBytes},nr_inodes=${SCRATCH_FILES},mode=755,nosuid,nodev,noexec tmpfs t/tmp2
mkdir ${Array.from({ length: READY_TESTS }, (_, index) => `t/tmp2/${index}`).join(" ")}
${LAYERS[plan.layer]}
[ -d m/target ] || mkdir m/target
# Tests may talk to themselves: a new network namespace has a loopback device that is down.
./wall lo
${prepare}
read -r go
. ./job.sh
say done
`;
}

/** What a chamber does once it has its job. */
export function walledJob(wall: StageWalls, job: ScriptJob): string {
  const steps = jobSteps(job);
  const count = steps.flatMap(({ tests }) => tests).length;
  const more = Array.from({ length: Math.max(0, count - READY_TESTS) }, (_, index) => `t/tmp2/${READY_TESTS + index}`);
  return `${more.length > 0 ? `mkdir ${more.join(" ")}${job.dropTo === null ? "" : `; chown ${job.dropTo} ${more.join(" ")}`}` : ""}
${changesPart(job)}
${steps.reduceRight((rest, step) => stepPart(wall, job, step, rest), "")}
`;
}

/** A step, and what comes after it where its tests have passed. */
function stepPart(wall: StageWalls, job: ScriptJob, step: PlacedStep, rest: string): string {
  return `${buildPart(step, job, (inside) => buildStage(wall, job, step, inside))}
${step.tests.length > 0 ? testPart(wall, job, step) : ""}
${rest === "" ? "" : ifAllPassed(step, rest)}`;
}

/** Resource limits of each process of a stage. */
function limitsOf(stage: StageName, wall: StageWalls, { limits, dropTo }: ScriptJob): StageWall["limits"] {
  const [seconds, sizes] = stage === "build" ? [limits.buildS, { fsize: GiB, as: 8 * GiB }] : [limits.testS, { fsize: GiB / 16, as: 4 * GiB }];
  // Counted are all processes of a user: without a namespace or a user of its own, those of whoever runs the harness as well.
  const isAlone = wall.rules === null || dropTo !== null;
  return { ...(isAlone ? { nproc: stage === "build" ? 512 : 256 } : {}), ...sizes, nofile: 1024, core: 0, cpu: seconds * 4 };
}

/**
 * Test binaries lie where no stage sees them, and come in by descriptor; the crate's own programs, where a test starts them, lie
 * on the one path from which anything can be executed. Sources that hold tests are taken away before anything runs.
 */
function testPart(wall: StageWalls, job: ScriptJob, step: PlacedStep): string {
  // One binary may be run several times.
  const run = [...new Set(step.tests.filter(({ cwd }) => cwd !== null).map(({ exe }) => exe))];
  const programs = step.tests.filter(({ cwd }) => cwd === null).map(({ exe }) => exe);
  return `if [ "$built" = 0 ]; then
${job.has.hide ? '(cd m && xargs -0 rm -f -- <"$S/hide.list") &' : ""}
{
${[...byFolder(run)].map(([folder, binaries]) => takeBinaries(wall, "t/target", folder, binaries)).join("\n")}
${[...byFolder(programs)].map(([folder, binaries]) => takeBinaries(wall, "t/programs", folder, binaries)).join("\n")}
# Where the build has filled the scratch folder, binaries are missing, which is the patch's doing: this shell goes on.
} || :
wait
${wall.beforeTests(step)}
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
function takeBinaries({ binaryMode }: StageWalls, root: string, folder: string, binaries: readonly string[]): string {
  const to = quoted(`${root}/${folder}`);
  return `[ -d ${to} ] || mkdir -p ${to}
set --
for exe in ${words(binaries)}; do ${takeIfPlain("t/upper/target")}; ${takeIfPlain("t/tree/target")}; done
if [ $# -gt 0 ]; then ln "$@" ${to}/; fi
set --
for exe in ${words(binaries)}; do if [ ! -e "${root}/$exe" ]; then ${takeIfPlain("m/target")}; fi; done
if [ $# -gt 0 ]; then cp "$@" ${to}/ || :; fi
for exe in ${to}/*; do if [ -f "$exe" ]; then chmod ${binaryMode} ${to}/*; break; fi; done`;
}

/** The build through the launcher: a compiler may start programs, and has no network. */
function buildStage(wall: StageWalls, job: ScriptJob, { name }: PlacedStep, inside: StageCommand): string {
  const limits = limitsOf("build", wall, job);
  const own = { net: wall.network.build, landlock: wall.rules?.build ?? null };
  const stage = { wall: "build", ...own, folder: inside.folder, mark: 7, limits, open: null } as const;
  const argv = `${words(stageWords(wall.launcher, stage, []))} ${inside.argv}`;
  return wall.stage(job, "build", { ...inside, argv, files: `7>out/${name}.wall` });
}

/** A test by its open file: its program lies on no path of the stage. */
const testCommand =
  (wall: StageWalls, job: ScriptJob) =>
  ({ exe, cwd, spawns, env: own, args }: RunTest, index: number): string => {
    const folder = `${job.root}/${cwd}`;
    const env = { ...job.testEnv, ...own, CARGO_MANIFEST_DIR: folder, TMPDIR: wall.scratch(index) };
    const open = { fd: 9, name: `${job.root}/target/${exe}` };
    const stage = {
      wall: spawns ? "spawn" : "test",
      net: wall.network.test,
      landlock: wall.rules?.test ?? null,
      folder,
      mark: 7,
      limits: limitsOf("test", wall, job),
      open,
    } as const;
    const argv = words(stageWords(wall.launcher, stage, [...job.testArgs, ...args]));
    return wall.stage(job, "test", { folder, env, argv, files: `9<${quoted(`t/target/${exe}`)} 7>out/${index}.wall` });
  };
