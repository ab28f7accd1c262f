// The names of the kinds of event, for whoever needs no more of them: a command line's help must not load the schemas.
import type { EventType } from "./event.ts";

const TYPES: Readonly<Record<EventType, true>> = {
  StageTransition: true,
  RoutingDecision: true,
  FallbackActivated: true,
  BreakerStateChanged: true,
  ModelCallEnvelope: true,
  PatchApply: true,
  ToolCall: true,
  ToolResult: true,
  GateDecision: true,
  CounterSignal: true,
  RetrievalRequest: true,
  RetrievalResponse: true,
  CalibrationPlant: true,
  ErrorEvent: true,
  ServerIdentity: true,
  PolicySnapshotRef: true,
};

/** Those of the registry, in its order. */
export const EVENT_TYPES = Object.keys(TYPES) as readonly EventType[];
