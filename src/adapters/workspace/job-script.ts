// The shell scripts of one job: lay the workspace, build, then run each test binary, each part behind its own wall.
import type { SandboxTier } from "../../run/ports.ts";

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
  /** The job's folder. Without a sandbox, `tree` is where the workspace lies. */
  readonly folder: string;
  readonly layer: Layer;
  readonly limits: Limits;
  /** The build's command and environment, as the stage sees them; null: nothing is built. */
  readonly build: { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> } | null;
  readonly testEnv: Readonly<Record<string, string>>;
  readonly testArgs: readonly string[];
  /** Absolute path of unshare(1) or bwrap(1): the stage's environment says nothing of the host's PATH. */
  readonly wall: string;
  /** Bind mounts that a root harness makes before it drops its user: [from, to]. */
  readonly binds: readonly (readonly [string, string])[];
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const words = (parts: readonly string[]): string => parts.map(quoted).join(" ");
const assignments = (env: Readonly<Record<string, string>>): string =>
  Object.entries(env).map(([name, value]) => quoted(`${name}=${value}`)).join(" ");

/** Privileges that the code behind the wall starts with: none, and no way to any. */
const DROP =
  "--bounding-set=-all --inh-caps=-all --ambient-caps=-all --no-new-privs --securebits=+noroot,+noroot_locked,+no_setuid_fixup,+no_setuid_fixup_locked";
const GiB = 1024 ** 3;

/** Resource limits of a stage, as prlimit(1) takes them. */
function limits(stage: "build" | "test", seconds: number): string {
  const memory = stage === "build" ? 8 * GiB : 4 * GiB;
  const file = stage === "build" ? GiB : GiB / 16;
  const processes = stage === "build" ? 512 : 256;
  return `prlimit --nproc=${processes} --nofile=1024 --core=0 --fsize=${file} --as=${memory} --cpu=${seconds * 4}`;
}

/** The command that puts a stage behind its wall. `$1` is a test's working folder, `$2` its binary. */
function stageScript(job: ScriptJob, stage: "build" | "test"): string {
  const parts = stage === "build" ? buildStage(job) : testStage(job);
  if (job.tier === "none") return plainStage(job, stage, parts.env);
  const start = `exec ${limits(stage, parts.seconds)} ${parts.env} ${quoted(job.wall)}`;
  if (job.tier === "bubblewrap") return `${start} --args 8 --chdir ${parts.folder} -- ${parts.command} 8<bwrap.${stage}\n`;
  return `${start} ${parts.namespaces} --kill-child --root="$S/${parts.root}" --wd=${parts.folder} /run/setpriv ${DROP} ${parts.command}\n`;
}

const buildStage = (job: ScriptJob) => ({
  env: `env -i ${assignments(job.build?.env ?? {})}`, seconds: job.limits.buildS, folder: "/", root: "r1",
  command: words(job.build?.argv ?? []), namespaces: "-m -p -i -u -n -C -f --mount-proc=/proc",
});

const testStage = (job: ScriptJob) => ({
  env: `env -i ${assignments(job.testEnv)}${job.tier === "none" ? "" : ' "CARGO_MANIFEST_DIR=/w/$1"'}`, seconds: job.limits.testS, folder: '"/w/$1"', root: "r2",
  command: `"/w/target/$2" ${words(job.testArgs)}`, namespaces: "-p -i -u -n -C -f",
});

function plainStage(job: ScriptJob, stage: "build" | "test", env: string): string {
  if (stage === "build") return `cd / && exec ${env} ${words(job.build?.argv ?? [])}\n`;
  return `cd "$M/$1" && exec ${env} "CARGO_MANIFEST_DIR=$M/$1" "$M/target/$2" ${words(job.testArgs)}\n`;
}

/** The files of a job's scripts: `enter.sh` starts it, the others are what it calls. */
export function jobScripts(job: ScriptJob, dropTo: number | null): Readonly<Record<string, string>> {
  const binds = job.binds.map(([from, to]) => `mount -n --bind ${words([from, to])}\n`).join("");
  const inside = `unshare -U -r -m -p -i -u -n -C -f --kill-child`;
  const script = { "build.sh": stageScript(job, "build"), "test.sh": stageScript(job, "test") };
  if (job.tier === "none") return { ...script, "enter.sh": body(job), "job.sh": "" };
  // A root harness makes the binds as root, since the user it drops to may not reach them, and then drops.
  const enter =
    dropTo === null
      ? `exec ${inside} sh ${quoted(`${job.folder}/job.sh`)}\n`
      : `set -eu\nmount -n --make-rprivate /\n${binds}exec setpriv --reuid ${dropTo} --regid ${dropTo} --clear-groups ${inside} sh ${quoted(`${job.folder}/job.sh`)}\n`;
  return { ...script, "enter.sh": enter, "job.sh": body({ ...job, binds: dropTo === null ? job.binds : [] }) };
}

