// What a sealed capsule must satisfy, as an array of named checks over its lines.
import { canonicalJson, merkleRoot, sha256 } from "../base/canonical.ts";
import { type EventLine, type Header, lineText, type Seal } from "./line.ts";
import { inPlanOrder } from "./order.ts";
import { foldRun } from "./record.ts";

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
      seal && (seal.events !== events.length || seal.blobs !== blobs.length) ? `the seal counts ${seal.events} events and ${seal.blobs} blobs, the file holds ${events.length} and ${blobs.length}` : null,
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
      const { policy_id: _id, created_at: _at, hash, ...content } = JSON.parse(snapshot.text) as Record<string, unknown>;
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
    const found = fault(capsule);
    return found === null ? [] : [{ check: name, fault: found }];
  });
}
