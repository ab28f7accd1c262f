// Whether what a worker sent can be the step that it was asked for: nothing of it is believed because it came.
import { canonicalJson, type Sha256, sha256 } from "../../core/base/canonical.ts";
import { hasRedaction } from "../../core/capsule/redaction.ts";
import { EMBEDDED_PROVIDER, type ModelCallCommand } from "../../core/trial/command.ts";
import { decisionEvents } from "../../core/trial/decision-event.ts";
import type { EventOf, EventType, TrialEvent } from "../../core/trial/event.ts";
import { textsOf } from "../../core/trial/event-texts.ts";
import { patchIdOf } from "../../core/verdict/patch-id.ts";
import { summariseVerdict } from "../../core/verdict/summary.ts";
import { readVerdict } from "../../core/verdict/stored-verdict.ts";
import type { Body, MemoVerdict, PerformedStep } from "../../ports/trial-queue.ts";
import type { Verification } from "../../ports/workbench.ts";

/** What may stand in a step after its decision, and what it must end with. */
const STEPS: Readonly<Record<ModelCallCommand["do"], { readonly kinds: readonly EventType[]; readonly last: readonly EventType[] }>> = {
  plan: { kinds: ["ModelCallEnvelope"], last: ["ModelCallEnvelope"] },
  attempt: { kinds: ["ModelCallEnvelope", "PatchApply", "ToolCall", "ToolResult"], last: ["ToolResult"] },
  critique: { kinds: ["ModelCallEnvelope", "CounterSignal"], last: ["ModelCallEnvelope", "CounterSignal"] },
  judge: { kinds: ["ModelCallEnvelope", "GateDecision"], last: ["GateDecision"] },
};

const PLANT_KINDS: readonly EventType[] = [...new Set(Object.values(STEPS).flatMap(({ kinds }) => kinds)), "CalibrationPlant", "RoutingDecision"];

export interface AskedStep {
  readonly trial: string;
  /** Null: all of a calibration trial. */
  readonly command: ModelCallCommand | null;
  /** A text that is known here already; else null. */
  readonly text: (hash: Sha256) => string | null;
  /** The verdicts that its holders were given, with the trees that they asked for; null: nobody here knows. */
  readonly given: readonly GivenVerdict[] | null;
}

/** What a holder was told of a tree, instead of working it out. */
export interface GivenVerdict {
  /** As `treeKey` has it. */
  readonly key: string;
  readonly found: MemoVerdict;
}

/** Why it can't be what was asked for; null where it can. */
export function stepFault(asked: AskedStep, { events, bodies }: PerformedStep): string | null {
  const text = textsWith(bodies, asked.text);
  return (
    (asked.command === null ? plantFault(events) : commandFault(asked.command, events)) ??
    callFault(asked.trial, events) ??
    textFault(text, events) ??
    verdictFault(text, events) ??
    reuseFault({ ...asked, text }, events)
  );
}

/** What came with a step, and then what is known here: each of the step's texts is hashed once. */
function textsWith(bodies: readonly Body[], known: AskedStep["text"]): AskedStep["text"] {
  const sent = new Map(bodies.map(({ text }) => [sha256(text), text]));
  return (hash) => sent.get(hash) ?? known(hash);
}

/** What is reused is not worked out again: only a verdict that was given for this very tree may be. Calibration patches are known beforehand. */
function reuseFault({ command, given, text }: AskedStep, events: readonly TrialEvent[]): string | null {
  const reused = events.filter((event) => event.type === "ToolResult").find((event) => event.reused);
  if (command === null || given === null || reused === undefined) return null;
  const files = events.filter((event) => event.type === "PatchApply").map(({ file_path: path, after_hash: hash }) => [path, hash] as const);
  // A tree with secrets goes by another name where they are still in it.
  const isWhole = files.every(([, hash]) => hash === null || !hasRedaction(text(hash) ?? ""));
  const ofTree = isWhole ? given.filter(({ key }) => key.endsWith(`/${patchIdOf(files)}`)) : given;
  const isGiven = ofTree.some(({ found }) => sha256(canonicalJson(found.verification.verdict)) === reused.output_hash);
  return isGiven ? null : "it reuses a verdict that it was not given";
}

