// One run from the words of the command line to the report on disk.
import { join } from "node:path";
import { sha256 } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { type Header, lineText } from "../../core/capsule/line.ts";
import { foldRun, type RunRecord } from "../../core/capsule/record.ts";
import { capsuleFaults } from "../../core/capsule/verify.ts";
import { snapshotText } from "../../core/policy/snapshot.ts";
import { runBakeoff, type RunWatcher } from "./bakeoff.ts";
import { checkTexts } from "../../trial/capture-guard.ts";
import { checkSandbox, lineUp } from "./lineup.ts";
import { checkResumable, eventsToKeep, planRun, type RunParts } from "./plan.ts";
import type { Journal, StoredRun } from "../../ports/journal.ts";
import { type Bench, clock, cores, newRunId, openBench, shelf, slots, wait, world } from "../compose.ts";
import { capsulesFolder, packageVersion, PACKAGE_ROOT, suiteFolders } from "../places.ts";
import { policyForRun, type RunPolicy } from "./run-policy.ts";

export interface SessionOptions {
  /** Null: the default suite, or that of the run to go on with. */
  readonly suite: string | null;
  readonly policySources: Parameters<typeof policyForRun>[0];
  readonly candidates: readonly string[] | null;
  readonly epochs: number;
  readonly limit: number | null;
  readonly tasks: readonly string[] | null;
  readonly concurrency: number;
  readonly capability: boolean;
  readonly seed: number;
  /** Capsule path or run id of a run to go on with. */
  readonly resume: string | null;
  readonly overrideBudget: boolean;
  /** File of the key that signs the capsule; null: the one in the environment, if there is one. */
  readonly keyFile: string | null;
}

export const DEFAULT_SUITE = "reflex-patchloop-v1";

export interface SessionWatcher extends RunWatcher {
  /** Called once the run is planned and before anything is prepared. */
  planned(header: Header, capsule: string): void;
  /** Called where the run to go on with is sealed: only its report is made. */
  finished(header: Header, capsule: string): void;
}

export interface SessionResult {
  readonly record: RunRecord;
  readonly capsule: string;
  /** Path of the signature; null where no key is there. */
  readonly signature: string | null;
}

/** Runs, seals and signs. A key that can't be read is found before anything runs. */
export async function runSession(options: SessionOptions, watcher: SessionWatcher, signal: AbortSignal): Promise<SessionResult> {
  const key = await shelf.loadSigningKey(options.keyFile);
  const sealed = await sealedRun(options, watcher, signal);
  return { ...sealed, signature: key === null ? null : await shelf.signCapsule(sealed.capsule, key) };
}

type SealedRun = Omit<SessionResult, "signature">;

async function sealedRun(options: SessionOptions, watcher: SessionWatcher, signal: AbortSignal): Promise<SealedRun> {
  const capsule = options.resume === null ? null : capsulePath(options.resume);
  const stored = capsule === null ? null : await world.readCapsule(capsule);
  if (capsule !== null && stored?.seal) return finished(capsule, stored, watcher);
  return liveSession(options, { capsule, stored }, watcher, signal);
}

async function liveSession(
  options: SessionOptions,
  { capsule, stored }: { readonly capsule: string | null; readonly stored: StoredRun | null },
  watcher: SessionWatcher,
  signal: AbortSignal,
): Promise<SealedRun> {
  const whole = await world.loadSuite(await world.findSuite(options.suite ?? stored?.header.suite.name ?? DEFAULT_SUITE, suiteFolders()));
  const policy = await policyForRun(options.policySources, whole, stored?.header.tasks.map(({ id }) => id) ?? options.tasks);
  const { suite, snapshot } = policy;
  if (options.overrideBudget && !snapshot.policy.budgets.allow_override)
    throw new BakeoffError("usage", "the policy allows no budget override", "set budgets.allow_override there, or leave --override-budget out");
  const cargoSlots = Math.min(stored?.header.concurrency.cargo ?? options.concurrency, cores());
  const open = await openBench(cargoSlots, signal);
  try {
    const decisionRegister = await world.readKept(join(PACKAGE_ROOT, "docs", "DECISION_REGISTER.md"));
    const facts = { suite, snapshot, policy, toolchain: open.bench.toolchain, tier: open.tier.tier, decisionRegister };
    const begun = stored && capsule ? await goOn(capsule, stored, facts) : await begin(options, facts, cargoSlots);
    const { overrideBudget, policySources } = options;
    return await work(begun, { ...facts, open, watcher, signal, overrideBudget, policySource: world.watchedPolicy(policySources, clock.wall) });
  } finally {
    await open.close();
  }
}

