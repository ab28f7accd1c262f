// Checks of the stored texts: something refers to each, the capture mode allows each, and the policy resolves.
import type { Sha256 } from "../../base/canonical.ts";
import { CAPTURE_NAMES, type CaptureName, isCaptured } from "../../trial/capture.ts";
import type { EventOf } from "../../trial/event.ts";
import { textsOf } from "../../trial/event-texts.ts";
import { type CapsuleCheck, FirstFault, type StoredText, type Watch } from "./check.ts";
import { type EventLine, type Header, policyUri } from "../line.ts";
import { hashesIn, referredByHeader } from "../reference.ts";
import { type StoredPolicy, storedPolicy } from "../stored-policy.ts";

const short = (hash: Sha256): string => hash.slice(0, 12);

function textsBelong(header: Header): Watch {
  const strangers = new Set<Sha256>();
  const add = (hash: Sha256): void => void strangers.add(hash);
  return {
    text: ({ sha256 }) => add(sha256),
    withheld: add,
    event: (_, text) => {
      for (const hash of hashesIn(text)) strangers.delete(hash);
    },
    end: () => {
      for (const hash of referredByHeader(header)) strangers.delete(hash);
      const [stranger] = strangers;
      return stranger === undefined ? null : `nothing refers to the text ${short(stranger)}`;
    },
  };
}

function policyResolves(header: Header): Watch {
  const fault = new FirstFault();
  const { snapshot_hash: own, ...inForce } = header.policy;
  const stored = new Map<Sha256, StoredPolicy>();
  let found = false;
  const take = (text: StoredText): void => {
    const policy = storedPolicy(text);
    if (policy !== null) stored.set(text.sha256, policy);
    if (text.sha256 !== own) return;
    found = true;
    if (policy?.hash !== inForce.hash) fault.tell("the PolicySnapshot's hash is not that of its content");
  };
  /** The run's own by the header, an observed one by what is stored: ids are not part of any hash. */
  const resolves = ({ policy_uri: uri, policy_id: id, policy_hash: hash, observed_hash: seen }: EventOf<"PolicySnapshotRef">): boolean => {
    const policy = seen === undefined ? inForce : stored.get(seen);
    return uri === policyUri(header, seen ?? own) && id === policy?.id && hash === policy.hash && (seen === undefined || hash !== inForce.hash);
  };
  return {
    text: take,
    event: ({ uri, policy_hash: hash, policy_id: id, payload }) => {
      if (hash !== inForce.hash || id !== inForce.id) fault.tell(`event ${uri} names another policy`);
      if (payload.type === "PolicySnapshotRef" && !resolves(payload)) fault.tell(`the PolicySnapshotRef ${uri} does not resolve`);
    },
    end: () => fault.found ?? (found ? null : "the PolicySnapshot is missing"),
  };
}

const NAMES: ReadonlyMap<unknown, CaptureName> = new Map(Object.entries(CAPTURE_NAMES));

function captureOf(snapshot: string): CaptureName | null {
  const { policy } = { ...(JSON.parse(snapshot) as { policy?: { capture?: { mode?: unknown } } } | null) };
  return NAMES.get(policy?.capture?.mode) ?? null;
}

/** Over-capture: a stored prompt or answer that the mode leaves out and that nothing else needs. */
function captureKept(header: Header): Watch {
  const stored = new Set<Sha256>();
  const forbidden = new Set<Sha256>();
  const allowed = new Set<Sha256>();
  const fault = new FirstFault();
  let mode: CaptureName | null = null;
  const take = (stores: StoredText): void => {
    const { sha256 } = stores;
    if (sha256 === header.policy.snapshot_hash) mode = captureOf(stores.text);
    // If everything may be stored there is nothing to remember.
    if (mode === "FullIo") stored.clear();
    else stored.add(sha256);
  };
  const event = ({ uri, payload }: EventLine): void => {
    if (mode !== null && payload.type === "ModelCallEnvelope" && payload.capture_mode !== mode) fault.tell(`event ${uri} names another capture mode`);
    if (mode === "FullIo" || mode === null) return;
    for (const { capturedAs, sha256 } of textsOf(payload)) {
      if (!isCaptured(mode, capturedAs)) forbidden.add(sha256);
      else if (capturedAs === null) allowed.add(sha256);
    }
  };
  return {
    text: take,
    event,
    end: () => {
      const kept = [...forbidden].find((hash) => stored.has(hash) && !allowed.has(hash));
      return fault.found ?? (kept === undefined ? null : `the text ${short(kept)} is one that the capture mode leaves out`);
    },
  };
}

export const TEXT_CHECKS: readonly CapsuleCheck[] = [
  { name: "texts-belong", sentence: "The header or an event refers to every stored text.", watch: textsBelong },
  {
    name: "policy-resolves",
    sentence: "Every event's policy is the stored snapshot, whose hash is that of its content; so is every policy that was only observed.",
    watch: policyResolves,
  },
  { name: "capture-kept", sentence: "No text is stored that the policy's capture mode leaves out.", watch: captureKept },
];
