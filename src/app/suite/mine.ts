// Makes a suite of the commits of a repository.
import { basename, resolve } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { commitFunnelLine } from "../../core/suite/making/commits/funnel.ts";
import { reasonCounts } from "../../core/suite/making/drop.ts";
import type { Suite } from "../../core/suite/suite.ts";
import type { History } from "../../ports/repository.ts";
import type { SandboxTier } from "../../core/trial/sandbox-tier.ts";
import type { MadeSuite } from "../../suite-making/made-suite.ts";
import { type MineResult, mineHistory, type MineWatcher } from "../../suite-making/mine.ts";
import { lockedTree } from "../../suite-making/locked-tree.ts";
import {
  buildLines,
  DEFAULTS,
  featuresOf,
  type JudgingRequest,
  type MakingTools,
  requireMembers,
  type SuitePlace,
  chooseSuitePlace,
  type SuitePlaceRequest,
  withTools,
  writeMade,
} from "./making.ts";
import type { MakingPorts } from "./ports.ts";

export interface MineRequest extends JudgingRequest, SuitePlaceRequest {
  readonly repo: string;
  /** Only commits after this revision. */
  readonly since?: string;
  /** Tasks wanted. */
  readonly max: number;
  /** Commits that are built at the most. */
  readonly tries?: number;
}

export interface MineWatch extends MineWatcher {
  /** What a reader of the result should know of the repository's history. */
  note(text: string): void;
  begin(tier: SandboxTier): void;
  /** What a wait is for. */
  readonly preparing: (text: string) => void;
}

export interface MinedSuite {
  readonly place: SuitePlace;
  readonly suite: Suite;
  readonly mined: MineResult;
  readonly notes: readonly string[];
  readonly seconds: number;
}

export async function mineRepository(ports: MakingPorts, request: MineRequest, watch: MineWatch, signal: AbortSignal): Promise<MinedSuite> {
  const repository = resolve(ports.workingFolder, request.repo);
  const place = await chooseSuitePlace(ports, request, `${basename(repository)}-mined`);
  const start = ports.clock.now();
  const made = await withTools(ports, request, { signal, preparing: watch.preparing, repository }, async (tools) => {
    const history = await ports.openHistory(repository, signal);
    try {
      for (const note of history.notes) watch.note(note);
      await checkMembers(tools, history);
      watch.begin(tools.judging.bench.tier);
      const mined = await minedOf(tools, history, request, watch);
      const suite = await writeMade(ports, place, madeOf(request, basename(repository), mined, aboutOf(tools, history)));
      return { mined, suite, notes: history.notes };
    } finally {
      await history.close();
    }
  });
  return { ...made, place, seconds: (ports.clock.now() - start) / 1000 };
}

/** A name that the last commit's workspace does not have was mistyped; older commits may lack it. */
async function checkMembers({ judging, locking }: MakingTools, history: History): Promise<void> {
  const { packages, exclude } = locking.members;
  if (packages.length + exclude.length === 0) return;
  const last = await history.resolve("HEAD", judging.signal);
  const read = last === null ? null : await history.tree(last, judging.signal);
  const locked = read?.ok === true ? await lockedTree({ ...judging, ...locking }, read.tree) : null;
  if (locked?.ok === true) requireMembers(locked.workspace, locking.members);
}

async function minedOf({ judging, locking, leftOut }: MakingTools, history: History, request: MineRequest, watch: MineWatch): Promise<MineResult> {
  const { max, since = null, tries: maxTried = Math.max(50, max * 10) } = request;
  const mined = await mineHistory({ ...judging, ...locking, history, since, max, maxTried, watch });
  if (mined.tasks.length === 0) throw nothingFound(mined);
  return { ...mined, leftOut: [...mined.leftOut, ...leftOut] };
}

const aboutOf = ({ judging }: MakingTools, { notes }: History): string[] => [`toolchain: ${judging.bench.toolchain.rustc}`, ...notes];

const madeOf = (request: MineRequest, repository: string, mined: MineResult, about: readonly string[]): Omit<MadeSuite, "name"> => ({
  description: `Repairs taken from the history of ${repository}: each commit's tests fail without its change and pass with it.`,
  defaults: DEFAULTS,
  features: featuresOf(request),
  tasks: mined.tasks,
  dropped: mined.dropped.map(({ commit, subject, reason, detail }) => ({ what: `${commit.slice(0, 12)} ${subject}`, reason, detail })),
  passedOver: mined.passedOver,
  leftOut: mined.leftOut,
  made: [
    `made by \`bakeoff suite mine\`${request.since === undefined ? "" : `, commits since \`${request.since}\``}`,
    `${mined.commits} commits read, ${mined.tried} built, ${mined.tasks.length} tasks proved, ${request.repeats} repeats each`,
    commitFunnelLine(mined.funnel),
    ...buildLines(request),
    ...about,
  ],
});

function nothingFound(mined: MineResult): BakeoffError {
  const why = reasonCounts(mined.dropped, mined.passedOver)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(", ");
  const first = mined.dropped[0];
  const detail = first ? `; ${first.commit.slice(0, 10)}: ${first.reason}${first.detail === "" ? "" : ` (${first.detail})`}` : "";
  return new BakeoffError(
    "usage",
    `none of ${mined.commits} commits makes a task (${why || "there are none"}${detail})`,
    "look further back, or make tasks of the files as they are: bakeoff suite mutate",
  );
}
