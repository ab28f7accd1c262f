// One run, from what was asked for to a sealed and signed capsule with its report beside it.
import { sha256 } from "../../core/base/canonical.ts";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import { type Header, lineText } from "../../core/capsule/line.ts";
import { type ForecastCalls, forecast } from "../../core/capsule/plan/forecast.ts";
import { spentIn } from "../../core/capsule/spent.ts";
import { designOf } from "../../core/gate/planning/design.ts";
import { missingText, unreachable } from "../../core/gate/planning/reachable.ts";
import { snapshotText } from "../../core/policy/snapshot.ts";
import type { Spent } from "../../core/router/budget.ts";
import type { ReportModel } from "../../core/report/model.ts";
import { NO_TEXTS, reportSource } from "../../core/report/source.ts";
import type { Journal } from "../../ports/journal.ts";
import type { KeptAnswers } from "../../ports/kept-answers.ts";
import type { PolicySources } from "../../ports/policies.ts";
import type { PolicySource } from "../../ports/policy-source.ts";
import type { Serving } from "../../ports/serving.ts";
import type { OpenBench } from "../../ports/workbench.ts";
import { pricingOf } from "../../core/trial/call-cost.ts";
import type { SandboxTier } from "../../core/trial/sandbox-tier.ts";
import { checkTexts } from "../../trial/capture-guard.ts";
import type { CrewEvent } from "../queue/crew.ts";
import { reportedRun } from "../report/sealed.ts";
import { bindRegistration, checkBound, recordBegun } from "../gate/registration-log.ts";
import { runBakeoff } from "./bakeoff.ts";
import type { RunWatcher } from "./bakeoff-options.ts";
import { checkSamePatches, type ExternalPatches, externalFacts, NOTEBOOK_UNASKED } from "./external.ts";
import { checkSandbox } from "./lineup.ts";
import { keepRun, type KeptRun, nothingKept } from "./kept-run.ts";
import { checkResumable, chosenTasks, planRun, type RunParts } from "./plan.ts";
import type { RunPorts } from "./ports.ts";
import type { QueueRequest, ReachedQueue } from "./queue-request.ts";
import { sessionQueue } from "./session-queue.ts";
import { sendTraces, type TelemetryWatcher } from "./session-traces.ts";
import { sessionLineUp } from "./session-lineup.ts";
import { sessionProviders } from "./session-providers.ts";
import { playingProviders, sessionTurns } from "./session-turns.ts";
import type { TurnEvent } from "./served-turns.ts";
import { roomWarnings, runWarnings } from "./warnings.ts";
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
  /** The queue whose workers carry the trials out; absent: this process does. */
  readonly queue?: QueueRequest | undefined;
  /** Folder of answers that are used again for identical requests; absent: every model is asked. */
  readonly answerCache?: string | undefined;
  readonly seed: number;
  /** Capsule path or run id of a run to go on with. */
  readonly resume: string | null;
  /** The run of which only what failed or was lost is repeated; null: this is a run of its own. */
  readonly diagnosisOf: string | null;
  /** Patches that an agent made elsewhere: they are verified, and nobody is asked for any; absent: a run of models. */
  readonly external?: ExternalPatches | undefined;
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

export interface SessionWatcher extends RunWatcher, TelemetryWatcher {
  /** What becomes of a server that the run started itself. */
  served?(event: TurnEvent): void;
  /** Called once the run is planned and before anything is prepared. */
  planned(header: Header, capsule: string): void;
  /** Called next: what will be asked of whom, and what that may cost. Of a run that goes on: of the whole. */
  forecast?(calls: readonly ForecastCalls[]): void;
  /** Called next, where no candidate could be promoted on this run alone: what is missing, in words. */
  unreachable(missing: string): void;
  /** Called where the run to go on with is sealed: only its report is made. */
  finished(header: Header, capsule: string): void;
  /** Called once the capsule is sealed and signed: what fails from now on costs nothing of the run. */
  sealed(capsule: string): void;
  /** A kept answer that could not be used, or one that could not be kept: the run goes on without it. */
  answerCache?(what: string): void;
  /** What becomes of the workers of a queue. */
  crew?(event: CrewEvent): void;
}