/** A verdict's summary is of the text that it names: a capsule in which it is not would not verify. */
function verdictFault(text: AskedStep["text"], events: readonly TrialEvent[]): string | null {
  for (const event of events) {
    if (event.type !== "ToolResult") continue;
    const stored = text(event.output_hash);
    const verdict = stored === null ? null : readVerdict(stored);
    if (verdict === null || canonicalJson(summariseVerdict(verdict)) !== canonicalJson(event.verdict)) return "its verdict is not what its summary says";
  }
  return null;
}

function commandFault(command: ModelCallCommand, events: readonly TrialEvent[]): string | null {
  const decided = decisionEvents(command);
  if (canonicalJson(events.slice(0, decided.length)) !== canonicalJson(decided)) return "it does not begin with the decision that it was sent";
  const rest = events.slice(decided.length);
  const { kinds, last } = STEPS[command.do];
  const stranger = rest.find(({ type }) => !kinds.includes(type));
  if (stranger !== undefined) return `a ${stranger.type} has no place in it`;
  const ended = rest.at(-1)?.type;
  return ended !== undefined && last.includes(ended) ? null : `it ends with ${ended ?? "nothing"}`;
}

function plantFault(events: readonly TrialEvent[]): string | null {
  if (events.length === 0) return null;
  if (events[0]?.type !== "CalibrationPlant") return "it does not begin with its CalibrationPlant";
  const stranger = events.find(({ type }) => !PLANT_KINDS.includes(type));
  return stranger === undefined ? null : `a ${stranger.type} has no place in it`;
}

/** The calls of a step carry their trial's name. */
function callFault(trial: string, events: readonly TrialEvent[]): string | null {
  const stranger = events.find((event) => event.type === "ModelCallEnvelope" && !event.call_id.startsWith(`${trial}/`));
  return stranger === undefined ? null : "a call in it is of another trial";
}

function textFault(text: AskedStep["text"], events: readonly TrialEvent[]): string | null {
  const missing = events.flatMap(textsOf).find(({ sha256: hash }) => text(hash) === null);
  return missing === undefined ? null : `the ${missing.part} ${missing.sha256.slice(0, 12)} is missing`;
}

type Maker = (event: TrialEvent, holder: string, callers: string[]) => string;

/** Who made an event, of the kinds that say so. */
const MAKERS: Readonly<Partial<Record<TrialEvent["type"], Maker>>> = {
  ToolResult: (_, holder) => holder,
  // What is built in is called where the step is; the others by whoever said first that they came back.
  ModelCallEnvelope: (event, holder, callers) => ("provider" in event && event.provider === EMBEDDED_PROVIDER ? holder : (callers.shift() ?? holder)),
};

/** The same events with who made them: the coordinator's word, not the worker's. `callers`: who made which call, where it was not the holder. */
export function markedBy(worker: string, events: readonly TrialEvent[], callers: readonly string[] = []): readonly TrialEvent[] {
  const left = [...callers];
  return events.map((event) => {
    const maker = MAKERS[event.type]?.(event, worker, left);
    return maker === undefined ? event : { ...event, worker: maker };
  });
}

const NO_TIMES: Verification["times"] = { applyMs: 0, checkMs: 0, testMs: 0, overheadMs: 0, totalMs: 0 };

/** What other trials may reuse of it; null where nothing was verified. */
export function verdictIn({ events, bodies }: PerformedStep, known: AskedStep["text"]): MemoVerdict | null {
  const call = events.find((event): event is EventOf<"ToolCall"> => event.type === "ToolCall");
  const result = events.find((event): event is EventOf<"ToolResult"> => event.type === "ToolResult");
  const stored = result === undefined ? null : textsWith(bodies, known)(result.output_hash);
  const verdict = stored === null ? null : readVerdict(stored);
  if (call === undefined || result === undefined || verdict === null) return null;
  const verification = { verdict, notes: result.notes ?? [], times: NO_TIMES, queueMs: 0, treeHash: call.tree_hash };
  return { verification, retries: result.infrastructure_retries };
}

/** What becomes of a verdict whose worker was lost: our own failure, which nobody keeps. */
export const LOST_VERDICT: MemoVerdict = {
  verification: {
    verdict: { status: "infrastructure", detail: "the worker that worked it out was lost" },
    notes: [],
    times: NO_TIMES,
    queueMs: 0,
    treeHash: sha256(""),
  },
  retries: 0,
};
