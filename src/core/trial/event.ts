// What a trial's history is made of: one schema a kind of event, named as Spec-Kit capsules name them.
import { z } from "zod";
import { FAILURES } from "../policy/schema.ts";
import { breakerState, conditions, fallbackReason } from "./conditions.ts";

export const STAGES = ["Plan", "Implement", "Validate", "Audit", "Unlock"] as const;
export const stage = z.enum(STAGES);
export const role = z.enum(["Architect", "Implementer", "SidecarCritic", "Judge", "NotebookLM"]);
export const mode = z.enum(["Reflex", "Cloud", "Service"]);
export const reason = z.enum([
  "high-risk-plan",
  "tier2-synthesis",
  "reflex-first",
  "reflex-retry-with-feedback",
  "reflex-retry-after-failure",
  "reflex-fallback",
  "reflex-shadow",
  "capability-outside-policy",
  "high-risk-skips-reflex",
  "reflex-disabled",
  "rollout-keeps-reflex-out",
  "reflex-unavailable",
  "escalated-after-reflex-attempts",
  "escalated-after-model-failure",
  "cloud-retry-with-feedback",
  "critic-always-on",
  "judge-unlocks",
]);

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const ms = z.number().min(0);
const count = z.number().int().min(0);

/** Who does a step and why: every model and tool call carries it. */
export const routing = z.strictObject({
  role,
  mode,
  stage,
  attempt: count,
  provider: z.string(),
  /** The policy's name for the model. */
  model: z.string(),
  selection_reason: reason,
  /** The embedded stand-in that plays this role because no key or server is there. */
  stand_in: z.string().nullable(),
  /** True for slot attempts that the policy itself would not make (`--capability`). */
  outside_policy: z.boolean(),
});

const stageTransition = z.strictObject({ type: z.literal("StageTransition"), from: stage.nullable(), to: stage });

const routingDecision = z.strictObject({
  type: z.literal("RoutingDecision"),
  /** Another model than the first in the policy's order serves, since that one can't. */
  is_fallback: z.boolean(),
  /** Why the first in the order does not serve; absent where it is no fallback. */
  fallback_reason: fallbackReason.optional(),
  /** What was consulted beyond the trial's own history; absent where all was calm. */
  conditions: conditions.optional(),
  ...routing.shape,
});

/** One step down the policy's order of models: who could not serve, and who is next. */
const fallbackActivated = z.strictObject({
  type: z.literal("FallbackActivated"),
  stage,
  attempt: count,
  from_model: z.string(),
  to_model: z.string(),
  reason: fallbackReason,
});

/** An event of the whole run: a server is taken out of service, tried again, or put back. */
const breakerStateChanged = z.strictObject({
  type: z.literal("BreakerStateChanged"),
  /** `provider/model`. */
  breaker_id: z.string(),
  previous_state: breakerState,
  current_state: breakerState,
  reason: z.string(),
  /** Failed calls in a row. */
  failure_count: count,
  /** Until it is tried again; null unless it is open. */
  retry_after_seconds: z.number().min(0).nullable(),
});

const modelCall = z.strictObject({
  type: z.literal("ModelCallEnvelope"),
  ...routing.shape,
  call_id: z.string(),
  /** 1-based. A step's tries stand in order; what counts as its answer is the last one's. */
  try: z.number().int().min(1),
  /** The provider's own id of the model, and the effort, after the alias is expanded. */
  resolved_model: z.string(),
  effort: z.string().nullable(),
  /** The model that the answer names; servers echo the request, so it proves nothing. */
  served_model: z.string().nullable(),
  /** Was the answer to be constrained by a schema: yes; no longer, after a try that was; never. */
  constraint: z.enum(["schema", "dropped", "free"]),
  routing_mode: mode,
  capture_mode: z.enum(["None", "PromptsOnly", "FullIo"]),
  prompt_hash: hash,
  /** Blob of the verdict on the tree before any attempt, where the prompt shows it: without it no prompt could be built again. */
  start_hash: hash.optional(),
  response_hash: hash.nullable(),
  prompt_tokens: count.nullable(),
  response_tokens: count.nullable(),
  cached_tokens: count.nullable(),
  reasoning_tokens: count.nullable(),
  /** From the router's decision to the request being ready; 0 for a further try. */
  route_ms: ms,
  /** Waited on purpose before this try. */
  backoff_ms: ms,
  queue_ms: ms,
  ttft_ms: ms.nullable(),
  /** First token of the answer itself, reasoning left out. */
  first_output_ms: ms.nullable(),
  latency_ms: ms,
  /** Reading the answer and checking it against its schema. */
  parse_ms: ms,
  cost_usd: z.number().min(0).nullable(),
  success: z.boolean(),
  /** Did the answer satisfy the schema that was asked for? Null where the call failed. */
  json_compliant: z.boolean().nullable(),
  /** Also where an answer came (`success`) that is not what was asked for: `harmony-residue`, `malformed-answer`. */
  failure: z.enum(FAILURES).nullable(),
  error: z.string().nullable(),
});

const patchApply = z.strictObject({
  type: z.literal("PatchApply"),
  patch_id: z.string(),
  attempt: count,
  stage,
  file_path: z.string(),
  patch_type: z.enum(["create", "modify", "delete"]),
  before_hash: hash.nullable(),
  /** Also the hash of the blob that holds the file as the patch left it. */
  after_hash: hash.nullable(),
  success: z.boolean(),
  error: z.string().nullable(),
});

