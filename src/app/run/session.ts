// One run, from what was asked for to a sealed and signed capsule with its report beside it.
import { sha256 } from "../../core/base/canonical.ts";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import { type Header, lineText } from "../../core/capsule/line.ts";
import { foldRun, type RunRecord } from "../../core/capsule/record.ts";
import { capsuleFaults, type SealedCapsule } from "../../core/capsule/verify.ts";
import { designOf } from "../../core/gate/planning/design.ts";
import { missingText, unreachable } from "../../core/gate/planning/reachable.ts";
import { type PolicySnapshot, snapshotText } from "../../core/policy/snapshot.ts";
import { otlpDocuments } from "../../core/report/formats/otlp/documents.ts";
import type { Journal, StoredRun } from "../../ports/journal.ts";
import type { PolicySources } from "../../ports/policies.ts";
import type { PolicySource } from "../../ports/policy-source.ts";
import type { PolicyCandidate, Serving } from "../../ports/serving.ts";
import type { OpenBench } from "../../ports/workbench.ts";
import type { SandboxTier } from "../../core/trial/sandbox-tier.ts";
import { checkTexts } from "../../trial/capture-guard.ts";
import { bindRegistration, checkBound, recordBegun } from "../gate/registration-log.ts";
import { runBakeoff, type RunWatcher } from "./bakeoff.ts";
import { checkSandbox, lineUp } from "./lineup.ts";
import { checkResumable, eventsToKeep, planRun, type RunParts } from "./plan.ts";
import type { RunPorts } from "./ports.ts";
import type { Turn } from "../../core/policy/turns.ts";
import { startObstacle } from "../serve/start-job.ts";
import { type ServedTurns, servedTurns, type TurnEvent } from "./served-turns.ts";
import { policyForRun, type RunPolicy } from "./run-policy.ts";

export interface SessionRequest {
  /** Null: the default suite, or that of the run to go on with. */
  readonly suite: string | null;
  readonly policySources: PolicySources;
  readonly candidates: readonly string[] | null;
  readonly epochs: number;
  readonly limit: number | null;
  readonly tasks: readonly string[] | null;
  /** Null: as many as the machine has cores. */
  readonly concurrency: number | null;
  readonly capability: boolean;
  /** Start the servers of candidates that are not there, in turn; absent: start none. */
  readonly serve?: { readonly readyTimeoutMs: number } | undefined;
  readonly seed: number;
  /** Capsule path or run id of a run to go on with. */
  readonly resume: string | null;
  /** The run of which only what failed or was lost is repeated; null: this is a run of its own. */
  readonly diagnosisOf: string | null;
  readonly overrideBudget: boolean;
  /** The worst sandbox tier that will do; null: any. */
  readonly requiredSandbox: SandboxTier | null;
  /** File of the registration that the run begins under; null: none. */
  readonly registration: string | null;
  /** File of the key that signs the capsule; null: the one in the environment, if there is one. */
  readonly keyFile: string | null;
  /** Folder of the report; null: the usual one. */
  readonly reportFolder: string | null;
  /** Base address of the OpenTelemetry collector that is told of the sealed run; null: none. */
  readonly otlp: string | null;
}

export const DEFAULT_SUITE = "reflex-patchloop-v1";

export interface SessionWatcher extends RunWatcher {
  /** What becomes of a server that the run started itself. */
  served?(event: TurnEvent): void;
  /** Called once the run is planned and before anything is prepared. */
  planned(header: Header, capsule: string): void;
  /** Called next, where no candidate could be promoted on this run alone: what is missing, in words. */
  unreachable(missing: string): void;
  /** Called where the run to go on with is sealed: only its report is made. */
  finished(header: Header, capsule: string): void;
  /** Called once the capsule is sealed and signed: what fails from now on costs nothing of the run. */
  sealed(capsule: string): void;
  /** Called where telemetry was asked for and could not be sent. */
  telemetryLost(why: string): void;
}

export interface SessionResult {
  readonly record: RunRecord;
  readonly capsule: string;
  /** Path of the signature; null where no key is there. */
  readonly signature: string | null;
  /** Folder of the report. */
  readonly report: string;
}

/** Runs, seals, signs and reports. A key that can't be read is found before anything runs. */
export async function runSession(ports: RunPorts, request: SessionRequest, watcher: SessionWatcher, signal: AbortSignal): Promise<SessionResult> {
  const key = await ports.keys.load(request.keyFile);
  const { record, capsule } = await sealedRun({ ports, request, watcher, signal });
  const signature = key === null ? null : await ports.capsules.sign(capsule, key);
  watcher.sealed(capsule);
  await tell(ports, record, request.otlp, watcher);
  return { record, capsule, signature, report: await ports.writeReport(record, request.reportFolder) };
}