/** A run that was stopped after its seal has only its report to make; making it again gives the same bytes. */
function finished(capsule: string, stored: Awaited<ReturnType<typeof world.readCapsule>>, watcher: SessionWatcher): SealedRun {
  const [fault] = capsuleFaults(stored);
  if (fault) throw new BakeoffError("integrity", `${capsule} does not verify: ${fault.fault}`, "start a new run");
  watcher.finished(stored.header, capsule);
  return { record: foldRun(stored.header, stored.events), capsule };
}

type Facts = Omit<RunParts, "lineUp" | "warnings" | "policyFacts"> & { readonly policy: RunPolicy };

interface Begun {
  readonly header: Header;
  readonly journal: Journal;
  readonly stored: StoredRun | null;
}

async function begin(options: SessionOptions, facts: Facts, cargoSlots: number): Promise<Begun> {
  const { snapshot } = facts;
  const chosen = await lineUp({
    policy: snapshot.policy,
    candidates: snapshot.candidates,
    requested: options.candidates,
    unready: world.unready(snapshot),
    reachable: world.reachable(snapshot),
  });
  const warnings = [...facts.policy.warnings, ...checkSandbox(facts.tier, chosen)];
  const { signature } = facts.policy;
  const policyFacts = { ...facts.policy.facts, ...(signature === null ? {} : { signature_hash: sha256(signature) }) };
  const request = {
    ...options,
    runId: newRunId(),
    createdAt: clock.wall(),
    version: packageVersion(),
    concurrency: { cargo: cargoSlots, model: options.concurrency },
  };
  const header = planRun(request, { ...facts, lineUp: chosen, warnings, policyFacts });
  const kept = [snapshotText(snapshot), facts.decisionRegister, signature].filter((text) => text !== null);
  checkTexts([lineText(header), ...kept], world.redactor(snapshot));
  const blobs = kept.map((text) => ({ sha256: sha256(text), text }));
  const journal = await world.createJournal(join(capsulesFolder(), `${header.run_id}.capsule.jsonl`), header, blobs);
  return { header, journal, stored: null };
}

async function goOn(capsule: string, stored: StoredRun, facts: Facts): Promise<Begun> {
  checkResumable(stored.header, facts);
  const reopened = await world.reopenJournal(capsule, eventsToKeep);
  return { header: reopened.stored.header, ...reopened };
}

interface Work extends Facts, Pick<Parameters<typeof runBakeoff>[0], "policySource"> {
  readonly open: Bench;
  readonly watcher: SessionWatcher;
  readonly signal: AbortSignal;
  readonly overrideBudget: boolean;
}

async function work({ header, journal, stored }: Begun, at: Work): Promise<SealedRun> {
  const { snapshot, suite, watcher, signal, overrideBudget, policySource } = at;
  const modelSlots = slots(header.concurrency.model);
  const trialSlots = slots(header.concurrency.cargo + header.concurrency.model);
  watcher.planned(header, journal.path);
  try {
    const record = await runBakeoff({
      header,
      suite,
      snapshot,
      journal,
      stored,
      watcher,
      signal,
      overrideBudget,
      policySource,
      clock,
      bench: at.open.bench,
      diffTool: world.diffTool(signal),
      providers: world.providers(snapshot, at.open.bench),
      prices: snapshot.policy.prices.models,
      retries: snapshot.policy.retries,
      wait,
      capture: snapshot.policy.capture.mode,
      redactor: world.redactor(snapshot),
      notebook: await world.notebook(snapshot),
      servers: world.servers(snapshot, playingProviders(header)),
      modelSlot: (task) => modelSlots(task),
      trialSlot: (task) => trialSlots(task),
    });
    return { record, capsule: journal.path };
  } finally {
    await journal.close();
  }
}

/** The providers that this run may call. */
function playingProviders({ candidates, bindings }: Header): readonly string[] {
  return [...new Set([...candidates, ...Object.values(bindings)].map(({ provider }) => provider))];
}

/** A run id stands for its capsule in the capsules folder. */
export function capsulePath(runIdOrPath: string): string {
  return runIdOrPath.endsWith(".jsonl") ? runIdOrPath : join(capsulesFolder(), `${runIdOrPath}.capsule.jsonl`);
}
