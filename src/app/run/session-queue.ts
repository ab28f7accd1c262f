// The queue of a session: this process's own slots, or workers that are reached over a queue.
import { sha256 } from "../../core/base/canonical.ts";
import { createRandom } from "../../core/base/random.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { type Header, lineText } from "../../core/capsule/line.ts";
import { plannedTrials } from "../../core/capsule/record.ts";
import { type PolicySnapshot, snapshotText } from "../../core/policy/snapshot.ts";
import type { Suite } from "../../core/suite/suite.ts";
import { trialPlan } from "../../core/trial/plan.ts";
import type { TrialQueue } from "../../ports/trial-queue.ts";
import { inProcessQueue } from "../../trial/in-process-queue.ts";
import { Coordinator } from "../queue/coordinator.ts";
import type { CrewEvent } from "../queue/crew.ts";
import { LeftOvers } from "../queue/left-overs.ts";
import { type RecheckOptions, Rechecks } from "../queue/rechecks.ts";
import { writeSuite } from "../queue/suite-text.ts";
import type { RunPorts } from "./ports.ts";
import type { QueueRequest, ReachedQueue } from "./queue-request.ts";

export interface QueuedRun {
  readonly ports: Pick<RunPorts, "clock" | "wait" | "newRunId">;
  readonly header: Header;
  readonly suite: Suite;
  readonly snapshot: PolicySnapshot;
  readonly goesOn: boolean;
  /** What a share of workers' verdicts is worked out again with. */
  readonly bench: RecheckOptions["bench"];
  readonly signal: AbortSignal;
  readonly tell: (event: CrewEvent) => void;
}

/** `reached`: null where the run is carried out in this process. */
export async function sessionQueue(reached: ReachedQueue | null, request: QueueRequest | undefined, run: QueuedRun): Promise<TrialQueue> {
  const { ports, header, suite, snapshot } = run;
  if (reached === null || request === undefined) return inProcessQueue(header.concurrency.cargo + header.concurrency.model);
  if (header.turns !== undefined)
    throw new BakeoffError(
      "usage",
      "a run that starts servers itself is carried out in one process",
      "start the servers where the workers reach them, and leave --serve out",
    );
  const [headerText, policyText, suiteText] = [lineText(header), snapshotText(snapshot), writeSuite(suite)];
  const texts = new Map([headerText, policyText, suiteText].map((text) => [sha256(text), text]));
  const inputs = { header: sha256(headerText), snapshot: sha256(policyText), suite: sha256(suiteText) };
  const manifest = { format: 1 as const, run: header.run_id, ...inputs, lease_ms: request.leaseMs, mixed: request.mixedToolchains };
  const leftOvers = new LeftOvers(snapshot, (id) => {
    const trial = plannedTrials(header).find((planned) => planned.id === id);
    return trial === undefined ? null : trialPlan(header, trial);
  });
  const { clock, wait } = ports;
  const wire = await reached(header.run_id);
  const { goesOn, signal, tell } = run;
  const rechecks = rechecksOf(request, run);
  const given = { address: request.url, wire, header, manifest, texts, clock, wait, signal, goesOn, leftOvers, rechecks, tell };
  return new Coordinator({ ...given, incarnation: ports.newRunId() });
}

/** Drawn by a name that is told to nobody: a worker that knew which ones would be honest in those. */
function rechecksOf({ recheckShare }: QueueRequest, { ports, suite, bench, signal }: QueuedRun): Rechecks | null {
  if (recheckShare === 0) return null;
  const random = createRandom(ports.newRunId());
  return new Rechecks({ suite, bench, signal, draw: () => random.next() < recheckShare });
}
