// `bakeoff policy validate|show|snapshot`: is the policy sound, what does it say, what is it compiled to?
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { BakeoffError, type FileIssue, WrittenFileError } from "../../core/base/errors.ts";
import { changesBetween } from "../../core/policy/change.ts";
import { valueText } from "../../core/policy/changelog.ts";
import { keyText, leavesOf } from "../../core/policy/layer.ts";
import { POLICY_RULES } from "../../core/policy/rules/rules.ts";
import { policySchema } from "../../core/policy/schema.ts";
import { jsonOf, type PolicySnapshot, readSnapshot, snapshotText } from "../../core/policy/snapshot.ts";
import { readSpecKit, type SpecKitPolicy } from "../../core/policy/spec-kit.ts";
import { versionFault } from "../../core/policy/version.ts";
import { clock, world } from "../../app/compose.ts";
import { composeGate } from "../../app/compose/gate.ts";
import { goldenOf } from "../../app/policy/golden.ts";
import { errInk } from "../text/ink.ts";
import {
  type AtRevision,
  type Compared,
  fromBeforeLastChange,
  fromRevision,
  fromWord,
  fromWorkingTree,
  type PolicyOptions,
  sourcesOf,
} from "../../app/policy/source.ts";
import { signatureWarnings } from "../../app/policy/warnings.ts";

interface JsonOption {
  readonly json: boolean;
}

export async function validate(options: PolicyOptions & JsonOption & { readonly against?: string }): Promise<number> {
  try {
    return await validated(options);
  } catch (error) {
    if (!options.json || !(error instanceof WrittenFileError)) throw error;
    print({ ok: false, issues: error.issues });
    return 3;
  }
}

async function validated(options: PolicyOptions & JsonOption & { readonly against?: string }): Promise<number> {
  const sources = sourcesOf(options);
  const golden = goldenOf(await composeGate().golden(sources.policyFile));
  const loaded = await withIssues(golden.issues, () => world.loadPolicyFiles(sources, clock.wall()));
  const { snapshot, signature } = loaded;
  const version = await versionFinding(snapshot, sources.policyFile, options.against ?? null);
  const issues = [...(version.issue ? [version.issue] : []), ...golden.issues, ...golden.held(snapshot)];
  if (issues.length > 0) throw new WrittenFileError(issues);
  const warnings = [...loaded.warnings.map(issueText), ...signatureWarnings(loaded, snapshot)];
  const defaults = Object.entries(snapshot.layers).flatMap(([key, layer]) => (layer === "defaults" ? [key] : []));
  if (options.json) {
    const rules = POLICY_RULES.map(({ name, sentence, severity }) => ({ name, sentence, severity }));
    print({
      ok: true,
      policy_id: snapshot.policy_id,
      hash: snapshot.hash,
      signature: signature.status,
      version: version.said,
      scenarios: golden.count,
      defaults,
      warnings,
      rules,
    });
    return 0;
  }
  process.stdout.write(`${snapshot.policy_id} is valid (${snapshot.hash})\n`);
  for (const { name, sentence, severity } of POLICY_RULES) process.stdout.write(`${severity === "error" ? "✓" : "·"} ${name}: ${sentence}\n`);
  process.stdout.write(`✓ ${golden.count} golden scenarios come to their decisions; they reach every rule and reason of the router\n`);
  process.stdout.write(`version: ${version.said}\n`);
  if (defaults.length > 0) process.stdout.write(`left to the built-in defaults: ${defaults.join(", ")}\n`);
  for (const warning of warnings) process.stderr.write(`${errInk.yellow(`warning: ${warning}`)}\n`);
  return 0;
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
  readonly said: string;
  readonly issue: FileIssue | null;
}

/**
 * Is the version what the changes since git HEAD (or another policy) ask for? Where the working tree is as HEAD has it, the
 * last commit that changed the policy is held to the same. Where there is nothing to compare with, that is said.
 */
async function versionFinding(compiled: PolicySnapshot, policyFile: string, against: string | null): Promise<VersionFinding> {
  const base = against === null ? await comparable(() => fromRevision("HEAD", policyFile)) : { ok: true as const, value: await fromWord(against, policyFile) };
  if (!base.ok) return { said: `not compared: ${base.reason}`, issue: null };
  // The layers of one spec or one run have no version of their own: what is compared is the workspace's policy.
  const own = Object.values(compiled.layers).some((layer) => layer === "spec" || layer === "override")
    ? (await fromWorkingTree(policyFile)).snapshot
    : compiled;
  const finding = await stepFinding(base.value, own, policyFile);
  if (against !== null || finding.changed || finding.issue) return finding;
  const earlier = await comparable(() => fromBeforeLastChange(policyFile));
  if (!earlier.ok) return finding;
  const last = await stepFinding(earlier.value, own, policyFile);
  return last.issue ? last : finding;
}

