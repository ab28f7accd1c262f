// Verifies patches that any agent made elsewhere, through loop and confirmation, into a capsule that never promotes.
import { EXTERNAL_OVERRIDES } from "../run/external.ts";
import type { RunPorts } from "../run/ports.ts";
import { DEFAULT_SUITE, runSession, type SessionRequest, type SessionResult, type SessionWatcher } from "../run/session.ts";
import type { SandboxTier } from "../../core/trial/sandbox-tier.ts";
import { gatherPatches, type PatchPorts, type PatchRequest } from "./patches.ts";

export interface ScorePorts extends PatchPorts {
  readonly run: RunPorts;
}

export interface ScoreRequest extends PatchRequest {
  /** Null: the default suite. */
  readonly suite: string | null;
  /** Every task of the suite: one without a patch is lost. */
  readonly all: boolean;
  readonly policyFile: string;
  readonly concurrency: number | null;
  readonly resume: string | null;
  readonly requiredSandbox: SandboxTier | null;
  readonly keyFile: string | null;
  readonly reportFolder: string | null;
}

export interface ScoreResult extends SessionResult {
  /** Tasks of the suite that no patch was given for, and that are in no rate. */
  readonly withoutPatch: number;
}

export async function scorePatches(ports: ScorePorts, request: ScoreRequest, watcher: SessionWatcher, signal: AbortSignal): Promise<ScoreResult> {
  const suite = await ports.run.loadSuite(request.suite ?? DEFAULT_SUITE);
  const external = await gatherPatches(ports, request, suite);
  const session: SessionRequest = {
    suite: request.suite ?? DEFAULT_SUITE,
    policySources: { policyFile: request.policyFile, specFile: null, overrides: EXTERNAL_OVERRIDES },
    candidates: null,
    epochs: 1,
    limit: null,
    tasks: request.all ? null : suite.tasks.map(({ id }) => id).filter((id) => external.diffs.has(id)),
    concurrency: request.concurrency,
    // What an agent did on a high-risk task was done: it is verified, and reported as outside of the policy.
    capability: true,
    seed: 1,
    resume: request.resume,
    diagnosisOf: null,
    external,
    overrideBudget: false,
    requiredSandbox: request.requiredSandbox,
    registration: null,
    keyFile: request.keyFile,
    reportFolder: request.reportFolder,
    otlp: null,
  };
  const result = await runSession(ports.run, session, watcher, signal);
  return { ...result, withoutPatch: request.all ? 0 : suite.tasks.length - external.diffs.size };
}
