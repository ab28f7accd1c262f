// Promotes by a passing decision: changes the policy's text, its version and its changelog; and takes that back.
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { BakeoffError } from "../core/base/errors.ts";
import { lineDiff, type PolicyChange, promoted, rolledBack, withEntry } from "../core/gate/promotion.ts";
import { clock, world } from "./compose.ts";
import { readText } from "./gate-session.ts";
import { checkDecision, type CheckedDecision } from "./gate-verify.ts";

export interface PromoteNeeds {
  readonly candidate: string;
  readonly decision: string;
  readonly policyFile: string;
  readonly by: string;
  /** Public keys to trust beside the policy's. */
  readonly trusted: readonly string[];
  readonly dryRun: boolean;
}

/** Gives the change as a diff. Throws `integrity` or `usage` with the reason where nothing may be changed. */
export async function promote({ candidate, decision, policyFile, by, trusted, dryRun }: PromoteNeeds): Promise<string> {
  const checked = await checkDecision(decision, trusted);
  const snapshot = await world.loadPolicy(policyFile, clock.wall());
  const refusal = refusalOf(candidate, checked, snapshot.hash) ?? slotRefusal(candidate, snapshot);
  if (refusal) throw new BakeoffError("integrity", `${candidate} is not promoted: ${refusal.why}`, refusal.way);
  const text = await readText(policyFile, "the policy");
  const day = clock.wall().slice(0, 10);
  const change = promoted(text, { candidate, replaces: snapshot.policy.reflex.candidate, decisionSha256: checked.sha256, day, by });
  return write(policyFile, text, change, dryRun);
}

/** Takes the last promotion back; gives the change as a diff. */
export async function rollBack(policyFile: string, dryRun: boolean): Promise<string> {
  const { policy } = await world.loadPolicy(policyFile, clock.wall());
  const last = policy.promotion.at(-1);
  if (last === undefined) throw new BakeoffError("usage", "the policy holds no promotion to take back", "see its changelog");
  const text = await readText(policyFile, "the policy");
  return write(policyFile, text, rolledBack(text, last, clock.wall().slice(0, 10)), dryRun);
}

interface Refusal {
  readonly why: string;
  readonly way: string;
}

function refusalOf(candidate: string, { claim, links }: CheckedDecision, policyHash: string): Refusal | null {
  const broken = links.find(({ fault }) => fault !== null);
  if (broken) return { why: `its decision does not verify: ${broken.name}: ${broken.fault ?? ""}`, way: "gate again from the capsules themselves" };
  if (claim.decision.candidate !== candidate)
    return { why: `the decision is about ${claim.decision.candidate}`, way: "name the decision about this candidate" };
  if (claim.decision.verdict !== "promote" && claim.override === null)
    return { why: `the gate said ${claim.decision.verdict}`, way: "only a decision to promote changes the policy" };
  if (claim.policy.hash !== policyHash) return { why: "the policy has changed since the run", way: "restore that policy, or run and gate again with this one" };
  return null;
}

function slotRefusal(candidate: string, { policy, candidates }: Awaited<ReturnType<typeof world.loadPolicy>>): Refusal | null {
  if (policy.reflex.candidate === candidate) return { why: "it is the reflex candidate already", way: "there is nothing to do" };
  if (candidates.some(({ name }) => name === candidate)) return null;
  return { why: "it is not in candidates.toml", way: "embedded programs have no place in the reflex slot; write a model's entry there" };
}

const shown = (path: string): string => relative(process.cwd(), path) || path;

/** Writes the policy and its changelog, each whole or not at all; the policy must still be valid. */
async function write(policyFile: string, before: string, change: PolicyChange, dryRun: boolean): Promise<string> {
  const logFile = join(dirname(policyFile), "CHANGELOG.md");
  const log = await readFile(logFile, "utf8").catch(() => "");
  const newLog = withEntry(log, change, clock.wall().slice(0, 10));
  const diff = `${lineDiff(shown(policyFile), before, change.text)}${lineDiff(shown(logFile), log, newLog)}`;
  if (dryRun) return diff;
  await world.replaceFile(policyFile, change.text);
  try {
    await world.loadPolicy(policyFile, clock.wall());
  } catch (error) {
    await world.replaceFile(policyFile, before);
    throw error;
  }
  await world.replaceFile(logFile, newLog);
  return diff;
}
