// What a sealed capsule must satisfy, as an array of named checks over its lines.
import { canonicalJson, hashOf, merkleRoot, sha256 } from "../base/canonical.ts";
import { messageOf } from "../base/errors.ts";
import { type EventLine, type Header, lineText, type Seal } from "./line.ts";
import { inPlanOrder } from "./order.ts";
import { foldRun } from "./record.ts";
import { referredHashes } from "./reference.ts";

export interface SealedCapsule {
  readonly header: Header;
  readonly events: readonly EventLine[];
  readonly seal: Seal | null;
  readonly blobs: readonly { readonly sha256: string; readonly text: string }[];
}

interface Check {
  readonly name: string;
  readonly sentence: string;
  /** What is wrong, or null. */
  readonly fault: (capsule: SealedCapsule) => string | null;
}

export const CAPSULE_CHECKS: readonly Check[] = [
  {
    name: "sealed",
    sentence: "The last line is a seal.",
    fault: ({ seal }) => (seal ? null : "it is not sealed: the run did not finish, or its end is missing"),
  },
  {
    name: "seal-whole",
    sentence: "The seal is as it was written, and is this run's.",
    fault: ({ seal, header }) => {
      if (!seal) return null;
      const { seal_hash, ...facts } = seal;
      if (hashOf(facts) !== seal_hash) return "the seal was changed";
      const own = seal.run_id === header.run_id && seal.suite_root === header.suite.root && seal.policy_hash === header.policy.hash;
      return own ? null : "the seal is another run's";
    },
  },
  {
    name: "merkle-root",
    sentence: "The events give the seal's Merkle root.",
    fault: ({ seal, events }) => (seal && merkleRoot(events.map(lineText)) !== seal.merkle_root ? "the events are not those that were sealed" : null),
  },
  {
    name: "header-hash",
    sentence: "The header is the one that was sealed.",
    fault: ({ seal, header }) => (seal && sha256(lineText(header)) !== seal.header_hash ? "the header is not the one that was sealed" : null),
  },
  {
    name: "counts",
    sentence: "As many events and blobs as the seal says.",
    fault: ({ seal, events, blobs }) =>
      seal && (seal.events !== events.length || seal.blobs !== blobs.length)
        ? `the seal counts ${seal.events} events and ${seal.blobs} blobs, the file holds ${events.length} and ${blobs.length}`
        : null,
  },
  {
    name: "texts-belong",
    sentence: "Every stored text is one that the header or an event refers to.",
    fault: ({ header, events, blobs }) => {
      const referred = referredHashes(header, events);
      const stranger = blobs.find((blob) => !referred.has(blob.sha256));
      return stranger ? `nothing refers to the text ${stranger.sha256.slice(0, 12)}` : null;
    },
  },
  {
    name: "plan-order",
    sentence: "The events stand in plan order.",
    fault: ({ header, events }) => (inPlanOrder(header, events).some((line, index) => line !== events[index]) ? "the events are out of order" : null),
  },
  {
    name: "policy-resolves",
    sentence: "Every event's policy is the stored snapshot, whose hash is that of its content.",
    fault: ({ header, events, blobs }) => {
      const strangers = events.find((line) => line.policy_hash !== header.policy.hash);
      if (strangers) return `event ${strangers.uri} names another policy`;
      const snapshot = blobs.find((blob) => blob.sha256 === header.policy.snapshot_hash);
      if (!snapshot) return "the PolicySnapshot is missing";
      const { policy_id: _id, created_at: _at, hash, ...content } = { ...(JSON.parse(snapshot.text) as Record<string, unknown> | null) };
      return hash === header.policy.hash && sha256(canonicalJson(content)) === hash ? null : "the PolicySnapshot's hash is not that of its content";
    },
  },
  {
    name: "trials-finished",
    sentence: "Every planned trial has come to its unlock decision.",
    fault: ({ header, events }) => {
      const open = foldRun(header, events).trials.find((trial) => !trial.state.unlocked);
      return open ? `trial ${open.id} has no unlock decision` : null;
    },
  },
];

/** Every check that fails, by name. */
export function capsuleFaults(capsule: SealedCapsule): readonly { readonly check: string; readonly fault: string }[] {
  return CAPSULE_CHECKS.flatMap(({ name, fault }) => {
    const found = faultOf(fault, capsule);
    return found === null ? [] : [{ check: name, fault: found }];
  });
}

/** A capsule that a check can't even be made on does not satisfy it. */
function faultOf(fault: Check["fault"], capsule: SealedCapsule): string | null {
  try {
    return fault(capsule);
  } catch (error) {
    return messageOf(error);
  }
}
