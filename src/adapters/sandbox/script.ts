// Parts that the shell scripts of every sandbox tier are put together from.

/** `overlay`: a throw-away layer over the prepared base. `copy`: the same by copying. `direct`: the base itself. */
export type Layer = "overlay" | "copy" | "direct";

export interface Limits {
  readonly buildS: number;
  readonly testS: number;
  /** Bytes kept of each output; of what comes after, only the events of a test harness. */
  readonly outputBytes: number;
  /** Bytes of the scratch tmpfs. */
  readonly scratchBytes: number;
}

/** What is kept of an output, while bases are proved and while patches are judged. */
export const OUTPUT_BYTES = 64_000_000;

/** A test binary below `target`. */
export interface JobTest {
  readonly exe: string;
  /** Its working folder below the workspace; null: a program of the crate's own, which is only made available. */
  readonly cwd: string | null;
  /** Does it start the crate's own programs? Then processes are allowed it, and nothing else is executable. */
  readonly spawns: boolean;
  /** Beside what every test has: what cargo tells a test of its package. */
  readonly env: Readonly<Record<string, string>>;
  /** Further arguments, behind those of every test. */
  readonly args: readonly string[];
  /** A file that it writes into its temporary folder, and that is brought back; null: none. */
  readonly record: string | null;
  /** Runs of a step begin by their turns: one of a later turn when all of the turn before have ended. */
  readonly turn: number;
}

/** One that is run. */
export type RunTest = JobTest & { readonly cwd: string };

/** A build and the tests that it leads to. */
export interface JobStep {
  /** The build's command and environment, as the stage sees them; null: nothing is built. */
  readonly build: { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> } | null;
  /** Test binaries below `target`, each with its working folder; `cwd` null: only made available. */
  readonly tests: readonly JobTest[];
}

export interface ScriptJob extends JobStep {
  readonly limits: Limits;
  /** Taken if every test of the first one ended with exit code 0; null: there is none. */
  readonly next: JobStep | null;
  readonly testEnv: Readonly<Record<string, string>>;
  readonly testArgs: readonly string[];
  /** The workspace's path as a stage sees it. */
  readonly root: string;
  /** The user that stages run as where no namespace makes one; null: the one who runs the chamber. */
  readonly dropTo: number | null;
  /** Test binaries that run at the same time: as many cores as this job may use. */
  readonly parallelTests: number;
  /** Absolute path of unshare(1) or bwrap(1): the stage's environment says nothing of the host's PATH. */
  readonly wall: string;
  /** Does the job's folder hold files to write, to remove and to hide? */
  readonly has: { readonly changes: boolean; readonly remove: boolean; readonly hide: boolean };
}

/** A command as its stage sees it: `argv` is shell words. */
export interface StageCommand {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly argv: string;
  /** Redirections of the whole command: shell text; empty for none. */
  readonly files: string;
}

export type StageName = "build" | "test";

export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
export const words = (parts: readonly string[]): string => parts.map(quoted).join(" ");
export const assignments = (env: Readonly<Record<string, string>>): string => words(Object.entries(env).map(([name, value]) => `${name}=${value}`));

/** How the script of a chamber begins. */
export const head = (folder: string): string => `set -eu
S=${quoted(folder)}; export S
cd "$S"
say() { printf '%s\\n' "$1"; }`;

/** Removes and writes what the job says, below `$M`. */
export const changesPart = ({ has }: ScriptJob): string =>
  [has.remove ? '(cd "$M" && xargs -0 rm -rf -- <"$S/remove.list")' : "", has.changes ? 'cp -R --remove-destination changes/. "$M/"' : ""].join("\n");

const GiB = 1024 ** 3;

/** Bytes that all processes of a stage may hold together. */
const STAGE_MEMORY: Readonly<Record<StageName, number>> = { build: 8 * GiB, test: 4 * GiB };

/**
 * Runs a command (variables and words) with its output kept up to a cap, its exit code and its times in files of that name; kills all that
 * came of it once it has ended, its time is up, or the whole of it holds too much. Where nobody could tell how it ended, it was killed.
 */
