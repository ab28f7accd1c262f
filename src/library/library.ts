// The package's entry for programs: run, gate and replay as functions, over the same use cases as the command line.
import { composeGate } from "../app/compose/gate.ts";
import { composeReplay } from "../app/compose/replay.ts";
import { composeRun } from "../app/compose/run.ts";
import { decideGate } from "../app/gate/decide.ts";
import { findPlaces } from "../app/places.ts";
import { onlyPolicy } from "../app/policy/sources.ts";
import { replayCapsule } from "../app/replay/replay-capsule.ts";
import { runSession } from "../app/run/session.ts";
import { BakeoffError, invariant } from "../core/base/errors.ts";
import type * as api from "./api.ts";
import { gateOutcome, replayOutcome, runOutcome } from "./outcomes.ts";
import { watcherFor } from "./watcher.ts";

/** Of a call that nobody stops. */
const never = (): AbortSignal => new AbortController().signal;

const run: typeof api.run = async (call = {}) => {
  const places = findPlaces(call);
  const request = {
    suite: call.suite ?? null,
    policySources: onlyPolicy(places.policyFile(call.policy)),
    candidates: call.candidates ?? null,
    epochs: call.epochs ?? 1,
    limit: call.limit ?? null,
    tasks: call.tasks ?? null,
    concurrency: null,
    capability: false,
    seed: call.seed ?? 1,
    resume: call.resume ?? null,
    diagnosisOf: null,
    overrideBudget: false,
    requiredSandbox: null,
    registration: null,
    keyFile: call.keyFile ?? null,
    reportFolder: null,
    otlp: null,
  };
  const result = await runSession({ ...composeRun(places), keepHeapSmall: quiet }, request, watcherFor(call), call.signal ?? never());
  return runOutcome(result);
};

const quiet = (): void => undefined;

const gate: typeof api.gate = async (call) => {
  const places = findPlaces(call);
  const { documents, paths } = await decideGate(composeGate(places), {
    candidates: [call.candidate],
    incumbent: call.incumbent ?? null,
    capsules: call.capsules ?? [],
    registration: call.registration ?? null,
    override: { by: null, reason: null },
    keyFile: call.keyFile ?? null,
    policyFile: places.policyFile(call.policy),
    policyFrom: call.policyFrom ?? null,
    trusted: call.trust ?? [],
    junit: null,
  });
  const [document, path] = [documents[0], paths[0]];
  invariant(document !== undefined && path !== undefined, "a gate of one candidate has one decision");
  return gateOutcome(document, path);
};

const replay: typeof api.replay = async (call) => {
  const places = findPlaces(call);
  const request = {
    capsule: call.capsule,
    reexecute: call.reexecute ?? false,
    policyFile: null,
    compare: null,
    suite: call.suite ?? null,
    trusted: call.trust ?? [],
    reports: call.out === undefined ? null : { folder: call.out },
    json: null,
    reexecuted: quiet,
  };
  // The heap is not ours alone: its growth stays as the caller has it.
  const { model } = await replayCapsule({ ...composeReplay(places), keepHeapSmall: quiet }, request, call.signal ?? never());
  return replayOutcome(model);
};

export { BakeoffError, gate, replay, run };