/** Lost telemetry is no lost run: the capsule holds all of it. Sent when nothing is timed any more. */
async function tell({ sendTelemetry }: RunPorts, record: RunRecord, otlp: string | null, watcher: SessionWatcher): Promise<void> {
  if (otlp === null) return;
  try {
    await sendTelemetry(otlp, otlpDocuments(record));
  } catch (error) {
    watcher.telemetryLost(messageOf(error));
  }
}

/** What was asked for, and what there is to do it with. */
interface Session {
  readonly ports: RunPorts;
  readonly request: SessionRequest;
  readonly watcher: SessionWatcher;
  readonly signal: AbortSignal;
}

type SealedRun = Pick<SessionResult, "record" | "capsule">;

/** A run to go on with, as its journal or capsule holds it. */
interface Interrupted {
  readonly capsule: string;
  readonly stored: StoredRun & SealedCapsule;
}

async function sealedRun(session: Session): Promise<SealedRun> {
  const { ports, request, watcher } = session;
  if (request.resume === null) return liveSession(session, null);
  const capsule = ports.capsules.pathOf(request.resume);
  const interrupted = { capsule, stored: await ports.capsules.read(capsule) };
  return interrupted.stored.seal ? finished(interrupted, watcher) : liveSession(session, interrupted);
}

/** A run that was stopped after its seal has only its report to make; making it again gives the same bytes. */
function finished({ capsule, stored }: Interrupted, watcher: SessionWatcher): SealedRun {
  const [fault] = capsuleFaults(stored);
  if (fault) throw new BakeoffError("integrity", `${capsule} does not verify: ${fault.fault}`, "start a new run");
  watcher.finished(stored.header, capsule);
  return { record: foldRun(stored.header, stored.events), capsule };
}

async function liveSession(session: Session, interrupted: Interrupted | null): Promise<SealedRun> {
  const { ports, request } = session;
  const before = interrupted?.stored.header ?? null;
  const policy = await sessionPolicy(session, before);
  const { suite, snapshot } = policy;
  const concurrency = request.concurrency ?? ports.cores;
  const slots = { cargo: Math.min(before?.concurrency.cargo ?? concurrency, ports.cores), model: concurrency };
  const open = await ports.openBench(slots.cargo, session.signal);
  try {
    const { toolchain, tier } = open.bench;
    const facts: Facts = { suite, snapshot, policy, toolchain, tier, decisionRegister: await ports.decisionRegister(request.policySources.policyFile) };
    const serving = ports.serving(snapshot);
    const begun = interrupted === null ? await begin(session, facts, serving, slots) : await goOn(ports, interrupted, facts);
    return await work(session, begun, { ...facts, open, serving, policySource: ports.policies.watch(request.policySources) });
  } finally {
    await open.close();
  }
}

/** The suite and the policy, as far as they may be run together. `before`: the header of the run to go on with. */
async function sessionPolicy({ ports, request }: Session, before: Header | null): Promise<RunPolicy> {
  const suite = await ports.loadSuite(request.suite ?? before?.suite.name ?? DEFAULT_SUITE);
  const tasks = before?.tasks.map(({ id }) => id) ?? request.tasks;
  const policy = await policyForRun(ports.policies, request.policySources, suite, tasks);
  if (request.overrideBudget && !policy.snapshot.policy.budgets.allow_override)
    throw new BakeoffError("usage", "the policy allows no budget override", "set budgets.allow_override there, or leave --override-budget out");
  return policy;
}

type Facts = Omit<RunParts, "lineUp" | "warnings" | "policyFacts"> & { readonly policy: RunPolicy };

interface Begun {
  readonly header: Header;
  readonly journal: Journal;
  readonly stored: StoredRun | null;
}

const diagnosisWarning = (run: string): string =>
  `a diagnosis: it repeats what failed or was lost in ${run}, so that its rates are of tasks that were lost before; no gate and no trend takes it`;

const turnsWarning = (turns: readonly Turn[]): string =>
  `served in turn, in an order that the seed drew (${turns.map((turn) => turn.join(" and ")).join(", then ")}): what changed on this machine meanwhile is part of their difference`;