export const verdictSummary = z.strictObject({
  status: z.enum(["passed", "failed", "compile-error", "timeout", "tampered", "patch-rejected", "infrastructure"]),
  /** Did everything that a model may see pass? What the reflex loop goes by. */
  visible_passed: z.boolean(),
  tests_passed: count,
  tests_failed: count,
  held_out_failed: count,
  error_codes: z.array(z.string()),
  /** One line for people: why, for every status but `passed`. */
  detail: z.string(),
});

const toolCall = z.strictObject({
  type: z.literal("ToolCall"),
  ...routing.shape,
  call_id: z.string(),
  tool_name: z.string(),
  /** Digest of the tree that the tool ran on. */
  tree_hash: hash,
});

const toolResult = z.strictObject({
  type: z.literal("ToolResult"),
  call_id: z.string(),
  tool_name: z.string(),
  attempt: count,
  stage,
  success: z.boolean(),
  verdict: verdictSummary,
  /** Blob of the whole verdict, as canonical JSON. */
  output_hash: hash,
  /** How many times our own side failed before this result (0 or 1). */
  infrastructure_retries: count,
  /** Taken from another attempt of this run and epoch on the same tree: no time was spent. */
  reused: z.boolean(),
  queue_ms: ms,
  apply_ms: ms,
  check_ms: ms,
  test_ms: ms,
  overhead_ms: ms,
  duration_ms: ms,
});

const gateDecision = z.strictObject({
  type: z.literal("GateDecision"),
  gate_name: z.enum(["validate", "judge", "unlock"]),
  stage,
  outcome: z.enum(["Pass", "Fail", "Warn", "Skip"]),
  reason: z.string(),
  blocking: z.boolean(),
});

const counterSignal = z.strictObject({
  type: z.literal("CounterSignal"),
  severity: z.enum(["advisory", "block"]),
  signal_kind: z.string(),
  source_role: z.literal("sidecar_critic"),
  message: z.string(),
});

const retrievalRequest = z.strictObject({
  type: z.literal("RetrievalRequest"),
  ...routing.shape,
  request_id: z.string(),
  query_hash: hash,
  source: z.literal("tier2:notebooklm"),
  skip_reason: z.string().nullable(),
});

const retrievalResponse = z.strictObject({
  type: z.literal("RetrievalResponse"),
  request_id: z.string(),
  response_hash: hash.nullable(),
  latency_ms: ms,
  error: z.string().nullable(),
});

export const PLANT_KINDS = ["reference", "broken", "tests-gutted", "tampered", "wrong-but-compiling"] as const;

/**
 * Opens a calibration trial: what follows is a patch of known worth, played by the program, and what the critic and the
 * Judge say of it. They are not told: only this event is.
 */
const calibrationPlant = z.strictObject({
  type: z.literal("CalibrationPlant"),
  plant: z.enum(PLANT_KINDS),
  /** What a right Judge does: `unlock` for the reference solution alone. */
  right: z.enum(["unlock", "block"]),
  epoch: z.number().int().min(1),
});

const errorEvent = z.strictObject({
  type: z.literal("ErrorEvent"),
  error_code: z.string(),
  message: z.string(),
  severity: z.enum(["Warning", "Error", "Fatal"]),
  stage: stage.nullable(),
  recoverable: z.boolean(),
});

const serverIdentity = z.strictObject({
  type: z.literal("ServerIdentity"),
  /** Policy provider, or provider and candidate where the candidate has a server of its own. */
  provider: z.string(),
  /** What the server says of itself; null where it can't be asked. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).nullable(),
  /** Names of the facts that differ from what the server said before in this run; empty the first time. */
  changed: z.array(z.string()),
  error: z.string().nullable(),
});

/**
 * A stored snapshot, by its address in the capsule. The first event of a run: which policy decides in it. A later one tells
 * what lay in the policy's files at a stage boundary: another policy, or again the run's own.
 */
const policySnapshotRef = z.strictObject({
  type: z.literal("PolicySnapshotRef"),
  policy_uri: z.string(),
  policy_id: z.string(),
  policy_hash: hash,
  /** The stored text of a policy that is not in force here; absent for the run's own. */
  observed_hash: hash.optional(),
});

export const trialEvent = z.discriminatedUnion("type", [
  stageTransition,
  routingDecision,
  fallbackActivated,
  breakerStateChanged,
  modelCall,
  patchApply,
  toolCall,
  toolResult,
  gateDecision,
  counterSignal,
  retrievalRequest,
  retrievalResponse,
  calibrationPlant,
  errorEvent,
  serverIdentity,
  policySnapshotRef,
]);

export type Stage = z.infer<typeof stage>;
export type Role = z.infer<typeof role>;
export type Mode = z.infer<typeof mode>;
export type SelectionReason = z.infer<typeof reason>;
export type Routing = z.infer<typeof routing>;
export type VerdictSummary = z.infer<typeof verdictSummary>;
export type TrialEvent = z.infer<typeof trialEvent>;
export type EventOf<T extends TrialEvent["type"]> = Extract<TrialEvent, { type: T }>;