function captured(name: string, stage: StageName, { limits, dropTo }: ScriptJob, command: string): string {
  const seconds = stage === "build" ? limits.buildS : limits.testS;
  const uid = dropTo === null ? "" : `--uid ${dropTo} `;
  const flags = `--out out/${name} --bytes ${limits.outputBytes} --seconds ${seconds} --memory ${STAGE_MEMORY[stage]} ${uid}`;
  return `./wall capture ${flags}-- ${command} </dev/null || echo "137 0 0" >out/${name}.rc`;
}

/** A step of a job, where it stands in it: outputs, and the folders of tests, go by number. */
export interface PlacedStep extends JobStep {
  /** Of the build's outputs and marks. */
  readonly name: "build" | "rebuild";
  /** Number of its first test. */
  readonly first: number;
}

export function jobSteps(job: ScriptJob): readonly PlacedStep[] {
  const { build, tests, next } = job;
  return [{ build, tests, name: "build", first: 0 }, ...(next === null ? [] : [{ ...next, name: "rebuild" as const, first: tests.length }])];
}

/** Runs a step's build as `command` words it; leaves its exit code in `$built`. */
export function buildPart({ build, name }: PlacedStep, job: ScriptJob, command: (inside: StageCommand) => string): string {
  if (build === null) return "built=0";
  return `say ${name}
${captured(name, "build", job, command({ folder: "/", env: build.env, argv: words(build.argv), files: "" }))}
say ${name}-end
read -r built rest <out/${name}.rc`;
}

/** What follows only where every test of a step ended with exit code 0. */
export function ifAllPassed({ tests, first }: PlacedStep, script: string): string {
  const codes = tests.flatMap(({ cwd }, index) => (cwd === null ? [] : [`out/${first + index}.rc`]));
  return `for rc in ${words(codes)}; do if [ -f "$rc" ]; then read -r code rest <"$rc"; else code=1; fi; [ "$code" = 0 ] || built=1; done
if [ "$built" = 0 ]; then
${script}
fi`;
}

/** Where test binaries lie, and the command that runs one in its working folder. */
export interface TestPlace {
  readonly target: string;
  readonly command: (test: RunTest, index: number) => string;
  /** The temporary folder of a test: shell text. */
  readonly scratch: (index: number) => string;
}

/** Observations of one test binary that are read at the most. */
const RECORD_BYTES = 32_000_000;

/** Plain files only: a link could lead anywhere that this shell can read. */
function recordPart({ record }: JobTest, scratch: string, index: number): string {
  if (record === null) return "";
  const file = `${scratch}/${quoted(record)}`;
  return `if [ ! -L ${scratch} ] && [ -f ${file} ] && [ ! -L ${file} ]; then head -c ${RECORD_BYTES} ${file} >out/${index}.rec; fi\n`;
}

export function runTests(step: PlacedStep, job: ScriptJob, place: TestPlace): string {
  const runs = step.tests.flatMap((test, offset) => {
    const { cwd, turn } = test;
    const index = step.first + offset;
    if (cwd === null) return [];
    const command = captured(String(index), "test", job, place.command({ ...test, cwd }, index));
    return [{ turn, line: `if [ -f ${place.target}/${quoted(test.exe)} ]; then\n${command}\n${recordPart(test, place.scratch(index), index)}fi &` }];
  });
  const turns = [...new Set(runs.map(({ turn }) => turn))].toSorted((a, b) => a - b);
  return turns
    .map((turn) =>
      inParallel(
        runs.flatMap((run) => (run.turn === turn ? [run.line] : [])),
        job,
      ),
    )
    .join("\n");
}

/** Where stages run as a user of their own, all of that user's processes are killed when one ends: two at a time would kill each other. */
function inParallel(lines: readonly string[], { parallelTests, dropTo }: ScriptJob): string {
  const most = dropTo === null ? parallelTests : 1;
  return `${lines.map((line, index) => ((index + 1) % most === 0 ? `${line}\nwait` : line)).join("\n")}\nwait`;
}
