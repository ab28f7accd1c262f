// Promotes by a passing decision: changes the policy's text, its version, its changelog and what its golden scenarios expect; and takes that back.
import { dirname, join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { daysFrom } from "../../core/base/instant.ts";
import { changesBetween } from "../../core/policy/change.ts";
import { type ChangelogEntry, withEntry } from "../../core/policy/changelog.ts";
import { compileTexts } from "../../core/policy/compile.ts";
import { promoted, rolledBack, type SlotChange } from "../../core/policy/promotion.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { neededLevel, nextVersion, withVersion } from "../../core/policy/version.ts";
import type { Clock } from "../../ports/clock.ts";
import type { GoldenReader, PolicyFiles } from "../../ports/policies.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import { type FileChange, goldenChanges } from "../policy/golden.ts";
import { type CheckedDecision, verifyDecision, type DecisionVerifyPorts, type DecisionVerifyRequest } from "./verify.ts";

export interface RollbackPorts {
  readonly clock: Pick<Clock, "wall">;
  readonly policies: PolicyFiles;
  readonly golden: GoldenReader;
  readonly texts: Pick<TextFiles, "read" | "write" | "shown">;
}

export type PromotePorts = RollbackPorts & DecisionVerifyPorts;

export interface RollbackRequest {
  readonly policyFile: string;
  /** Tell what would change, write nothing. */
  readonly dryRun: boolean;
}

export interface PromoteRequest extends RollbackRequest, DecisionVerifyRequest {
  readonly candidate: string;
  readonly by: string;
}

/** What a promotion or its way back makes of the files. */
export interface PolicyRewrite {
  /** By the paths that people are shown. */
  readonly files: readonly FileChange[];
  /** The policy asks for a signature, and the one that it has is of the text before. */
  readonly needsSignature: boolean;
}

/** Throws `integrity` or `usage` with the reason where nothing may be changed. */
export async function promoteCandidate(ports: PromotePorts, request: PromoteRequest): Promise<PolicyRewrite> {
  const { candidate, policyFile, by } = request;
  const checked = await verifyDecision(ports, request);
  const { snapshot } = await ports.policies.load({ policyFile, specFile: null, overrides: [] }, ports.clock.wall());
  const refusal = refusalOf(candidate, checked, snapshot.hash) ?? slotRefusal(candidate, snapshot) ?? groundRefusal(checked, snapshot, ports.clock.wall());
  if (refusal) throw new BakeoffError("integrity", `${candidate} is not promoted: ${refusal.why}`, refusal.way);
  const text = await readText(ports.texts, policyFile, "the policy");
  const replaces = snapshot.policy.reflex.candidate;
  const change = promoted(text, { candidate, replaces, decisionSha256: checked.sha256, day: dayOf(ports), by });
  return rewrite(ports, { ...request, text, snapshot }, change);
}

/** Takes the last promotion back, also one that was not signed yet. */
export async function rollBackPromotion(ports: RollbackPorts, request: RollbackRequest): Promise<PolicyRewrite> {
  const { policyFile } = request;
  const { snapshot } = await ports.policies.read({ policyFile, specFile: null, overrides: [] }, ports.clock.wall());
  const last = snapshot.policy.promotion.at(-1);
  if (last === undefined) throw new BakeoffError("usage", "the policy holds no promotion to take back", "see its changelog");
  const text = await readText(ports.texts, policyFile, "the policy");
  return rewrite(ports, { ...request, text, snapshot }, rolledBack(text, last));
}

const dayOf = ({ clock }: RollbackPorts): string => clock.wall().slice(0, 10);

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

/** What was won, and when: against whoever is in the slot, and not too long ago by now, whatever the decision says of its own time. */
function groundRefusal({ claim, oldestRun }: CheckedDecision, { policy }: PolicySnapshot, now: string): Refusal | null {
  const { incumbent } = claim.decision;
  const { max_age_days: most } = policy.gates.reflex_promotion;
  if (incumbent !== policy.reflex.candidate)
    return {
      why: `it was compared with ${incumbent}, and ${policy.reflex.candidate} is the reflex candidate`,
      way: `gate with --incumbent ${policy.reflex.candidate}`,
    };
  const days = oldestRun === null ? null : daysFrom(oldestRun, now);
  if (days !== null && days >= 0 && days <= most) return null;
  const age = days === null ? "at an unknown time" : `${days.toFixed(1)} days ago`;
  return { why: `its oldest run began ${age}; at most ${most} days are allowed`, way: "run and gate again" };
}

interface Before extends RollbackRequest {
  readonly text: string;
  readonly snapshot: PolicySnapshot;
}

/** Nothing is written unless the policy stays valid; then each file whole or not at all, the policy first. */
async function rewrite(ports: RollbackPorts, { policyFile, text, snapshot, dryRun }: Before, change: SlotChange): Promise<PolicyRewrite> {
  const after = await compiled(ports, policyFile, change.text);
  const level = neededLevel(changesBetween(snapshot, after)) ?? "patch";
  const version = nextVersion(snapshot.policy.meta.version, level);
  const versioned = withVersion(change.text, version, dayOf(ports));
  const files: readonly FileChange[] = [
    { path: policyFile, before: text, after: versioned },
    await logChange(ports, policyFile, { version, day: dayOf(ports), reason: null, lines: [change.entry] }),
    ...(await goldenChanges(ports.golden, policyFile, snapshot, await compiled(ports, policyFile, versioned))),
  ];
  if (!dryRun) for (const file of files) await ports.texts.write(file.path, file.after);
  return {
    files: files.map((file) => ({ ...file, path: ports.texts.shown(file.path) })),
    needsSignature: after.policy.signing.require_signature,
  };
}

/** The policy as it would be with this text. Throws `written-file` where it would be none. */
async function compiled({ texts, clock }: RollbackPorts, policyFile: string, text: string): Promise<PolicySnapshot> {
  const candidates = join(dirname(policyFile), "candidates.toml");
  const candidatesText = await readText(texts, candidates, "the candidates");
  return compileTexts({ path: texts.shown(policyFile), text }, { path: texts.shown(candidates), text: candidatesText }, clock.wall());
}

async function logChange(ports: RollbackPorts, policyFile: string, entry: ChangelogEntry): Promise<FileChange> {
  const path = join(dirname(policyFile), "CHANGELOG.md");
  const before = await ports.texts.read(path);
  return { path, before, after: withEntry(before ?? "", entry) };
}

async function readText(texts: Pick<TextFiles, "read">, path: string, what: string): Promise<string> {
  const text = await texts.read(path);
  if (text === null) throw new BakeoffError("usage", `${what} ${path} can't be read`, "name a file that is there");
  return text;
}
