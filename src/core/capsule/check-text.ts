// Checks of the stored texts: each is referred to, none is one that the capture mode leaves out, and the policy resolves.
import { hashOf, type Sha256 } from "../base/canonical.ts";
import type { TrialEvent } from "../router/event.ts";
import { type CapsuleCheck, FirstFault, type StoredText, type Watch } from "./check.ts";
import { type EventLine, type Header, policyUri } from "./line.ts";
import { hashesIn, referredByHeader } from "./reference.ts";

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
  let found = false;
  return {
    text: (text) => {
      if (text.sha256 !== header.policy.snapshot_hash) return;
      found = true;
      if (!isSnapshot(text.text, header.policy.hash)) fault.tell("the PolicySnapshot's hash is not that of its content");
    },
    event: (line) => {
      const { payload } = line;
      const own = line.policy_hash === header.policy.hash && line.policy_id === header.policy.id;
      if (!own) fault.tell(`event ${line.uri} names another policy`);
      if (payload.type !== "PolicySnapshotRef") return;
      const { policy_uri: uri, policy_id: id, policy_hash: hash } = payload;
      if (uri !== policyUri(header) || id !== header.policy.id || hash !== header.policy.hash) fault.tell("the run's PolicySnapshotRef does not resolve");
    },
    end: () => fault.found ?? (found ? null : "the PolicySnapshot is missing"),
  };
}

function isSnapshot(text: string, policyHash: Sha256): boolean {
  const { policy_id: _id, created_at: _at, hash, ...content } = { ...(JSON.parse(text) as Record<string, unknown> | null) };
  return hash === policyHash && hashOf(content) === policyHash;
}

type Capture = "None" | "PromptsOnly" | "FullIo";
const CAPTURES: Readonly<Record<string, Capture>> = { none: "None", prompts_only: "PromptsOnly", full_io: "FullIo" };

function captureOf(snapshot: string): Capture | null {
  const { policy } = { ...(JSON.parse(snapshot) as { policy?: { capture?: { mode?: unknown } } } | null) };
  const mode = policy?.capture?.mode;
  return typeof mode === "string" && Object.hasOwn(CAPTURES, mode) ? (CAPTURES[mode] ?? null) : null;
}

/** Prompts and answers among an event's texts that a mode leaves out; and texts that every mode keeps. */
function byMode(payload: TrialEvent, mode: Capture): { readonly out: readonly (Sha256 | null)[]; readonly kept: Sha256 | null } {
  switch (payload.type) {
    case "ModelCallEnvelope":
      return { out: mode === "None" ? [payload.prompt_hash, payload.response_hash] : [payload.response_hash], kept: null };
    case "RetrievalResponse":
      return { out: [payload.response_hash], kept: null };
    case "PatchApply":
      return { out: [], kept: payload.after_hash };
    case "ToolResult":
      return { out: [], kept: payload.output_hash };
    default:
      return { out: [], kept: null };
  }
}

/** Over-capture: a prompt or an answer that the mode leaves out, and that is there for no other reason. */
function captureKept(header: Header): Watch {
  const stored = new Set<Sha256>();
  const forbidden = new Set<Sha256>();
  const allowed = new Set<Sha256>();
  const fault = new FirstFault();
  let mode: Capture | null = null;
  const take = (stores: StoredText): void => {
    const { sha256 } = stores;
    if (sha256 === header.policy.snapshot_hash) mode = captureOf(stores.text);
    // Where everything may be stored there is nothing to remember.
    if (mode === "FullIo") stored.clear();
    else stored.add(sha256);
  };
  const event = ({ uri, payload }: EventLine): void => {
    if (mode !== null && payload.type === "ModelCallEnvelope" && payload.capture_mode !== mode) fault.tell(`event ${uri} names another capture mode`);
    if (mode === "FullIo" || mode === null) return;
    const { out, kept } = byMode(payload, mode);
    for (const hash of out) if (hash !== null) forbidden.add(hash);
    if (kept !== null) allowed.add(kept);
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
  { name: "texts-belong", sentence: "Every stored text is one that the header or an event refers to.", watch: textsBelong },
  {
    name: "policy-resolves",
    sentence: "Every event's policy is the stored snapshot, whose hash is that of its content.",
    watch: policyResolves,
  },
  { name: "capture-kept", sentence: "No text is stored that the policy's capture mode leaves out.", watch: captureKept },
];
