// Checks of the stored texts: something refers to each, the capture mode allows each, and the policy resolves.
import type { Sha256 } from "../../base/canonical.ts";
import { HashSet } from "../../base/hash-set.ts";
import { CAPTURE_NAMES, type CaptureName, isCaptured } from "../../trial/capture.ts";
import type { EventOf } from "../../trial/event.ts";
import { textsOf } from "../../trial/event-texts.ts";
import { type CapsuleCheck, FirstFault, type StoredText, type Watch } from "./check.ts";
import { type EventLine, type Header, policyUri } from "../line.ts";
import { eachHash } from "../reference.ts";
import { isKept } from "../keep-rule.ts";
import { dataHash, openTextRoot } from "../proof/text-root.ts";
import { type StoredPolicy, storedPolicy } from "../stored-policy.ts";

const short = (hash: Sha256): string => hash.slice(0, 12);

function textsBelong(header: Header): Watch {
  const strangers = new HashSet();
  const add = ({ sha256 }: { readonly sha256: Sha256 }): void => void strangers.add(sha256);
  const isReferred = (hash: Sha256): void => void strangers.delete(hash);
  return {
    text: add,
    withheld: add,
    event: (line) => eachHash(line, isReferred),
    end: () => {
      eachHash(header, isReferred);
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

/** A value of the policy in a stored snapshot, by its path; undefined where there is none. Throws for what is no JSON. */
export function storedPolicyValue(snapshot: string, path: readonly string[]): unknown {
  const { policy } = { ...(JSON.parse(snapshot) as { readonly policy?: unknown } | null) };
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined),
    policy,
  );
}

const captureOf = (snapshot: string): CaptureName | null => NAMES.get(storedPolicyValue(snapshot, ["capture", "mode"])) ?? null;

/** Over-capture: a stored prompt or answer that the mode leaves out and that nothing else needs. */
function captureKept(header: Header): Watch {
  const stored = new HashSet();
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
      // The same text may be both: a server that answers with the prompt itself.
      if (isCaptured(mode, capturedAs)) allowed.add(sha256);
      else forbidden.add(sha256);
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

/** A safe export leaves out every text that its rules do not keep: what is left out by hand is another thing. */
function withheldByRule(header: Header): Watch {
  let leftOut = 0;
  let kept = 0;
  let wrong: string | null = null;
  return {
    withheld: ({ sha256 }) => {
      leftOut += 1;
      if (sha256 === header.policy.snapshot_hash || sha256 === header.decision_register_hash) wrong ??= sha256;
    },
    text: (text) => {
      if (!isKept(text, header)) kept += 1;
    },
    end: () => {
      if (leftOut === 0) return null;
      if (wrong !== null) return `the text ${short(wrong)} was removed, which no export leaves out`;
      return kept === 0
        ? null
        : `${leftOut} ${leftOut === 1 ? "text was" : "texts were"} removed after sealing: a safe export leaves out all that its rules do not keep, and ${kept} are still there`;
    },
  };
}

/** The root over how each text is stored: one text has many deflated forms, and no other hash knows which one was sealed. */
function textsSealed(): Watch {
  const tree = openTextRoot();
  let sealed: string | null = null;
  let unknown: string | null = null;
  return {
    text: ({ sha256, stored }) => {
      if (stored === undefined) unknown ??= `the text ${short(sha256)} was never written`;
      else tree.add(sha256, stored.bytes, dataHash(stored.data));
    },
    withheld: ({ sha256, bytes, data_sha256: data }) => {
      if (bytes === undefined || data === undefined) unknown ??= `the text ${short(sha256)} was left out without what the seal knows of it`;
      else tree.add(sha256, bytes, data);
    },
    seal: ({ texts_root: root = null }) => void (sealed = root),
    end: () => (sealed !== null && unknown === null && tree.root() !== sealed ? "the texts are not stored as they were sealed, or a size is not true" : null),
    unchecked: () => (sealed === null ? "it was sealed before the seal knew how texts are stored" : unknown),
  };
}

export const TEXT_CHECKS: readonly CapsuleCheck[] = [
  { name: "texts-belong", sentence: "The header or an event refers to every stored text.", needs: ["texts"], watch: textsBelong },
  {
    name: "texts-sealed",
    sentence: "Every text is stored in the form that was sealed, and every one left out is of the size that is told.",
    needs: ["seal"],
    watch: textsSealed,
  },
  { name: "withheld-by-rule", sentence: "Texts are left out by the rules of a safe export or not at all.", watch: withheldByRule },
  {
    name: "policy-resolves",
    sentence: "Every event's policy is the stored snapshot, whose hash is that of its content; so is every policy that was only observed.",
    watch: policyResolves,
  },
  { name: "capture-kept", needs: ["texts"], sentence: "No text is stored that the policy's capture mode leaves out.", watch: captureKept },
];
