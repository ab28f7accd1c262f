// Promotes by a passing decision: changes the policy's text, its version, its changelog and what its golden scenarios expect; and takes that back.
import { dirname, join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { DECISION_FORMAT } from "../../core/gate/document.ts";
import { changesBetween } from "../../core/policy/change/change.ts";
import { type ChangelogEntry, withEntry } from "../../core/policy/change/changelog.ts";
import { compileTexts } from "../../core/policy/compile.ts";
import { agreeOn } from "../../core/policy/concern.ts";
import { promoted, rolledBack, type SlotChange } from "../../core/policy/change/promotion.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { neededLevel, nextVersion, withVersion } from "../../core/policy/change/version.ts";
import type { Clock } from "../../ports/clock.ts";
import type { GoldenReader, PolicyFiles } from "../../ports/policies.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import { type FileChange, goldenChanges } from "../policy/golden.ts";
import { onlyPolicy } from "../policy/sources.ts";
import { ageRefusal } from "./age.ts";
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

export interface PromoteRequest extends RollbackRequest, Omit<DecisionVerifyRequest, "isBinding"> {
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
  const { snapshot } = await ports.policies.load(onlyPolicy(policyFile), ports.clock.wall());
  const checked = await verifyDecision(ports, { ...request, isBinding: true });
  const refusal = REFUSALS.map((refuse) => refuse({ candidate, checked, snapshot, now: ports.clock.wall() })).find((found) => found !== null);
  if (refusal) throw new BakeoffError("integrity", `${candidate} is not promoted: ${refusal.why}`, refusal.way);
  const text = await readText(ports.texts, policyFile, "the policy");
  const replaces = snapshot.policy.reflex.candidate;
  const change = promoted(text, { candidate, replaces, decisionSha256: checked.sha256, day: dayOf(ports), by });
  return rewrite(ports, { ...request, text, snapshot }, change);
}

/** Takes the last promotion back, also one that was not signed yet. */
export async function rollBackPromotion(ports: RollbackPorts, request: RollbackRequest): Promise<PolicyRewrite> {
  const { policyFile } = request;
  const { snapshot } = await ports.policies.read(onlyPolicy(policyFile), ports.clock.wall());
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

interface Promoting {
  readonly candidate: string;
  readonly checked: CheckedDecision;
  /** The policy that is to be changed. */
  readonly snapshot: PolicySnapshot;
  readonly now: string;
}

type Refuse = (promoting: Promoting) => Refusal | null;

/** What the question is about, before whether its answer holds: the first one is the true cause. */
const REFUSALS: readonly Refuse[] = [
  ({ candidate, checked: { claim } }) =>
    claim.decision.candidate === candidate ? null : { why: `the decision is about ${claim.decision.candidate}`, way: "name the decision about this candidate" },
  ({ candidate, snapshot: { policy } }) =>
    policy.reflex.candidate === candidate ? { why: "it is the reflex candidate already", way: "there is nothing to do" } : null,
  ({ checked: { claim }, snapshot: { policy } }) =>
    claim.decision.incumbent === policy.reflex.candidate
      ? null
      : {
          why: `it was compared with ${claim.decision.incumbent}, and ${policy.reflex.candidate} is the reflex candidate`,
          way: `gate with --incumbent ${policy.reflex.candidate}`,
        },
  ({ checked: { claim } }) =>
    claim.decision.verdict === "promote" || claim.override !== null
      ? null
      : { why: `the gate said ${claim.decision.verdict}`, way: "only a decision to promote changes the policy" },
  slotRefusal,
  policyRefusal,
  ({ checked: { claim } }) =>
    claim.format === DECISION_FORMAT
      ? null
      : { why: `its decision is of format ${claim.format}, which says too little to act on`, way: "gate again with this version" },
  ({ checked: { links } }) => {
    const broken = links.find(({ fault }) => fault !== null);
    return broken ? { why: `its decision does not verify: ${broken.name}: ${broken.fault ?? ""}`, way: "gate again from the capsules themselves" } : null;
  },
  ({ checked: { oldestRun }, snapshot, now }) => {
    const why = ageRefusal(oldestRun ?? "", snapshot, now);
    return why === null ? null : { why, way: "run and gate again" };
  },
  ({ checked: { links } }) => {
    const open = links.find(({ name, open: isOpen }) => isOpen === true && NEEDED.has(name));
    return open ? { why: `${open.name} can't be checked: ${open.says}`, way: "promote where the suite and the log of registrations are" } : null;
  },
];

/** What an auditor may do without, and whoever changes a policy may not. */
const NEEDED: ReadonlySet<string> = new Set(["suite", "log"]);

function slotRefusal({ candidate, snapshot: { candidates } }: Promoting): Refusal | null {
  if (candidates.some(({ name }) => name === candidate)) return null;
  return { why: "it is not in candidates.toml", way: "embedded programs have no place in the reflex slot; write a model's entry there" };
}

/** Another model in candidates.toml is no reason to run again: only what concerns the two that were compared is. */
function policyRefusal({ checked: { claim, policies }, snapshot }: Promoting): Refusal | null {
  const { candidate, incumbent } = claim.decision;
  const isSame = claim.policy.hash === snapshot.hash || (policies.length > 0 && policies.every((policy) => agreeOn(policy, snapshot, [candidate, incumbent])));
  return isSame
    ? null
    : {
        why: `the policy has changed since the run in what concerns ${candidate} and ${incumbent}`,
        way: "restore that policy, or run and gate again with this one",
      };
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