function body(job: ScriptJob): string {
  const binds = job.binds.map(([from, to]) => `mount -n --bind ${words([from, to])}\n`).join("");
  return `set -eu
S=${quoted(job.folder)}; export S
cd "$S"
say() { printf '%s\\n' "$1"; }
TAB=$(printf '\\t')
${job.tier === "none" ? PLAIN_LAYER : isolatedLayer(job, binds)}
if [ -d changes ]; then cp -R --remove-destination changes/. "$M/"; fi
if [ -s remove.list ]; then (cd "$M" && xargs -0 rm -rf -- <"$S/remove.list"); fi
${job.build ? buildPart(job) : ""}
${TEST_PART(job)}
`;
}

const PLAIN_LAYER = `M=$(cat tree.path); export M
exec 9>"$M.lock"; flock 9
if [ -d base ]; then rm -rf "$M"; cp -a base "$M"; fi
mkdir -p t/target/debug/deps`;

function isolatedLayer(job: ScriptJob, binds: string): string {
  const layers = {
    overlay: `mkdir t/upper t/work\nmount -n -t overlay overlay -o "lowerdir=base,upperdir=t/upper,workdir=t/work,userxattr" m`,
    copy: "mkdir t/tree\ncp -a base/. t/tree/\nmount -n --bind t/tree m",
    direct: "mount -n --bind base m",
  };
  const lay = job.tier === "util-linux" ? "mount -n -a -T fstab.build" : ":";
  return `M="$S/m"
${binds}mount -n -t tmpfs -o size=${job.limits.scratchBytes},mode=755,nosuid,nodev tmpfs t
mkdir t/tmp t/tmp2 t/cargo
${layers[job.layer]}
[ -d m/target ] || mkdir m/target
${job.tier === "util-linux" ? "echo 0 >/proc/sys/user/max_user_namespaces" : ":"}
${job.build ? lay : ":"}`;
}

const captured = (name: string, run: string, outputBytes: number): string => `{
    { rc=0; ${run} 2>&3 </dev/null || rc=$?; echo "$rc" >"out/${name}.rc"; } | head -c ${outputBytes} >"out/${name}.out"
  } 3>&1 | head -c 65536 >"out/${name}.err"`;

function buildPart(job: ScriptJob): string {
  return `say build
${captured("build", `timeout -s KILL ${job.limits.buildS} sh build.sh`, job.limits.outputBytes)}
say built`;
}

/**
 * Test binaries become execute-only on a read-only mount, so that a test can't read the names of the others out of
 * them; sources that hold tests are taken away before anything runs.
 */
const TEST_PART = (job: ScriptJob): string => `if [ -s tests.list ] && { [ ! -f out/build.rc ] || [ "$(cat out/build.rc)" = 0 ]; }; then
  mkdir -p t/target/debug/deps
  while IFS="$TAB" read -r index exe cwd; do
    if [ -L "$M/target/$exe" ] || [ ! -f "$M/target/$exe" ]; then echo missing >"out/$index.rc"; continue; fi
    ${job.tier === "none" ? ":" : `if [ -f "t/upper/target/$exe" ]; then ln "t/upper/target/$exe" "t/target/$exe"; else cp "$M/target/$exe" "t/target/$exe"; fi
    chmod 0111 "t/target/$exe"`}
  done <tests.list
  ${job.tier === "none" ? ":" : `if [ -s hide.list ]; then (cd m && xargs -0 rm -f -- <"$S/hide.list"); fi`}
  ${job.tier === "util-linux" ? "mount -n -a -T fstab.test" : ":"}
  say test
  while IFS="$TAB" read -r index exe cwd <&4; do
    if [ "$cwd" = - ] || [ -f "out/$index.rc" ]; then continue; fi
    ${captured("$index", `timeout -s KILL ${job.limits.testS} sh test.sh "$cwd" "$exe"`, job.limits.outputBytes)}
  done 4<tests.list
  say tested
fi`;
