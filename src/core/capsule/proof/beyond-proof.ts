// What nothing in a capsule, its suite and its policy vouches for: whoever holds the file may have written it. Only a signature says who did.

/** Members by part of the file; complete, as tests show that change every member of every part. `[]`: of a list's elements. */
export const BEYOND_PROOF = {
  header: [
    "answer_cache",
    "answers",
    "bakeoff_version",
    "capability",
    "concurrency.cargo",
    "concurrency.model",
    "created_at",
    "diagnosis_of",
    "draw",
    "draw.refused_high_risk",
    "left_out",
    "left_out[].name",
    "left_out[].reason",
    "left_out[].start",
    "policy.loaded",
    "policy.signature",
    "policy.signature_hash",
    "registration",
    "registration.sha256",
    "sandbox",
    "tasks[].editable",
    "tasks[].family",
    "tasks[].tags",
    "toolchain.cargo",
    "toolchain.host",
    "toolchain.rustc",
    "turn_blocks",
    "turns",
    "turns[]",
    "turns[][]",
    "verification",
    "warnings",
    "warnings[]",
  ],
  event: ["timestamp"],
  payload: [
    "CounterSignal.source_role",
    "ModelCallEnvelope.backoff_ms",
    "ModelCallEnvelope.cached_tokens",
    "ModelCallEnvelope.call_id",
    "ModelCallEnvelope.constraint",
    "ModelCallEnvelope.effort",
    "ModelCallEnvelope.failure",
    "ModelCallEnvelope.first_output_ms",
    "ModelCallEnvelope.latency_ms",
    "ModelCallEnvelope.parse_ms",
    "ModelCallEnvelope.prompt_tokens",
    "ModelCallEnvelope.queue_ms",
    "ModelCallEnvelope.reasoning_tokens",
    "ModelCallEnvelope.resolved_model",
    "ModelCallEnvelope.response_tokens",
    "ModelCallEnvelope.route_ms",
    "ModelCallEnvelope.served_model",
    "ModelCallEnvelope.try",
    "ModelCallEnvelope.ttft_ms",
    "PatchApply.error",
    "RetrievalRequest.skip_reason",
    "RetrievalRequest.source",
    "RetrievalResponse.latency_ms",
    "ToolResult.apply_ms",
    "ToolResult.check_ms",
    "ToolResult.duration_ms",
    "ToolResult.infrastructure_retries",
    "ToolResult.overhead_ms",
    "ToolResult.queue_ms",
    "ToolResult.test_ms",
  ],
  /** Of planted patches: whether this run verified one itself, where its times are made to fit. The verdict itself is proven as any other. */
  planted: ["ToolResult.kept", "ToolResult.reused"],
  seal: ["sealed_at"],
} as const;

export type BeyondProof = typeof BEYOND_PROOF;

/** For a terminal: how many, and where they are listed. */
export function beyondProofCount({ header, event, payload, planted, seal }: BeyondProof): string {
  const count = header.length + event.length + payload.length + planted.length + seal.length;
  return `Nothing but a signature vouches for ${count} members of the capsule, times and token counts among them: the Markdown, HTML and JSON reports list them.`;
}

/** As every report of a run lists them. */
export function beyondProofText({ header, event, payload, planted, seal }: BeyondProof): string {
  const parts = [
    `header: ${header.join(", ")}`,
    `every event: ${event.join(", ")}`,
    payload.join(", "),
    `planted patches: ${planted.join(", ")}`,
    `seal: ${seal.join(", ")}`,
  ];
  return `Nothing but a signature vouches for these members of the capsule. ${parts.join("; ")}.`;
}
