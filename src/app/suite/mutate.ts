// Makes a proven suite of mutants of a repository's own code.
import { basename, resolve } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { HANGING, IDLE, type MutantFunnel } from "../../core/mutation/funnel.ts";
import type { Operator } from "../../core/mutation/site.ts";
import { chosenOperators } from "../../core/mutation/operators/operator.ts";
import { reasonCounts } from "../../core/suite/making/drop.ts";
import { renderSuite } from "../../core/suite/making/write.ts";
import { renderSummary, type SuiteFacts } from "../../core/suite/summary.ts";
import type { Repositories, RepositoryCopy } from "../../ports/repository.ts";
import type { OpenBench } from "../../ports/workbench.ts";
import type { MutateProgress } from "../../suite-making/mutate.ts";
import { draftOf, factsOf } from "../../suite-making/mutated-draft.ts";
import { makeMutatedSuite, type MutatedSuite } from "../../suite-making/mutated-suite.ts";
import { memberNames } from "../../core/suite/making/members.ts";
import {
  type BuildRequest,
  buildLines,
  featuresOf,
  membersOf,
  preparingText,
  requireMembers,
  type SuitePlace,
  chooseSuitePlace,
  type SuitePlaceRequest,
} from "./making.ts";
import type { MakingPorts } from "./ports.ts";

export interface MutateRequest extends BuildRequest, SuitePlaceRequest {
  readonly repo: string;
  /** Tasks wanted. */
  readonly max: number;
  /** Mutants that are tried at the most. */
  readonly tries?: number;
  /** Names of operators or of their groups; not there: all. */
  readonly kinds?: readonly string[];
  readonly seed: number;
  readonly strength: boolean;
  readonly dropWeak: boolean;
  readonly allowDirty: boolean;
}

export interface MutateWatch {
  note(text: string): void;
  progress(state: MutateProgress): void;
}

export interface MutatedRepository {
  readonly place: SuitePlace;
  readonly facts: SuiteFacts;
  readonly funnel: MutantFunnel;
  /** Verifications that were run, besides the proofs. */
  readonly verifications: number;
  readonly seconds: number;
}

export async function mutateRepository(ports: MakingPorts, request: MutateRequest, watch: MutateWatch, signal: AbortSignal): Promise<MutatedRepository> {
  const operators = chosenOperators(request.kinds ?? null);
  const start = ports.clock.now();
  const repositories = await ports.repositories(signal);
  const before = await digestOf(repositories, request.repo);
  const whole = await repositories.copy(request.repo, { allowDirty: request.allowDirty, include: request.include ?? [] }, signal);
  const { copy, packages, notBuilt } = partOf(whole, request);
  const place = await chooseSuitePlace(ports, request, `${packageName(ports, request, copy)}-mutants`);
  for (const { path, reason } of copy.skipped) watch.note(`left out: ${path}: ${reason}`);
  for (const note of notBuilt) watch.note(note);
  const { made, rustc } = await make({ ports, request, watch, signal }, operators, { copy, packages });
  if (before !== null && before !== (await digestOf(repositories, request.repo)))
    watch.note("the repository was changed meanwhile: the suite is of its state at the start");
  const facts = factsOf({ name: place.name, seed: request.seed, copy, made, rustc, about: [...buildLines(request), ...notBuilt] });
  if (made.tasks.length === 0) throw nothingMade(made, facts);
  await ports.writer.write(place.folder, renderSuite({ ...draftOf(facts, copy, made), extra: new Map([["suite.md", renderSummary(facts)]]) }));
  return { place, facts, funnel: made.funnel, verifications: made.verifications, seconds: (ports.clock.now() - start) / 1000 };
}

/** Null where the repository can't be read. */
const digestOf = (repositories: Repositories, folder: string): Promise<string | null> => repositories.digest(folder).catch(() => null);

const packageName = ({ workingFolder }: MakingPorts, { repo }: MutateRequest, { workspace }: RepositoryCopy): string =>
  workspace.packages.find(({ dir }) => dir === "")?.name ?? basename(resolve(workingFolder, repo));

interface ChosenCopy {
  /** What it says of the workspace is of the chosen packages alone. */
  readonly copy: RepositoryCopy;
  readonly packages: readonly string[];
  /** What the manifest leaves out by itself, and the flag that takes it in. */
  readonly notBuilt: readonly string[];
}

function partOf(copy: RepositoryCopy, request: MutateRequest): ChosenCopy {
  const { packages: members, byDefault } = copy.workspace;
  const { chosen, packages } = requireMembers({ members, byDefault }, membersOf(request));
  const own = members.filter((member) => chosen.includes(member));
  const isManifests = packages.length > 0 && (request.package ?? request.exclude) === undefined;
  const others = memberNames(members.filter((member) => !own.includes(member)));
  return {
    copy: { ...copy, workspace: { ...copy.workspace, packages: own } },
    packages,
    notBuilt: isManifests ? [`built are the manifest's default-members, and not ${others}: --package NAME takes others`] : [],
  };
}

interface Mutating {
  readonly ports: MakingPorts;
  readonly request: MutateRequest;
  readonly watch: MutateWatch;
  readonly signal: AbortSignal;
}

async function make(
  mutating: Mutating,
  operators: readonly Operator[],
  { copy, packages: built }: Pick<ChosenCopy, "copy" | "packages">,
): Promise<{ readonly made: MutatedSuite; readonly rustc: string }> {
  const { ports, request, watch, signal } = mutating;
  watch.note(`read ${copy.tree.size} files of ${request.repo}`);
  const open = await ports.openBench(signal, (step) => watch.note(preparingText(step)));
  try {
    const packages = copy.workspace.packages.map(({ name }) => name).join(", ");
    watch.note(`mutating ${packages} with ${operators.length} operators, seed ${request.seed}, sandbox ${open.bench.tier}`);
    return { made: await makeMutatedSuite({ ...(await makeOptions(mutating, open, operators, copy)), packages: built }), rustc: open.bench.toolchain.rustc };
  } finally {
    await open.close();
  }
}

const makeOptions = async ({ ports, request, watch, signal }: Mutating, { bench }: OpenBench, operators: readonly Operator[], copy: RepositoryCopy) => ({
  copy,
  shown: request.repo,
  bench,
  shelf: ports.shelf,
  search: ports.search,
  parse: await ports.parser(),
  operators,
  seed: request.seed,
  features: featuresOf(request),
  max: request.max,
  maxTried: request.tries ?? null,
  strength: request.strength || request.dropWeak,
  dropWeak: request.dropWeak,
  signal,
  taskSlot: ports.taskSlot,
  progress: watch.progress,
  note: watch.note,
});

function nothingMade({ funnel, idle, hanging }: MutatedSuite, { dropped, skipped }: SuiteFacts): BakeoffError {
  const passedOver = [[IDLE, idle] as const, [HANGING, hanging] as const].filter(([, count]) => count > 0);
  const reasons = [...reasonCounts(dropped), ...passedOver].map(([reason, count]) => `${count}: ${reason}`);
  const why = [...reasons, ...skipped.map(({ what, reason }) => `${what}: ${reason}`)].join("; ");
  return new BakeoffError("usage", `none of ${funnel.tried + idle + hanging} mutants makes a fair task`, `${why}; write more tests, or name other --kinds`);
}
