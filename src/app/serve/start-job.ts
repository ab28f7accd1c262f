// A candidate's start line as a job that can be started here: its program found, its variables set, no other provider's keys in sight.
import { BakeoffError } from "../../core/base/errors.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { pythonModule, startCommand } from "../../core/policy/candidate/start-line.ts";
import type { Environment, ServerJob } from "../../ports/servers.ts";
import type { PolicyCandidate } from "../../ports/serving.ts";

export interface StartPorts {
  /** The path of a program: looked for in the search path or, where its name has a slash, from the folder. */
  readonly findProgram: (name: string, from: { readonly searchPath: string | undefined; readonly folder: string | null }) => Promise<string | null>;
  readonly hasPythonModule: (python: string, module: string, job: Pick<ServerJob, "env" | "folder">) => Promise<boolean>;
}

type CheckedJob = Omit<ServerJob, "onLine">;

/** What to start, checked for what is missing here. */
export async function jobOf(
  { findProgram, hasPythonModule }: StartPorts,
  candidate: PolicyCandidate,
  { checkpoint, env: inherited }: { readonly checkpoint: string | null; readonly env: Environment },
): Promise<CheckedJob> {
  const { name, start } = candidate;
  if (start === undefined)
    throw new BakeoffError("usage", `${name} has no start line`, "write start into its entry in candidates.toml, or start its server where it runs");
  const line = startCommand(start, checkpoint);
  if (!line.ok) throw new BakeoffError("usage", `the start line of ${name} can't be run as it is: ${line.detail}`, LINE_HINTS[line.why]);
  const env = { ...inherited, ...candidate.start_env, ...line.env };
  const folder = candidate.start_dir === undefined ? null : atHome(candidate.start_dir, env);
  const [program, ...rest] = line.words;
  const install = `install it where the GPU is, or start it there yourself: ${start}`;
  const path = await findProgram(atHome(program, env), { searchPath: env["PATH"], folder });
  if (path === null) throw new BakeoffError("environment", `${program} is not there`, install);
  const module = pythonModule(line.words)?.split(".")[0];
  if (module !== undefined && !(await hasPythonModule(path, module, { env, folder })))
    throw new BakeoffError("environment", `${program} has no ${module}`, `${program} -m pip install ${module}; or ${install}`);
  return { command: [path, ...rest], env, folder };
}

/** Why a candidate's server can't be started here; null: it can. */
export async function startObstacle(
  ports: StartPorts & { readonly environment: Environment },
  snapshot: PolicySnapshot,
  candidate: PolicyCandidate,
): Promise<BakeoffError | null> {
  try {
    await jobOf(ports, candidate, { checkpoint: null, env: environmentFor(snapshot, candidate, ports.environment) });
    return null;
  } catch (error) {
    if (error instanceof BakeoffError) return error;
    throw error;
  }
}

const LINE_HINTS = {
  placeholder: "name it with --checkpoint, or write it into candidates.toml",
  quote: "close or leave out the quote in candidates.toml",
  empty: "write a program into candidates.toml",
} as const;

/** No shell reads the line: `~` is the one thing that people expect of it all the same. */
const atHome = (path: string, env: Environment): string => (path.startsWith("~/") ? `${env["HOME"] ?? "~"}${path.slice(1)}` : path);

/** This process's environment without the keys of other providers: a local server needs none of them. */
export function environmentFor({ policy }: PolicySnapshot, candidate: PolicyCandidate, environment: Environment): Environment {
  const strangers = Object.entries(policy.providers).flatMap(([name, { key_env: key }]) => (key === undefined || name === candidate.provider ? [] : [key]));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !strangers.includes(name)));
}

/** Takes the values of the policy's keys out of a line. */
export function hiderOf({ policy }: PolicySnapshot, environment: Environment): (line: string) => string {
  const values = Object.values(policy.providers).flatMap(({ key_env: key }) => (key === undefined ? [] : [environment[key]?.trim() ?? ""]));
  return (line) => values.filter((value) => value !== "").reduce((text, value) => text.replaceAll(value, "[key]"), line);
}