async function stepFinding(base: Compared, own: PolicySnapshot, policyFile: string): Promise<VersionFinding & { readonly changed: boolean }> {
  const changes = changesBetween(base.snapshot, own);
  const [from, to] = [base.snapshot.policy.meta.version, own.policy.meta.version];
  const fault = versionFault(from, to, changes, base.name);
  const changed = changes.length > 0;
  if (fault === null) return { changed, said: changed ? `${to}, after ${from} of ${base.name}` : `${to}, the same content as ${base.name}`, issue: null };
  return { changed, said: fault, issue: { ...(await world.placeInPolicy(policyFile, ["meta", "version"])), message: `meta.version: ${fault}` } };
}

/** A stored policy that this version can't read is nothing to compare with, and no fault of the working tree. */
async function comparable(fetch: () => Promise<AtRevision>): Promise<AtRevision> {
  try {
    return await fetch();
  } catch (error) {
    if (!(error instanceof WrittenFileError)) throw error;
    return { ok: false, reason: `the policy of git HEAD is not valid for this version (${error.issues.length} issues)` };
  }
}

export async function show(file: string | undefined, options: PolicyOptions & JsonOption): Promise<number> {
  const stored = file === undefined ? null : await storedPolicy(file);
  if (stored && "values" in stored) return showSpecKit(stored, options.json);
  const sources = sourcesOf(file !== undefined && stored === null ? { ...options, policy: file } : options);
  const loaded = stored ?? (await world.readPolicy(sources, clock.wall())).snapshot;
  const values = valuesOf(loaded);
  if (options.json) {
    print({ policy_id: loaded.policy_id, hash: loaded.hash, values, candidates: loaded.candidates });
    return 0;
  }
  process.stdout.write(`${loaded.policy_id} (${loaded.hash})\n\n`);
  for (const { key, value, layer } of values) process.stdout.write(`${key} = ${valueText(value)}   (${layer ?? "layer not recorded"})\n`);
  for (const { name, provider, model } of loaded.candidates) process.stdout.write(`candidate ${name}: ${model} on ${provider}\n`);
  return 0;
}

interface ShownValue {
  readonly key: string;
  readonly value: unknown;
  readonly layer: string | null;
}

/** In the order of the schema's sections, and by name within them: the same for a file and for a snapshot. */
function valuesOf({ policy, layers }: PolicySnapshot): readonly ShownValue[] {
  return Object.keys(policySchema.shape).flatMap((section) =>
    leavesOf(policy)
      .filter(({ key }) => key[0] === section)
      .map(({ key, value }) => ({ key: keyText(key), value, layer: layers[keyText(key)] ?? null }))
      .toSorted((one, other) => (one.key < other.key ? -1 : 1)),
  );
}

/** A stored snapshot, ours or of the Spec-Kit form; null for a TOML file. */
async function storedPolicy(file: string): Promise<PolicySnapshot | SpecKitPolicy | null> {
  if (!existsSync(file)) throw new BakeoffError("usage", `${file} is not there`, "name a policy file or a PolicySnapshot.json");
  if (!file.endsWith(".json")) return null;
  const text = await readFile(file, "utf8");
  return readSpecKit(jsonOf(text, file)) ?? readSnapshot(text, file);
}

function showSpecKit(policy: SpecKitPolicy, json: boolean): number {
  if (json) {
    print(policy);
    return 0;
  }
  const hash = policy.hashVerifies ? "its hash verifies" : "its hash is not that of its canonical JSON";
  process.stdout.write(`${policy.policyId} (${policy.hash}), Spec-Kit form ${policy.schemaVersion}; ${hash}\n\n`);
  for (const { key, value, from } of policy.values) process.stdout.write(`${key} = ${valueText(value)}   (${from})\n`);
  for (const { from, value } of policy.unmapped) process.stdout.write(`no term here: ${from} = ${valueText(value)}\n`);
  process.stdout.write(`\nit says nothing about: ${policy.lacks.join(", ")}\n`);
  return 0;
}

/** Exactly the bytes that a run keeps in its capsule: no line end after them. */
export async function printSnapshot(options: PolicyOptions & { readonly out?: string; readonly createdAt?: string }): Promise<number> {
  const { snapshot: compiled } = await world.loadPolicyFiles(sourcesOf(options), options.createdAt ?? clock.wall());
  if (options.out === undefined) process.stdout.write(snapshotText(compiled));
  else await world.replaceFile(options.out, snapshotText(compiled));
  return 0;
}

const print = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