export interface SessionResult {
  readonly model: ReportModel;
  /** By every call of every role, calibration included. */
  readonly spent: Spent;
  readonly capsule: string;
  /** Path of the signature; null where no key is there. */
  readonly signature: string | null;
  /** Folder of the report. */
  readonly report: string;
}

/** Runs, seals, signs and reports. A key that can't be read is found before anything runs. */
export async function runSession(ports: RunPorts, request: SessionRequest, watcher: SessionWatcher, signal: AbortSignal): Promise<SessionResult> {
  ports.keepHeapSmall();
  const key = await ports.keys.load(request.keyFile);
  // One that can't be reached is found before anything is planned, too.
  const reached = request.queue === undefined ? null : await ports.reachQueue(request.queue);
  const answers = request.answerCache === undefined ? null : await ports.openKeptAnswers(request.answerCache);
  const capsule = await sealedRun({ ports, request, watcher, signal, reached, answers });
  const signature = key === null ? null : await ports.capsules.sign(capsule, key);
  watcher.sealed(capsule);
  const run = await ports.capsules.open(capsule);
  try {
    const [fault] = run.faults;
    if (fault) throw new BakeoffError("integrity", `${capsule} does not verify: ${fault.fault}`, "look at the disk that it is on, and start a new run");
    const source = reportSource(reportedRun(run), { texts: NO_TEXTS, sealedAt: null, notices: [] });
    await sendTraces(ports, source.record, request.otlp, watcher);
    const report = await ports.writeReport(source, request.reportFolder);
    return { model: source.model, spent: spentIn(source.record), capsule, signature, report };
  } finally {
    run.close();
  }
}

/** What was asked for, and what there is to do it with. */
interface Session {
  readonly ports: RunPorts;
  readonly request: SessionRequest;
  readonly watcher: SessionWatcher;
  readonly signal: AbortSignal;
  readonly reached: ReachedQueue | null;
  readonly answers: KeptAnswers | null;
}

/** A run to go on with. */
interface Interrupted {
  readonly capsule: string;
  readonly header: Header;
}

/** The path of its capsule. */
async function sealedRun(session: Session): Promise<string> {
  const { ports, request, watcher } = session;
  if (request.resume === null) return liveSession(session, null);
  const capsule = ports.capsules.pathOf(request.resume);
  const { header, sealed } = await ports.capsules.peek(capsule);
  if (!sealed) return liveSession(session, { capsule, header });
  // A run that was stopped after its seal has only its report to make; making it again gives the same bytes.
  watcher.finished(header, capsule);
  return capsule;
}

