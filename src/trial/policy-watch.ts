// What lies in the policy's files while a run goes on under the policy that it began with: looked at where a trial enters a stage.
import { sha256 } from "../core/base/canonical.ts";
import { type Header, policyUri } from "../core/capsule/line.ts";
import { POLICY_UNREADABLE } from "../core/capsule/observed-policy.ts";
import type { Redactor } from "../core/capsule/redaction.ts";
import { runNote } from "../core/router/budget.ts";
import { type EventOf, readEvent, type TrialEvent } from "../core/trial/event.ts";
import type { PolicyReading, PolicySource } from "../ports/policy-source.ts";
import type { Recorder } from "./recorder.ts";

export interface PolicyWatch {
  /** Looks, and records what is no longer as it was last seen. */
  look(): Promise<void>;
}

export interface WatchedPolicy {
  readonly header: Header;
  readonly policySource: PolicySource;
  readonly redactor: Pick<Redactor, "leak">;
}

/** `events`: those of a run that goes on, which know what was seen before. */
export function openPolicyWatch(run: WatchedPolicy, recorder: Pick<Recorder, "run">, events: readonly TrialEvent[]): PolicyWatch {
  let seen = events.reduce((before, event) => stateOf(event) ?? before, run.header.policy.hash);
  let turn = Promise.resolve();
  const lookOnce = async (): Promise<void> => {
    const sight = await run.policySource.look();
    if (sight === null) return;
    const event = eventOf(run, sight);
    const state = stateOf(event);
    if (state === null || state === seen) return;
    seen = state;
    const isStored = event.type === "PolicySnapshotRef" && event.observed_hash !== undefined;
    await recorder.run([event], sight.ok && isStored ? [{ kind: "policy", text: sight.text }] : []);
  };
  // One look at a time: trials enter their stages side by side.
  return { look: () => (turn = turn.then(lookOnce)) };
}

/** What an event says of the files; null where it says nothing. */
const stateOf = (event: TrialEvent): string | null =>
  readEvent<TrialEvent["type"], string | null>(
    {
      PolicySnapshotRef: ({ policy_hash: hash }) => hash,
      ErrorEvent: ({ error_code: code, message }) => (code === POLICY_UNREADABLE ? message : null),
    },
    event,
  );

function eventOf({ header, redactor }: WatchedPolicy, sight: PolicyReading): EventOf<"PolicySnapshotRef"> | EventOf<"ErrorEvent"> {
  if (!sight.ok) return unreadable(sight.reason);
  const leak = redactor.leak(sight.text);
  if (leak !== null) return unreadable(`it holds the value of ${leak}`);
  const { id, hash } = sight;
  if (hash === header.policy.hash) return { type: "PolicySnapshotRef", policy_uri: policyUri(header), policy_id: header.policy.id, policy_hash: hash };
  const observed = sha256(sight.text);
  return { type: "PolicySnapshotRef", policy_uri: policyUri(header, observed), policy_id: id, policy_hash: hash, observed_hash: observed };
}

const unreadable = (reason: string): EventOf<"ErrorEvent"> =>
  runNote(POLICY_UNREADABLE, `what lies in the policy's files can't be taken for a policy (${reason.slice(0, 500).toWellFormed()}); this run keeps to its own`);
