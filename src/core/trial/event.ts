// What a trial's history is made of: the registry of the kinds of event, and what follows from it. Named as Spec-Kit capsules name them.
import { z } from "zod";
import { breakerStateChanged } from "./events/breaker-state-changed.ts";
import { calibrationPlant } from "./events/calibration-plant.ts";
import { counterSignal } from "./events/counter-signal.ts";
import { errorEvent } from "./events/error-event.ts";
import { fallbackActivated } from "./events/fallback-activated.ts";
import { gateDecision } from "./events/gate-decision.ts";
import type { EventKind } from "./events/kind.ts";
import { modelCall } from "./events/model-call.ts";
import { patchApply } from "./events/patch-apply.ts";
import { policySnapshotRef } from "./events/policy-snapshot-ref.ts";
import { retrievalRequest } from "./events/retrieval-request.ts";
import { retrievalResponse } from "./events/retrieval-response.ts";
import { routingDecision } from "./events/routing-decision.ts";
import { serverIdentity } from "./events/server-identity.ts";
import { stageTransition } from "./events/stage-transition.ts";
import { toolCall } from "./events/tool-call.ts";
import { toolResult } from "./events/tool-result.ts";

/** By the name that stands in a capsule. The order is that of the published schema. */
export const EVENT_KINDS = {
  StageTransition: stageTransition,
  RoutingDecision: routingDecision,
  FallbackActivated: fallbackActivated,
  BreakerStateChanged: breakerStateChanged,
  ModelCallEnvelope: modelCall,
  PatchApply: patchApply,
  ToolCall: toolCall,
  ToolResult: toolResult,
  GateDecision: gateDecision,
  CounterSignal: counterSignal,
  RetrievalRequest: retrievalRequest,
  RetrievalResponse: retrievalResponse,
  CalibrationPlant: calibrationPlant,
  ErrorEvent: errorEvent,
  ServerIdentity: serverIdentity,
  PolicySnapshotRef: policySnapshotRef,
} as const;

type Kinds = typeof EVENT_KINDS;
export type EventType = keyof Kinds;
export type TrialEvent = { [T in EventType]: Kinds[T] extends EventKind<infer E, infer _> ? E : never }[EventType];
export type EventOf<T extends EventType> = Extract<TrialEvent, { type: T }>;

/** What a reader makes of the kinds that it is about. */
export type EventReaders<R> = { readonly [T in EventType]?: (event: EventOf<T>) => R };

/** Null for a kind that the reader is not about. */
export function readEvent<T extends EventType, R>(readers: EventReaders<R>, event: EventOf<T>): R | null {
  const read: ((event: EventOf<T>) => R) | undefined = readers[event.type as T];
  return read ? read(event) : null;
}

type AnySchema = z.ZodObject<{ type: z.ZodLiteral<string> }>;

const schemas = Object.values(EVENT_KINDS).map(({ schema }) => schema) as unknown as readonly [AnySchema, ...AnySchema[]];

export const trialEvent: z.ZodType<TrialEvent> = z.discriminatedUnion("type", schemas) as unknown as z.ZodType<TrialEvent>;
