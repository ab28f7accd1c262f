// Promotes by a passing decision: changes the policy's text, its version, its changelog and what its golden scenarios expect; and takes that back.
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { lineDiff, type PolicyChange, promoted, rolledBack, withEntry } from "../../core/gate/promotion.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { clock, world } from "../compose.ts";
import { readText } from "./session.ts";
import { checkDecision, type CheckedDecision } from "./verify.ts";
import { type FileChange, goldenChanges } from "../policy/golden.ts";

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
  return write({ policyFile, text, snapshot }, change, dryRun);
}

/** Takes the last promotion back; gives the change as a diff. */
export async function rollBack(policyFile: string, dryRun: boolean): Promise<string> {
  const snapshot = await world.loadPolicy(policyFile, clock.wall());
  const last = snapshot.policy.promotion.at(-1);
  if (last === undefined) throw new BakeoffError("usage", "the policy holds no promotion to take back", "see its changelog");
  const text = await readText(policyFile, "the policy");
  return write({ policyFile, text, snapshot }, rolledBack(text, last, clock.wall().slice(0, 10)), dryRun);
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

function slotRefusal(candidate: string, { policy, candidates }: PolicySnapshot): Refusal | null {
  if (policy.reflex.candidate === candidate) return { why: "it is the reflex candidate already", way: "there is nothing to do" };
  if (candidates.some(({ name }) => name === candidate)) return null;
  return { why: "it is not in candidates.toml", way: "embedded programs have no place in the reflex slot; write a model's entry there" };
}

const shown = (path: string): string => relative(process.cwd(), path) || path;

interface Written {
  readonly policyFile: string;
  readonly text: string;
  readonly snapshot: PolicySnapshot;
}

/** Writes each file whole or not at all, the policy first; it must still be valid. */
async function write(before: Written, change: PolicyChange, dryRun: boolean): Promise<string> {
  const { policyFile, text } = before;
  const others = [await logChange(policyFile, change), ...(await goldenChanges(policyFile, before.snapshot, await compiled(policyFile, change.text)))];
  const diff = [{ path: policyFile, before: text, after: change.text }, ...others]
    .map((file) => lineDiff(shown(file.path), file.before ?? "", file.after))
    .join("");
  if (dryRun) return diff;
  await world.replaceFile(policyFile, change.text);
  try {
    await world.loadPolicy(policyFile, clock.wall());
  } catch (error) {
    await world.replaceFile(policyFile, text);
    throw error;
  }
  for (const { path, after } of others) {
    await world.makeFolder(dirname(path));
    await world.replaceFile(path, after);
  }
  return diff;
}

/** The policy as it would be with this text. */
async function compiled(policyFile: string, text: string): Promise<PolicySnapshot> {
  const candidates = join(dirname(policyFile), "candidates.toml");
  const candidatesText = await readText(candidates, "the candidates");
  return world.compileTexts({ path: shown(policyFile), text }, { path: shown(candidates), text: candidatesText }, clock.wall());
}

async function logChange(policyFile: string, change: PolicyChange): Promise<FileChange> {
  const path = join(dirname(policyFile), "CHANGELOG.md");
  const before = await readFile(path, "utf8").catch(() => null);
  return { path, before, after: withEntry(before ?? "", change, clock.wall().slice(0, 10)) };
}
