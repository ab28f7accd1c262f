// The viewer's comparisons: two candidates, two runs, a run under another policy, and what a run can be compared with.
import { BakeoffError } from "../../core/base/errors.ts";
import { type PlannedTrial, plannedTrials, type TrialRecord } from "../../core/capsule/record.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { counterfactual } from "../../core/replay/counterfactual/counterfactual.ts";
import { type ReadSnapshot, readStoredSnapshot } from "../../core/replay/stored-snapshot.ts";
import { comparePage } from "../../core/report/runs/compare.ts";
import type { RunDigest } from "../../core/report/runs/digest.ts";
import type { RunListing } from "../../core/report/runs/listing.ts";
import { otherPolicyPage } from "../../core/report/runs/other-policy.ts";
import { runPairPage } from "../../core/report/runs/run-pair.ts";
import { shellWord } from "../../core/text/shell-word.ts";
import type { LibraryRun } from "../../ports/run-library.ts";
import { type BesideLink, BesidePage } from "../../ui/beside-page.tsx";
import { ComparePage } from "../../ui/compare-page.tsx";
import { LINKS, type PageArm } from "../../ui/links.ts";
import { OtherPolicyPage } from "../../ui/other-policy-page.tsx";
import { RunPairPage } from "../../ui/run-pair-page.tsx";
import type { ViewPorts } from "./ports.ts";
import { trialNumber } from "./trial-numbers.ts";

type Node = ReturnType<typeof ComparePage>;

export class ComparisonPages {
  private readonly ports: Pick<ViewPorts, "library" | "places" | "policyHere">;
  private readonly isExport: boolean;

  constructor(ports: Pick<ViewPorts, "library" | "places" | "policyHere">, isExport: boolean) {
    this.ports = ports;
    this.isExport = isExport;
  }

  async candidates(a: PageArm, b: PageArm): Promise<Node> {
    const [first, second] = [await this.arm(a), await this.arm(b)];
    return ComparePage({ page: comparePage(first, second), isExport: this.isExport });
  }

  private async arm({ run: name, candidate }: PageArm) {
    const run = await this.ports.library.open(name);
    const own = run.header.candidates[candidate];
    if (!own) throw new BakeoffError("usage", `run ${name} has no candidate of number ${candidate}`, "go back to the run");
    return { digest: run.digest(), rows: run.rows(), candidate: own.name };
  }

  async runs(a: string, b: string): Promise<Node> {
    const { library } = this.ports;
    const [first, second] = [(await library.open(a)).digest(), (await library.open(b)).digest()];
    return RunPairPage({ page: runPairPage(first, second), isExport: this.isExport });
  }

  /** `policyOf`: the run that was decided by it; null: the policy that lies here now. */
  async underPolicy(name: string, policyOf: string | null): Promise<Node> {
    const { library, places, policyHere } = this.ports;
    const run = await library.open(name);
    const { header } = run;
    const other = policyOf === null ? await policyHere(header.created_at) : whole(storedIn(await library.open(policyOf)), policyOf);
    const recorded = storedIn(run);
    return OtherPolicyPage({
      page: otherPolicyPage({
        run: name,
        counterfactual: counterfactual({ header, trials: () => trialsOf(run) }, other),
        recorded: recorded.ok ? recorded.snapshot : null,
        other,
        numberOf: (trial) => trialNumber(run, trial),
      }),
      from: policyOf === null ? `the policy in ${places.shown(places.defaultPolicy)}` : `the policy of ${policyOf}`,
      command: policyOf === null ? `${places.calledAs} replay ${shellWord(name)} --policy ${shellWord(places.shown(places.defaultPolicy))}` : null,
      isExport: this.isExport,
    });
  }

  async beside(name: string): Promise<Node> {
    const digest = (await this.ports.library.open(name)).digest();
    const others = (await this.ports.library.list()).flatMap(({ listing }) => (listing === null || listing.run === digest.run ? [] : [listing]));
    return BesidePage({
      run: digest.run,
      pairs: pairsWithin(digest),
      runs: others.toSorted((a, b) => Number(isAlike(b, digest)) - Number(isAlike(a, digest))),
      policies: this.policies(digest, others),
      isExport: this.isExport,
    });
  }

  /** The one that lies here, and every other that a run was decided by, by its newest run. */
  private policies({ run, policy }: RunDigest, others: readonly RunListing[]): readonly BesideLink[] {
    const { places } = this.ports;
    const byHash = new Map(others.toReversed().map((other) => [other.policy.hash, other]));
    byHash.delete(policy.hash);
    return [
      { text: "The policy here", href: LINKS.otherPolicy(run, null), sub: `${places.shown(places.defaultPolicy)}, as it is now` },
      ...[...byHash.values()].toReversed().map((other) => ({
        text: other.policy.id,
        href: LINKS.otherPolicy(run, other.run),
        sub: `${other.policy.hash.slice(0, 12)}, of ${other.run}`,
      })),
    ];
  }
}

const isAlike = ({ taskSet }: RunListing, digest: RunDigest): boolean => taskSet === digest.taskSet;
const storedIn = (run: LibraryRun): ReadSnapshot => readStoredSnapshot(run.text(run.header.policy.snapshot_hash));

function whole(read: ReadSnapshot, run: string): PolicySnapshot {
  if (read.ok) return read.snapshot;
  throw new BakeoffError(
    "usage",
    `the policy of run ${run} can't be held against another run: ${read.fault}`,
    "name its file: bakeoff replay RUN --policy FILE",
  );
}

function* trialsOf(run: LibraryRun): Generator<TrialRecord> {
  for (const { id } of plannedTrials(run.header) as Iterable<PlannedTrial>) {
    const trial = run.trial(id);
    if (trial !== null) yield trial;
  }
}

/** Candidates of one run beside each other. */
function pairsWithin({ run, candidates }: RunDigest): readonly BesideLink[] {
  return candidates.flatMap((a, index) =>
    candidates.slice(index + 1).map((b, offset) => ({
      text: `${a.name} and ${b.name}`,
      href: LINKS.compare({ run, candidate: index }, { run, candidate: index + 1 + offset }),
      sub: "",
    })),
  );
}

/** A page of many candidates has the first ones only. */
const MOST_PAIRS = 15;

/** A run and its candidates beside the run before, and its candidates beside each other: what the run's page names. */
export function nearComparisons(digest: RunDigest, before: RunDigest | null): readonly Pick<BesideLink, "text" | "href">[] {
  return [...(before === null ? [] : besideBefore(digest, before)), ...pairsWithin(digest)].slice(0, MOST_PAIRS);
}

function besideBefore({ run, candidates, policy }: RunDigest, before: RunDigest): readonly Pick<BesideLink, "text" | "href">[] {
  const shared = candidates.flatMap(({ name }, index) => {
    const other = before.candidates.findIndex((candidate) => candidate.name === name);
    const href = LINKS.compare({ run, candidate: index }, { run: before.run, candidate: other });
    return other < 0 ? [] : [{ text: `${name}, beside ${before.run}`, href }];
  });
  return [
    { text: `all candidates, beside ${before.run}`, href: LINKS.compareRuns(run, before.run) },
    ...(policy.hash === before.policy.hash ? [] : [{ text: `under the policy of ${before.run}`, href: LINKS.otherPolicy(run, before.run) }]),
    ...shared,
  ];
}