async function liveSession(session: Session, interrupted: Interrupted | null): Promise<string> {
  const { ports, request } = session;
  const before = interrupted?.header ?? null;
  const policy = await sessionPolicy(session, before);
  const { suite, snapshot } = policy;
  const concurrency = request.concurrency ?? ports.cores;
  const slots = { cargo: Math.min(before?.concurrency.cargo ?? concurrency, ports.cores), model: concurrency };
  const open = await ports.openBench(slots.cargo, session.signal);
  try {
    const { toolchain, tier } = open.bench;
    const facts: Facts = { suite, snapshot, policy, toolchain, tier, decisionRegister: await ports.decisionRegister(request.policySources.policyFile) };
    const serving = ports.serving(snapshot);
    const begun = interrupted === null ? await begin(session, facts, serving, slots) : await goOn(session, interrupted, facts, serving);
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
  /** Null for a run that begins. */
  readonly kept: KeptRun | null;
}

async function begin(session: Session, facts: Facts, serving: Serving, concurrency: Header["concurrency"]): Promise<Begun> {
  const { ports, request } = session;
  const { snapshot } = facts;
  const { external } = request;
  const chosen = await sessionLineUp(request, { servers: ports.servers, snapshot, serving });
  const warnings = [
    ...runWarnings(request, facts.policy.warnings, chosen.turns),
    ...checkSandbox(facts.tier, chosen, request.requiredSandbox),
    ...roomWarnings(facts, request.tasks, chosen.contexts),
  ];
  const { signature } = facts.policy;
  const policyFacts = { ...facts.policy.facts, ...(signature === null ? {} : { signature_hash: sha256(signature) }) };
  const bound = request.registration === null ? null : await bindRegistration(ports.registrations, request.registration);
  const registration = bound === null ? {} : { registration: { sha256: bound.sha256 } };
  const asked = { ...request, runId: ports.newRunId(), createdAt: ports.clock.wall(), version: ports.version, concurrency };
  const given = external && externalFacts(external, chosenTasks(facts.suite, request), serving.redactor);
  const header = planRun(asked, { ...facts, ...registration, external: given, lineUp: chosen, warnings, policyFacts, answerCache: session.answers !== null });
  if (bound !== null) checkBound(bound, header);
  const kept = [snapshotText(snapshot), facts.decisionRegister, signature].filter((text) => text !== null);
  checkTexts([lineText(header), ...kept], serving.redactor);
  const blobs = kept.map((text) => ({ sha256: sha256(text), text }));
  const journal = await ports.capsules.create(header, blobs);
  // After its journal: a run that the log knows and that never was would count against its registration.
  await recordBegun(ports.registrations.log, header);
  return { header, journal, kept: null };
}

async function goOn(
  { ports: { capsules, registrations }, request }: Session,
  { capsule, header }: Interrupted,
  facts: Facts,
  serving: Serving,
): Promise<Begun> {
  checkSamePatches(header, request.external, serving.redactor);
  checkResumable(header, facts);
  await recordBegun(registrations.log, header);
  return { header, ...(await capsules.reopen(capsule, keepRun)) };
}

interface Means extends Facts {
  readonly open: OpenBench;
  readonly serving: Serving;
  readonly policySource: PolicySource;
}

async function work(session: Session, { header, journal, kept }: Begun, means: Means): Promise<string> {
  const { ports, request, watcher, signal } = session;
  const { snapshot, suite, serving, policySource } = means;
  const { bench } = means.open;
  watcher.planned(header, journal.path);
  if (request.external === undefined) watcher.forecast?.(forecast({ snapshot, ...header }));
  const missing = missingText(unreachable(designOf(header, snapshot.policy)));
  if (missing !== "" && request.external === undefined) watcher.unreachable(missing);
  const tell = (event: CrewEvent): void => watcher.crew?.(event);
  const goesOn = kept !== null;
  const queue = await sessionQueue(session.reached, request.queue, { ports, header, suite, snapshot, bench, goesOn, signal, tell });
  let how: "finished" | "stopped" = "stopped";
  try {
    const turns = sessionTurns(header, session, { snapshot, suite });
    const providers = sessionProviders(session, { header, snapshot, serving, bench, turns });
    await runBakeoff({
      header,
      suite,
      snapshot,
      journal,
      kept: kept ?? nothingKept(),
      watcher,
      signal,
      policySource,
      bench,
      overrideBudget: request.overrideBudget,
      clock: ports.clock,
      wait: ports.wait,
      diffTool: ports.diffTool(signal),
      turns,
      providers,
      prices: pricingOf(snapshot),
      retries: snapshot.policy.retries,
      capture: snapshot.policy.capture.mode,
      redactor: serving.redactor,
      notebook: request.external === undefined ? await serving.notebook() : NOTEBOOK_UNASKED,
      servers: serving.inspectors(playingProviders(header)),
      modelSlot: ports.slots(header.concurrency.model),
      queue,
    });
    how = "finished";
    return journal.path;
  } finally {
    // A queue that can't be tidied up is no reason to lose a run.
    await queue.close(how).catch((error: unknown) => tell({ kind: "lost", worker: "the queue", why: messageOf(error) }));
    await journal.close();
  }
}
