// A small sealed run to change and to seal again, and lines that stand for nothing in particular.
import { merkleRoot } from "../../../../src/core/base/canonical.ts";
import type { CapsuleCheck, LeftOutText, StoredText, Watch } from "../../../../src/core/capsule/checks/check.ts";
import { closeSeal, type EventLine, eventLine, type Header, lineText, type Seal } from "../../../../src/core/capsule/line.ts";
import { CAPSULE_CHECKS, capsuleFaults, type SealedCapsule } from "../../../../src/core/capsule/verify.ts";
import type { Routing } from "../../../../src/core/trial/routing.ts";
import type { TrialEvent } from "../../../../src/core/trial/event.ts";
import { runBakeoff } from "../../../../src/app/run/bakeoff.ts";
import { headerOf, memoryJournal, optionsFor, policyWith, snapshotBlob, taskNamed } from "../../run/fakes.ts";

const toPlan: TrialEvent = { type: "StageTransition", from: null, to: "Plan" };

/** Where the policy's first decision leads. */
export const FIRST_ATTEMPT: Routing = {
  role: "Implementer",
  mode: "Reflex",
  stage: "Implement",
  attempt: 1,
  provider: "p",
  model: "m",
  selection_reason: "reflex-first",
  stand_in: null,
  outside_policy: false,
};

/** An event of a run that was never held. */
export function plainLine(trial: string | null, seq: number, facts: Partial<EventLine> = {}): EventLine {
  const payload = facts.payload ?? toPlan;
  return eventLine.parse({
    kind: "event",
    uri: "u",
    trial,
    spec_id: null,
    run_id: "run-1",
    branch_id: "b",
    seq,
    step: seq,
    more: false,
    timestamp: "2026-11-22T00:00:01.000Z",
    stage: null,
    policy_id: "p",
    policy_hash: "0".repeat(64),
    event_type: payload.type,
    ...facts,
    payload,
  });
}

/** Two tasks, one of high risk, and one candidate, under a capture mode. */
export async function sealedRun(capture: "full_io" | "prompts_only" | "none" = "full_io"): Promise<SealedCapsule> {
  const snapshot = policyWith((policy) => void (policy.capture.mode = capture));
  const sketch = { tasks: [taskNamed("a"), taskNamed("b", { risk: "high" })], candidates: ["small"], snapshot };
  const header = headerOf(sketch);
  const journal = memoryJournal(header);
  const own = snapshotBlob(snapshot);
  journal.blobs.set(own.sha256, own.text);
  await runBakeoff(optionsFor(sketch, journal));
  const [end] = journal.sealed;
  if (!end) throw new Error("not sealed");
  return { header, events: end.events, seal: end.seal, blobs: [...journal.blobs].map(([hash, text]) => ({ sha256: hash, text })) };
}

/** With these events, and every hash made to fit them. */
export function sealedAgain(capsule: SealedCapsule, events: readonly EventLine[], blobs = capsule.blobs): SealedCapsule {
  if (!capsule.seal) throw new Error("not sealed");
  const { seal_hash: _, ...facts } = capsule.seal;
  return {
    ...capsule,
    events,
    blobs,
    seal: closeSeal({ ...facts, merkle_root: merkleRoot(events.map(lineText)), events: events.length, blobs: blobs.length }),
  };
}

export const checksOf = (capsule: SealedCapsule): string[] => capsuleFaults(capsule).map(({ check }) => check);

interface Shown {
  readonly texts?: readonly StoredText[];
  readonly withheld?: readonly LeftOutText[];
  readonly events?: readonly EventLine[];
  readonly seal?: Seal;
}

/** One check alone, after it was shown these lines in the order of a file. */
export function watchOf(name: string, header: Header, { texts = [], withheld = [], events = [], seal }: Shown): Watch {
  const [check] = CAPSULE_CHECKS.filter((one) => one.name === name);
  const watch = (check as CapsuleCheck).watch(header, lineText(header));
  for (const text of texts) watch.text?.(text);
  for (const text of withheld) watch.withheld?.(text);
  for (const line of events) watch.event?.(line, lineText(line));
  if (seal) watch.seal?.(seal);
  return watch;
}

/** What the check alone finds wrong, or null. */
export const faultOf = (...asked: Parameters<typeof watchOf>): string | null => watchOf(...asked).end();

/** A seal that belongs to the header's run, and fits whatever else is said. */
export function sealOf({ run_id, suite, policy }: Header, facts: Partial<Omit<Seal, "seal_hash">> = {}): Seal {
  return closeSeal({
    kind: "seal",
    format: 1,
    run_id,
    sealed_at: "2026-11-22T01:00:00.000Z",
    merkle_root: "1".repeat(64),
    header_hash: "2".repeat(64),
    events: 0,
    blobs: 0,
    suite_root: suite.root,
    policy_hash: policy.hash,
    ...facts,
  });
}
