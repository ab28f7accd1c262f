// The shell scripts of one job: lay the workspace, build, then run each test binary, each part behind its own wall.
import type { SandboxTier } from "../../ports/workbench.ts";

/** `overlay`: a throw-away layer over the prepared base. `copy`: the same by copying. `direct`: the base itself. */
export type Layer = "overlay" | "copy" | "direct";

export interface Limits {
  readonly buildS: number;
  readonly testS: number;
  /** Bytes kept of each output. */
  readonly outputBytes: number;
  /** Bytes of the scratch tmpfs. */
  readonly scratchBytes: number;
}

export interface ScriptJob {
  readonly tier: SandboxTier;
  readonly limits: Limits;
  /** The build's command and environment, as the stage sees them; null: nothing is built. */
  readonly build: { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> } | null;
  /** Test binaries below `target`, each with its working folder; `cwd` null: only made available. */
  readonly tests: readonly { readonly exe: string; readonly cwd: string | null }[];
  readonly testEnv: Readonly<Record<string, string>>;
  readonly testArgs: readonly string[];
  /** Test binaries that run at the same time: as many cores as this job may use. */
  readonly parallelTests: number;
  /** Absolute path of unshare(1) or bwrap(1): the stage's environment says nothing of the host's PATH. */
  readonly wall: string;
  /** Does the job's folder hold files to write, to remove and to hide? */
  readonly has: { readonly changes: boolean; readonly remove: boolean; readonly hide: boolean };
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const words = (parts: readonly string[]): string => parts.map(quoted).join(" ");
const assignments = (env: Readonly<Record<string, string>>): string => words(Object.entries(env).map(([name, value]) => `${name}=${value}`));

/** Privileges that the code behind the wall starts with: none, and no way to any. */
const DROP =
  "--bounding-set=-all --inh-caps=-all --ambient-caps=-all --no-new-privs --securebits=+noroot,+noroot_locked,+no_setuid_fixup,+no_setuid_fixup_locked";
const GiB = 1024 ** 3;
/** Files that the scratch tmpfs may hold: each costs the kernel memory that its size does not count. */
const SCRATCH_FILES = 200_000;

/** What a chamber is made of before anybody knows which job it will have. */
export interface ChamberPlan {
  readonly tier: SandboxTier;
  readonly folder: string;
  readonly layer: Layer;
  readonly scratchBytes: number;
}

/**
 * The scripts that make a chamber: `enter.sh` starts it, `ready.sh` lays it and waits for a word on its standard input,
 * then runs the job. A root harness lays `fstab.enter` as root and then drops to `dropTo`.
 */
export function chamberScripts(plan: ChamberPlan, dropTo: number | null): Readonly<Record<string, string>> {
  if (plan.tier === "none") return { "enter.sh": `${head(plan.folder)}\nread -r go\n. ./job.sh\nsay done\n` };
  // bubblewrap looks its child up in /proc by the number it has in here.
  const ownProc = plan.tier === "bubblewrap" ? "--mount-proc " : "";
  const inside = `exec ${dropTo === null ? "" : `setpriv --reuid ${dropTo} --regid ${dropTo} --clear-groups `}unshare -U -r -m -p -i -u -n -C -f --kill-child ${ownProc}sh ${quoted(`${plan.folder}/ready.sh`)}\n`;
  const binds = `mount -n -a -T ${quoted(`${plan.folder}/fstab.enter`)}\n`;
  return dropTo === null
    ? { "enter.sh": inside, "ready.sh": readyScript(plan, binds) }
    : { "enter.sh": `set -eu\n${binds}${inside}`, "ready.sh": readyScript(plan, "") };
}

/** Folders for the scratch files of so many test binaries are made beforehand. */
const READY_TESTS = 32;

/** Tests may talk to themselves, as behind bubblewrap: a new network namespace has a loopback device that is down. */
const LOOPBACK = "ip link set lo up 2>/dev/null || :";

function readyScript(plan: ChamberPlan, binds: string): string {
  const utilLinux = plan.tier === "util-linux";
  return `${head(plan.folder)}
M="$S/m"
${binds}mount -n -t tmpfs -o size=${plan.scratchBytes},nr_inodes=${SCRATCH_FILES},mode=755,nosuid,nodev tmpfs t
mkdir -p t/tmp t/tmp2 t/cargo t/upper t/work t/tree t/target/debug/deps ${Array.from({ length: READY_TESTS }, (_, index) => `t/tmp2/${index}`).join(" ")}
${LAYERS[plan.layer]}
[ -d m/target ] || mkdir m/target
${utilLinux ? `${LOOPBACK}\necho 0 >/proc/sys/user/max_user_namespaces\nmount -n -a -T fstab.build\nmount -n -a -T fstab.test` : ""}
read -r go
. ./job.sh
say done
`;
}

/** What a chamber does once it has its job. */
export function jobScript(job: ScriptJob): string {
  if (job.tier === "none") return plainScript(job);
  const more = job.tests.flatMap((_, index) => (index < READY_TESTS ? [] : [`t/tmp2/${index}`]));
  return `${more.length > 0 ? `mkdir ${more.join(" ")}` : ""}
${changesPart(job)}
${job.build ? `${limit("build", job.limits.buildS)}\n${buildPart(job)}` : ""}
${job.tests.length > 0 ? testPart(job) : ""}
`;
}

const LAYERS: Readonly<Record<Layer, string>> = {
  overlay: 'mount -n -t overlay overlay -o "lowerdir=base,upperdir=t/upper,workdir=t/work,userxattr" m',
  copy: "cp -a base/. t/tree/\nmount -n --bind t/tree m",
  direct: "mount -n --bind base m",
};

/** Without a sandbox the tree is copied to where it was prepared, one job at a time; what a base's own build made is copied back. */
function plainScript(job: ScriptJob): string {
  return `M=$(cat tree.path); export M
mkdir -p "\${M%/*}"
exec 9>"$M.lock"; flock 9
rm -rf "$M"; mkdir "$M"; cp -a base/. "$M/"
if [ -L vendor ]; then ln -sfn "$(readlink vendor)" "\${M%/*}/vendor"; fi
${changesPart(job)}
${job.build ? buildPart(job) : ""}
${job.tests.length > 0 ? `if [ "\${built:-0}" = 0 ]; then\nsay test\n${runTests(job)}\nsay tested\nfi` : ""}
if [ -f keep ]; then cp -a "$M/." base/; fi
`;
}

const head = (folder: string): string => `set -eu
S=${quoted(folder)}; export S
cd "$S"
say() { printf '%s\\n' "$1"; }
now() { read -r up rest </proc/uptime; }`;

const changesPart = ({ has }: ScriptJob): string =>
  [has.remove ? '(cd "$M" && xargs -0 rm -rf -- <"$S/remove.list")' : "", has.changes ? 'cp -R --remove-destination changes/. "$M/"' : ""].join("\n");

/** Resource limits from here on, for this shell and all that it starts. */
function limit(part: "build" | "test", seconds: number): string {
  const memory = part === "build" ? 8 * GiB : 4 * GiB;
  const file = part === "build" ? GiB : GiB / 16;
  return `prlimit --pid $$ --nproc=${part === "build" ? 512 : 256} --nofile=1024 --core=0 --fsize=${file} --as=${memory} --cpu=${seconds * 4}`;
}

/** Runs a command with its output kept up to a cap, and its exit code with the times (seconds since boot) of its start and end. */
const captured = (name: string, command: string, outputBytes: number): string => `{
  { now; from=$up; rc=0; ${command} 2>&3 </dev/null || rc=$?; now; echo "$rc $from $up" >out/${name}.rc; } | head -c ${outputBytes} >out/${name}.out
} 3>&1 | { head -c 65536 >out/${name}.err; cat >/dev/null; }`;

function buildPart(job: ScriptJob): string {
  const command = `timeout -s KILL ${job.limits.buildS} ${stage(job, "build", { folder: "/", env: job.build?.env ?? {}, argv: words(job.build?.argv ?? []) })}`;
  return `say build
${captured("build", command, job.limits.outputBytes)}
say built
read -r built rest <out/build.rc`;
}

/**
 * Test binaries become execute-only on a read-only mount, so that a test can't read the names of the others out of
 * them; sources that hold tests are taken away before anything runs.
 */
function testPart(job: ScriptJob): string {
  const folders = [...new Set(job.tests.map(({ exe }) => exe.slice(0, exe.lastIndexOf("/"))))];
  return `if [ "\${built:-0}" = 0 ]; then
${job.has.hide ? '(cd m && xargs -0 rm -f -- <"$S/hide.list") &' : ""}
${folders
  .map((folder) =>
    takeBinaries(
      folder,
      job.tests.map(({ exe }) => exe).filter((exe) => exe.slice(0, exe.lastIndexOf("/")) === folder),
    ),
  )
  .join("\n")}
wait
${limit("test", job.limits.testS)}
say test
${runTests(job)}
say tested
fi`;
}

const takeIfPlain = (from: string): string => `if [ -f ${from}/"$exe" ] && [ ! -L ${from}/"$exe" ]; then set -- "$@" "${from}/$exe"; fi`;

/** What was built now lies in the upper layer and is linked; what was not comes from the base and is copied. Links are never followed. */
function takeBinaries(folder: string, binaries: readonly string[]): string {
  const to = quoted(`t/target/${folder}`);
  return `[ -d ${to} ] || mkdir -p ${to}
set --
for exe in ${words(binaries)}; do ${takeIfPlain("t/upper/target")}; ${takeIfPlain("t/tree/target")}; done
if [ $# -gt 0 ]; then ln "$@" ${to}/; fi
set --
for exe in ${words(binaries)}; do if [ ! -e "t/target/$exe" ]; then ${takeIfPlain("m/target")}; fi; done
if [ $# -gt 0 ]; then cp "$@" ${to}/ || :; fi
for exe in ${to}/*; do if [ -f "$exe" ]; then chmod 0111 ${to}/*; break; fi; done`;
}

function runTests(job: ScriptJob): string {
  const place = job.tier === "none" ? '"$M/target"' : "t/target";
  const lines = job.tests.flatMap(({ exe, cwd }, index) => {
    if (cwd === null) return [];
    const command = `timeout -s KILL ${job.limits.testS} ${testCommand(job, { exe, cwd }, index)}`;
    return [`if [ -f ${place}/${quoted(exe)} ]; then\n${captured(String(index), command, job.limits.outputBytes)}\nfi &`];
  });
  return lines.map((line, index) => ((index + 1) % job.parallelTests === 0 ? `${line}\nwait` : line)).join("\n") + "\nwait";
}

function testCommand(job: ScriptJob, { exe, cwd }: { exe: string; cwd: string }, index: number): string {
  if (job.tier === "none") {
    const folder = `"$M/"${quoted(cwd)}`;
    return `env -i -C ${folder} ${assignments(job.testEnv)} CARGO_MANIFEST_DIR=${folder} "$M/target/"${quoted(exe)} ${words(job.testArgs)}`;
  }
  const folder = `/w/${cwd}`;
  const env = { ...job.testEnv, CARGO_MANIFEST_DIR: folder, TMPDIR: `/tmp/${index}` };
  return stage(job, "test", { folder, env, argv: words([`/w/target/${exe}`, ...job.testArgs]) });
}

/** A command behind its wall. The environment is emptied outside it: nothing of the harness's own can be found inside. */
function stage(job: ScriptJob, name: "build" | "test", inside: { folder: string; env: Readonly<Record<string, string>>; argv: string }): string {
  const env = `env -i ${assignments(inside.env)}`;
  const folder = quoted(inside.folder);
  if (job.tier === "none") return `${env} ${inside.argv}`;
  if (job.tier === "bubblewrap") return `${env} ${quoted(job.wall)} --args 8 --chdir ${folder} -- ${inside.argv} 8<bwrap.${name}`;
  const namespaces = name === "build" ? `-m -p -f --mount-proc=/proc --root="$S/r1"` : `-p -f --root="$S/r2"`;
  return `${env} ${quoted(job.wall)} ${namespaces} --kill-child --wd=${folder} /run/setpriv ${DROP} ${inside.argv}`;
}
