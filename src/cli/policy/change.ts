// `bakeoff policy diff|bump|sign`: what changed and what it means, a version that fits, a name that stands for it.
import { dirname, join, relative } from "node:path";
import { canonicalJson } from "../../core/base/canonical.ts";
import { BakeoffError, WrittenFileError } from "../../core/base/errors.ts";
import type { SigningKey } from "../../core/base/dsse.ts";
import { changesBetween, type PolicyChange, type RouteChange, routeChanges } from "../../core/policy/change.ts";
import { changeText, withEntry } from "../../core/policy/changelog.ts";
import type { Level } from "../../core/policy/effect.ts";
import { signPolicy } from "../../core/policy/signature.ts";
import { claimedLevel, isAtLeast, neededLevel, nextVersion, withVersion } from "../../core/policy/version.ts";
import { clock, world } from "../../app/compose.ts";
import { composeGate } from "../../app/compose/gate.ts";
import { scenarioRunner } from "../../app/policy/golden.ts";
import { defaultPolicy } from "../../app/places.ts";
import { type Compared, fromBeforeLastChange, fromRevision, fromWord, fromWorkingTree, type PolicyOptions, sourcesOf } from "../../app/policy/source.ts";

export async function diff(words: readonly string[], options: { readonly policy?: string; readonly json: boolean }): Promise<number> {
  const policyFile = options.policy ?? defaultPolicy();
  const before = await fromWord(words[0] ?? "HEAD", policyFile);
  const after = words[1] === undefined ? await fromWorkingTree(policyFile) : await fromWord(words[1], policyFile);
  const difference = await differenceOf(before, after, policyFile);
  process.stdout.write(options.json ? `${JSON.stringify(difference, null, 2)}\n` : differenceText(difference));
  return 0;
}

interface Side {
  readonly name: string;
  readonly policy_id: string;
  readonly hash: string;
}

interface Difference {
  readonly before: Side;
  readonly after: Side;
  readonly level: Level | null;
  readonly changes: readonly PolicyChange[];
  /** The golden scenarios that come out otherwise. */
  readonly routes: readonly RouteChange[];
}

const sideOf = ({ name, snapshot: { policy_id, hash } }: Compared): Side => ({ name, policy_id, hash });

async function differenceOf(before: Compared, after: Compared, policyFile: string): Promise<Difference> {
  const changes = changesBetween(before.snapshot, after.snapshot);
  const routes = routeChanges(await scenarioRunner(composeGate().golden, policyFile), before.snapshot, after.snapshot);
  return { before: sideOf(before), after: sideOf(after), level: neededLevel(changes), changes, routes };
}

function differenceText({ before, after, level, changes, routes }: Difference): string {
  const summary = level === null ? "no change of content" : `${changes.length} ${changes.length === 1 ? "change" : "changes"}: ${level}`;
  const played = routes.map((route) => `  ${route.scenario}: ${route.before ?? "not played"} → ${route.after ?? "not played"}`);
  return [
    `${titleOf(before)} → ${titleOf(after)}`,
    ...changes.map((change) => `  ${changeLine(change)}`),
    summary,
    ...played,
    `${routes.length === 1 ? "1 golden scenario comes" : `${routes.length} golden scenarios come`} out otherwise`,
    "",
  ].join("\n");
}

const titleOf = ({ name, policy_id }: Side): string => `${policy_id} (${name})`;

const changeLine = ({ key, before, after, effect, level }: PolicyChange): string => `${key}: ${changeText(before, after)}   ${effect} (${level})`;

interface BumpOptions {
  readonly policy?: string;
  readonly level?: Level;
  readonly against?: string;
  readonly reason?: string;
  readonly json: boolean;
}

