// Makes a home in a cargo repository: files that are not there yet, a pipeline, proposals of suites and of local servers.
import { basename, join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { HOME_NAME } from "../../core/suite/build-output.ts";
import type { Clock } from "../../ports/clock.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import { DEFAULT_SUITE } from "../run/session.ts";
import { suiteSlug } from "../suite/making.ts";
import { type HomeFile, homeFiles } from "./home-files.ts";
import type { PipelineName } from "./pipelines/names.ts";
import { PIPELINES } from "./pipelines/pipelines.ts";
import { mutantsFor, type RepositoryFacts, type SuiteProposal, suiteProposals } from "./survey.ts";

/** A server that answered on this machine, and what it serves. */
export interface FoundServer {
  readonly endpoint: string;
  readonly models: readonly string[];
}

export interface InitPorts {
  readonly clock: Pick<Clock, "wall">;
  readonly version: string;
  readonly texts: Pick<TextFiles, "read" | "write" | "exists" | "shown">;
  /** The files of the package's policy folder, by their paths in it. */
  defaults(): Promise<readonly HomeFile[]>;
  survey(repository: string): Promise<RepositoryFacts>;
  /** Where the repository's version control begins, and the folder's path below that. */
  top(repository: string): { readonly root: string; readonly below: string };
  /** The servers on this machine that say what they serve. */
  servers(): Promise<readonly FoundServer[]>;
}

export interface InitRequest {
  /** The folder of a cargo workspace or package. */
  readonly repository: string;
  /** As the user named it. */
  readonly named: string;
  readonly ci: PipelineName | null;
}

export interface InitialisedHome {
  readonly home: string;
  readonly written: readonly string[];
  /** Files that were there: never written over. */
  readonly kept: readonly string[];
  readonly facts: RepositoryFacts;
  readonly proposals: readonly SuiteProposal[];
  /** For the suite that `--suite` makes; null: no test could judge one. */
  readonly mutants: number | null;
  /** The suite to run: the one that is proposed, or the one that comes with the package. */
  readonly suite: string;
  /** That suite lies in the home already: `--suite` leaves it as it is. */
  readonly suiteIsThere: boolean;
  readonly servers: readonly FoundServer[];
}

/** Throws `usage` where there is no Cargo.toml, and where a crate of the user's lies in the home's place. */
export async function initHome(ports: InitPorts, { repository, named, ci }: InitRequest): Promise<InitialisedHome> {
  const { texts } = ports;
  const home = join(repository, HOME_NAME);
  await refuseUnusable(texts, repository, home);
  const facts = await ports.survey(repository);
  const defaults = homeFiles(await ports.defaults(), { version: ports.version, day: ports.clock.wall().slice(0, 10) });
  const files = [...defaults.map(([path, text]): HomeFile => [join(home, path), text]), ...pipelineFiles(ports, { repository, named, ci }, facts)];
  const written: string[] = [];
  const kept: string[] = [];
  for (const [path, text] of files) {
    const isThere = await texts.exists(path);
    if (!isThere) await texts.write(path, text);
    (isThere ? kept : written).push(path);
  }
  const proposals = suiteProposals(facts, named);
  const suite = suiteToRun(facts, repository);
  const suiteIsThere = await texts.exists(join(home, "suites", suite, "suite.toml"));
  return { home, written, kept, facts, proposals, mutants: mutantsFor(facts), suite, suiteIsThere, servers: await ports.servers() };
}

async function refuseUnusable(texts: InitPorts["texts"], repository: string, home: string): Promise<void> {
  if (!(await texts.exists(join(repository, "Cargo.toml"))))
    throw new BakeoffError("usage", `${repository} has no Cargo.toml`, "call it in the folder of a cargo workspace or package, or name that folder");
  if (await texts.exists(join(home, "Cargo.toml")))
    throw new BakeoffError("usage", `${home} is a crate of yours, and a home would be called the same`, "make the home in a folder above, or beside it");
}

/** A pull request runs the repository's own suite once there is one; until then the one that comes with the package. */
function pipelineFiles({ top }: InitPorts, { repository, ci }: InitRequest, facts: RepositoryFacts): readonly HomeFile[] {
  if (ci === null) return [];
  const { root, below } = top(repository);
  return PIPELINES[ci]({ folder: below, suite: suiteToRun(facts, repository) }).map(([path, text]): HomeFile => [join(root, path), text]);
}

/** As `suite mutate` names it. */
function suiteToRun(facts: RepositoryFacts, repository: string): string {
  const [only, ...others] = facts.crates;
  if (mutantsFor(facts) === null) return DEFAULT_SUITE;
  return suiteSlug(`${only === undefined || others.length > 0 ? basename(repository) : only}-mutants`);
}
