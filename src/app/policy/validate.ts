// Is a policy sound: its own rules, its golden scenarios, its version, its signature? Every issue at once.
import { type FileIssue, WrittenFileError } from "../../core/base/errors.ts";
import { locator } from "../../core/base/toml.ts";
import { MOST_IMPOSSIBLE } from "../../core/gate/planning/design.ts";
import { hopeless, missingText, unreachable } from "../../core/gate/planning/reachable.ts";
import { changesBetween } from "../../core/policy/change/change.ts";
import type { Signature } from "../../core/policy/signature.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { versionFault } from "../../core/policy/change/version.ts";
import type { GoldenReader, PolicyFiles, PolicySources } from "../../ports/policies.ts";
import type { LoadSuite } from "../../ports/suites.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import { type ComparedPolicies, type ComparePorts, fromBeforeLastChange, fromRevision, fromWord, fromWorkingTree, type PolicyAtRevision } from "./compared.ts";
import { goldenOf } from "./golden.ts";
import { signatureWarnings } from "./warnings.ts";

export interface ValidatePorts extends ComparePorts {
  readonly policies: PolicyFiles;
  readonly texts: Pick<TextFiles, "read" | "exists" | "shown">;
  readonly golden: GoldenReader;
  readonly loadSuite: LoadSuite;
}

export interface ValidateRequest {
  readonly sources: PolicySources;
  /** What the version is compared with: a file, a snapshot or a revision; null: git HEAD, where there is one. */
  readonly against: string | null;
  /** A suite that promotions are to be possible on; null: none is looked at. */
  readonly suite: string | null;
}

export interface PolicyValidation {
  /** What was read, as people are shown it. */
  readonly read: readonly string[];
  readonly policyId: string;
  readonly hash: string;
  readonly signature: Signature["status"];
  /** How the version stands to what it was compared with, in words. */
  readonly version: string;
  /** Golden scenarios that come to their decisions. */
  readonly scenarios: number;
  /** Keys that were left to the built-in defaults. */
  readonly defaults: readonly string[];
  readonly warnings: readonly string[];
  /** Where a suite was named: what a perfect candidate lacks to be promoted on it, in words; empty: nothing. Null: none was named. */
  readonly missing: string | null;
}

/** Throws `written-file` with all that is wrong in any file, and `integrity` for a signature that does not count where one is asked for. */
export async function validatePolicy(ports: ValidatePorts, { sources, against, suite }: ValidateRequest): Promise<PolicyValidation> {
  const scenarios = await ports.golden(sources.policyFile);
  const golden = goldenOf(scenarios);
  const loaded = await withIssues(golden.issues, () => ports.policies.load(sources, ports.clock.wall()));
  const { snapshot, signature } = loaded;
  const version = await versionFinding(ports, snapshot, sources.policyFile, against);
  const issues = [...(version.issue ? [version.issue] : []), ...golden.issues, ...golden.held(snapshot)];
  if (issues.length > 0) throw new WrittenFileError(issues);
  return {
    read: [...loaded.files.map(ports.texts.shown), `${scenarios.path}/ (${scenarios.files.length} files)`],
    policyId: snapshot.policy_id,
    hash: snapshot.hash,
    signature: signature.status,
    version: version.says,
    scenarios: golden.count,
    defaults: Object.entries(snapshot.layers).flatMap(([key, layer]) => (layer === "defaults" ? [key] : [])),
    warnings: [...loaded.warnings.map(issueText), ...signatureWarnings(loaded, snapshot), ...hopelessWarnings(snapshot)],
    missing: suite === null ? null : await missingOn(ports, snapshot, suite),
  };
}

/** What no suite could make good. */
function hopelessWarnings({ policy }: PolicySnapshot): readonly string[] {
  const names = hopeless(policy.gates.reflex_promotion);
  return names.length === 0 ? [] : [`nobody can be promoted: a perfect candidate on a large suite would not meet ${names.join(", ")}`];
}

/** With as many epochs and plants as the policy wants. */
async function missingOn({ loadSuite }: ValidatePorts, { policy }: PolicySnapshot, name: string): Promise<string> {
  const { reflex_promotion: rules, calibration_plants: plants } = policy.gates;
  const tasks = (await loadSuite(name)).tasks.flatMap(({ id, family, risk }) => (risk === "low" ? [{ id, family }] : []));
  const design = { tasks, epochs: rules.min_epochs, alternatives: 1, plants, impossible: MOST_IMPOSSIBLE, rules, alpha: rules.alpha };
  return missingText(unreachable(design));
}

/** Issues of another file are told with those that the work finds: all at once. */
async function withIssues<T>(issues: readonly FileIssue[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof WrittenFileError ? new WrittenFileError([...error.issues, ...issues]) : error;
  }
}

const issueText = ({ path, line, column, message }: FileIssue): string => `${path}:${line}:${column}: ${message}`;

interface VersionFinding {
  readonly says: string;
  readonly issue: FileIssue | null;
}

/**
 * Is the version what the changes since git HEAD (or another policy) ask for? Where the working tree is as HEAD has it, the
 * last commit that changed the policy is held to the same. Where there is nothing to compare with, that is said.
 */
async function versionFinding(ports: ValidatePorts, compiled: PolicySnapshot, policyFile: string, against: string | null): Promise<VersionFinding> {
  const base = await (against === null
    ? comparable(() => fromRevision(ports, "HEAD", policyFile))
    : fromWord(ports, against, policyFile).then((value) => ({ ok: true as const, value })));
  if (!base.ok) return { says: `not compared: ${base.reason}`, issue: null };
  // The layers of one spec or one run have no version of their own: what is compared is the workspace's policy.
  const own = Object.values(compiled.layers).some((layer) => layer === "spec" || layer === "override")
    ? (await fromWorkingTree(ports, policyFile)).snapshot
    : compiled;
  const finding = await stepFinding(ports.texts, base.value, own, policyFile);
  if (against !== null || finding.changed || finding.issue) return finding;
  const earlier = await comparable(() => fromBeforeLastChange(ports, policyFile));
  if (!earlier.ok) return finding;
  const last = await stepFinding(ports.texts, earlier.value, own, policyFile);
  return last.issue ? last : finding;
}

type StepFinding = VersionFinding & { readonly changed: boolean };

async function stepFinding(texts: Pick<TextFiles, "read" | "shown">, base: ComparedPolicies, own: PolicySnapshot, policyFile: string): Promise<StepFinding> {
  const changes = changesBetween(base.snapshot, own);
  const [from, to] = [base.snapshot.policy.meta.version, own.policy.meta.version];
  const fault = versionFault(from, to, changes, base.name);
  const changed = changes.length > 0;
  if (fault === null) return { changed, says: changed ? `${to}, after ${from} of ${base.name}` : `${to}, the same content as ${base.name}`, issue: null };
  const place = locator((await texts.read(policyFile)) ?? "")(["meta", "version"]);
  return { changed, says: fault, issue: { path: texts.shown(policyFile), ...place, message: `meta.version: ${fault}` } };
}

/** A stored policy that this version can't read is nothing to compare with, and no fault of the working tree. */
async function comparable(fetch: () => Promise<PolicyAtRevision>): Promise<PolicyAtRevision> {
  try {
    return await fetch();
  } catch (error) {
    if (!(error instanceof WrittenFileError)) throw error;
    return { ok: false, reason: `the policy of git HEAD is not valid for this version (${error.issues.length} issues)` };
  }
}