export async function bump(options: BumpOptions): Promise<number> {
  const policyFile = options.policy ?? defaultPolicy();
  const now = await fromWorkingTree(policyFile);
  const base = await baseOf(policyFile, options.against ?? null, now);
  const changes = changesBetween(base.snapshot, now.snapshot);
  const [from, present] = [base.snapshot.policy.meta.version, now.snapshot.policy.meta.version];
  const level = chosenLevel(options.level ?? null, changes, base.name);
  if (level === null || (present !== from && isAtLeast(claimedLevel(from, present), level))) {
    report(options, { version: present, level, from, changes }, `${present} covers the change since ${from} of ${base.name}: nothing to do\n`);
    return 0;
  }
  const version = nextVersion(from, level);
  const day = clock.wall().slice(0, 10);
  const changelogFile = join(dirname(policyFile), "CHANGELOG.md");
  // The text is edited before anything is written: where that can't be done, nothing is half done.
  const text = withVersion((await world.readKept(policyFile)) ?? "", version, day);
  const changelog = withEntry((await world.readKept(changelogFile)) ?? "", { version, day, reason: options.reason ?? null, changes });
  await world.replaceFile(policyFile, text);
  await world.replaceFile(changelogFile, changelog);
  report(options, { version, level, from, changes }, `${from} → ${version} (${level}): ${shown(policyFile)}, ${shown(changelogFile)}\n`);
  return 0;
}

/** HEAD, or, where the working tree is as HEAD has it, the policy before the last commit that changed it: what `policy validate` compares with. */
async function baseOf(policyFile: string, against: string | null, now: Compared): Promise<Compared> {
  if (against !== null) return fromWord(against, policyFile);
  const head = await fromRevision("HEAD", policyFile);
  if (!head.ok)
    throw new BakeoffError("usage", `there is nothing to compare the policy with: ${head.reason}`, "name the policy before the change: --against FILE");
  if (changesBetween(head.value.snapshot, now.snapshot).length > 0) return head.value;
  const earlier = await fromBeforeLastChange(policyFile).catch((error: unknown) => {
    if (error instanceof WrittenFileError) return null;
    throw error;
  });
  return earlier?.ok ? earlier.value : head.value;
}

function chosenLevel(asked: Level | null, changes: readonly PolicyChange[], base: string): Level | null {
  const needed = neededLevel(changes);
  if (asked === null || isAtLeast(asked, needed)) return asked ?? needed;
  const why = changes.find(({ level }) => level === needed);
  throw new BakeoffError(
    "usage",
    `a ${asked} step is too small: the change since ${base} is ${needed}${why ? ` (${why.key} ${why.effect})` : ""}`,
    `leave --level out, or say --level ${needed ?? asked}`,
  );
}

function report({ json }: { readonly json: boolean }, facts: object, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(facts, null, 2)}\n` : text);
}

const shown = (path: string): string => relative(process.cwd(), path) || path;

interface SignOptions extends PolicyOptions {
  readonly key?: string;
  readonly newKey?: string;
  readonly json: boolean;
}

export async function sign(options: SignOptions): Promise<number> {
  const sources = sourcesOf(options);
  const { snapshot } = await world.readPolicy(sources, clock.wall());
  const key = await keyOf(options);
  const file = world.signatureFile(sources);
  await world.replaceFile(file, `${canonicalJson(signPolicy(snapshot, key))}\n`);
  const trusted = snapshot.policy.signing.trusted_keys.includes(key.publicKey);
  const facts = { policy_id: snapshot.policy_id, hash: snapshot.hash, file: shown(file), public_key: key.publicKey, trusted };
  report(options, facts, `${snapshot.policy_id} (${snapshot.hash}) signed: ${shown(file)}\npublic key ${key.publicKey}\n`);
  if (!trusted) {
    process.stderr.write(
      `the policy does not trust this key yet, so the signature does not count.\n  → add "${key.publicKey}" to signing.trusted_keys, then: bakeoff policy bump, bakeoff policy sign --key FILE\n`,
    );
  }
  return 0;
}

async function keyOf({ key, newKey }: SignOptions): Promise<SigningKey> {
  if (key !== undefined && newKey !== undefined) throw new BakeoffError("usage", "--key and --new-key exclude each other", "name one of them");
  if (newKey !== undefined) return world.createKeyFile(newKey);
  const loaded = await world.loadSigningKey(key ?? null);
  if (loaded) return loaded;
  throw new BakeoffError("usage", "there is no key to sign with", "name one (--key FILE), make one (--new-key FILE), or set BAKEOFF_SIGNING_KEY");
}
