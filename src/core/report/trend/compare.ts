// Which runs can be compared over time, and what differs between two of them.
import { canonicalJson, sha256 } from "../../base/canonical.ts";
import { groupBy } from "../../metrics/summary/rate.ts";
import type { RunDigest } from "../runs/digest.ts";

/** Runs of the same tasks, asked and verified in the same way, with the same stand-ins, in the order of time. */
export interface ComparableRuns {
  readonly key: string;
  /** What all of them share, in words. */
  readonly of: string;
  readonly runs: readonly RunDigest[];
}

export interface LeftOutRun {
  readonly run: string;
  readonly why: string;
}

/** Runs that can't be compared are told apart, not averaged. Newest group first. */
export function comparableRuns(digests: readonly RunDigest[]): { readonly groups: readonly ComparableRuns[]; readonly leftOut: readonly LeftOutRun[] } {
  const leftOut = digests.flatMap((digest) => {
    const why = whyLeftOut(digest);
    return why === null ? [] : [{ run: digest.run, why }];
  });
  const counted = digests.filter((digest) => whyLeftOut(digest) === null).toSorted(byTime);
  const groups = [...groupBy(counted, comparableKey)].map(([key, runs]) => ({ key, of: groupText(runs[0] as RunDigest), runs }));
  return { groups: groups.toSorted((a, b) => byTime(b.runs.at(-1) as RunDigest, a.runs.at(-1) as RunDigest)), leftOut };
}

const byTime = (a: RunDigest, b: RunDigest): number => byText(a.createdAt, b.createdAt) || byText(a.run, b.run);
const byText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

function whyLeftOut({ trials, diagnosisOf, external, reusedAnswers: reused }: RunDigest): string | null {
  if (diagnosisOf !== null) return `a diagnosis of ${diagnosisOf}`;
  if (external !== null) return `patches that ${external} made elsewhere`;
  if (reused > 0) return `${reused} of its answers are those of earlier calls`;
  if (trials.unfinished > 0) return `${trials.unfinished} of its ${trials.planned} trials are not finished`;
  return null;
}

const sharedFacts = ({ suite, taskSet, epochs, capability, verification, standIns }: RunDigest) => ({
  suite: suite.name,
  taskSet,
  epochs,
  capability,
  verification,
  standIns: [...standIns],
});

/** Runs that can be compared share it. */
export const comparableKey = (digest: RunDigest): string => sha256(canonicalJson(sharedFacts(digest))).slice(0, 12);

function groupText({ suite, tasks, taskSet, epochs, capability, verification, standIns }: RunDigest): string {
  return [
    `${suite.name} ${suite.version}, ${tasks.total} tasks (${taskSet.slice(0, 8)})`,
    `${epochs} ${epochs === 1 ? "epoch" : "epochs"}`,
    ...(capability ? ["capability run"] : []),
    `verified by ${verification === null ? "one build" : verification}`,
    standIns.length === 0 ? "no stand-ins" : `stand-ins: ${standIns.join(", ")}`,
  ].join("; ");
}

export interface RunDifference {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** What was not the same about two runs of a group, as their headers and servers tell it. */
export function runDifferences(before: RunDigest, after: RunDigest, candidate: string | null): readonly RunDifference[] {
  const then = new Map(factsOf(before, candidate));
  const now = new Map(factsOf(after, candidate));
  const names = [...new Set([...then.keys(), ...now.keys()])];
  return names.flatMap((what) => {
    const [old, fresh] = [then.get(what) ?? "–", now.get(what) ?? "–"];
    return old === fresh ? [] : [{ what, before: old, after: fresh }];
  });
}

function factsOf(run: RunDigest, candidate: string | null): readonly (readonly [string, string])[] {
  const own = run.candidates.find(({ name }) => name === candidate);
  const servers = run.servers.filter(({ provider }) => own === undefined || provider.startsWith(own.provider));
  return [
    ["policy", `${run.policy.id} (${run.policy.hash.slice(0, 12)})`],
    ["bakeoff", run.bakeoffVersion],
    ["suite version", run.suite.version],
    ["rustc", run.toolchain.rustc],
    ["cargo", run.toolchain.cargo],
    ["host", run.toolchain.host],
    ["sandbox", run.sandbox],
    ["at a time", `${run.concurrency.cargo} cargo, ${run.concurrency.model} model`],
    ...(own ? [["served as", `${own.provider}/${own.model}`] as const] : []),
    ...servers.flatMap(({ provider, facts }) => Object.entries(facts).map(([name, value]) => [`${provider} ${name}`, String(value)] as const)),
  ];
}
