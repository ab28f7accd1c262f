// What the verification of an attempt's tree took, and which tree that was.
import type { EventLine } from "../../capsule/line.ts";
import type { EventOf } from "../../trial/event.ts";

/** Milliseconds. */
export interface VerificationTime {
  readonly queueMs: number;
  readonly loopMs: number;
  readonly confirmMs: number;
}

/** The time that a verification took by itself; null where the verdict was taken from another attempt. */
export function verificationTime(result: EventOf<"ToolResult">): VerificationTime | null {
  if (result.reused) return null;
  return { queueMs: result.queue_ms, loopMs: result.duration_ms, confirmMs: result.confirm_ms ?? 0 };
}

/** The tree that an attempt's patch came to, by its verification; null where it never came to a tree. */
export function treeOf(events: readonly EventLine[], { call_id: id }: Pick<EventOf<"ToolResult">, "call_id">): string | null {
  const call = events.find(({ payload }) => payload.type === "ToolCall" && payload.call_id === id)?.payload;
  return call?.type === "ToolCall" ? call.tree_hash : null;
}