async function begin({ ports, request }: Session, facts: Facts, serving: Serving, concurrency: Header["concurrency"]): Promise<Begun> {
  const { snapshot } = facts;
  const { readiness, reachable } = serving;
  const obstacle = (candidate: PolicyCandidate) => startObstacle(ports.servers, snapshot, candidate);
  const starting = request.serve === undefined ? {} : { starting: { obstacle, seed: request.seed } };
  const chosen = await lineUp({ policy: snapshot.policy, candidates: snapshot.candidates, requested: request.candidates, readiness, reachable, ...starting });
  const warnings = [
    ...(request.diagnosisOf === null ? [] : [diagnosisWarning(request.diagnosisOf)]),
    ...facts.policy.warnings,
    ...((chosen.turns?.length ?? 0) < 2 ? [] : [turnsWarning(chosen.turns ?? [])]),
    ...checkSandbox(facts.tier, chosen, request.requiredSandbox),
  ];
  const { signature } = facts.policy;
  const policyFacts = { ...facts.policy.facts, ...(signature === null ? {} : { signature_hash: sha256(signature) }) };
  const bound = request.registration === null ? null : await bindRegistration(ports.registrations, request.registration);
  const registration = bound === null ? {} : { registration: { sha256: bound.sha256 } };
  const asked = { ...request, runId: ports.newRunId(), createdAt: ports.clock.wall(), version: ports.version, concurrency };
  const header = planRun(asked, { ...facts, ...registration, lineUp: chosen, warnings, policyFacts });
  if (bound !== null) checkBound(bound, header);
  const kept = [snapshotText(snapshot), facts.decisionRegister, signature].filter((text) => text !== null);
  checkTexts([lineText(header), ...kept], serving.redactor);
  const blobs = kept.map((text) => ({ sha256: sha256(text), text }));
  const journal = await ports.capsules.create(header, blobs);
  // After its journal: a run that the log knows and that never was would count against its registration.
  await recordBegun(ports.registrations.log, header);
  return { header, journal, stored: null };
}

async function goOn({ capsules, registrations }: RunPorts, { capsule, stored }: Interrupted, facts: Facts): Promise<Begun> {
  checkResumable(stored.header, facts);
  await recordBegun(registrations.log, stored.header);
  const reopened = await capsules.reopen(capsule, eventsToKeep);
  return { header: reopened.stored.header, ...reopened };
}

interface Means extends Facts {
  readonly open: OpenBench;
  readonly serving: Serving;
  readonly policySource: PolicySource;
}

async function work({ ports, request, watcher, signal }: Session, { header, journal, stored }: Begun, means: Means): Promise<SealedRun> {
  const { snapshot, suite, serving, policySource } = means;
  const { bench } = means.open;
  watcher.planned(header, journal.path);
  const missing = missingText(unreachable(designOf(header, snapshot.policy)));
  if (missing !== "") watcher.unreachable(missing);
  try {
    const turns = turnsFor(header, { ports, request, watcher, signal }, snapshot);
    const record = await runBakeoff({
      header,
      suite,
      snapshot,
      journal,
      stored,
      watcher,
      signal,
      policySource,
      bench,
      overrideBudget: request.overrideBudget,
      clock: ports.clock,
      wait: ports.wait,
      diffTool: ports.diffTool(signal),
      turns,
      providers: new Map([...serving.providers(bench)].map(([name, provider]) => [name, turns.order.length === 0 ? provider : turns.patient(provider)])),
      prices: snapshot.policy.prices.models,
      retries: snapshot.policy.retries,
      capture: snapshot.policy.capture.mode,
      redactor: serving.redactor,
      notebook: await serving.notebook(),
      servers: serving.inspectors(playingProviders(header)),
      modelSlot: ports.slots(header.concurrency.model),
      trialSlot: ports.slots(header.concurrency.cargo + header.concurrency.model),
    });
    return { record, capsule: journal.path };
  } finally {
    await journal.close();
  }
}

/** The servers that the run starts itself. A run that was begun with them goes on with them. */
function turnsFor({ run_id: run, turns = [] }: Header, { ports, request: { serve }, watcher, signal }: Session, snapshot: PolicySnapshot): ServedTurns {
  if (turns.length > 0 && serve === undefined) throw new BakeoffError("usage", `run ${run} starts servers itself`, "add --serve, as it was begun with");
  const told = (event: TurnEvent): void => watcher.served?.(event);
  return servedTurns(ports.servers, { snapshot, order: turns, readyTimeoutMs: serve?.readyTimeoutMs ?? 0, tell: told }, signal);
}

/** The providers that this run may call. */
function playingProviders({ candidates, bindings }: Header): readonly string[] {
  return [...new Set([...candidates, ...Object.values(bindings)].map(({ provider }) => provider))];
}
