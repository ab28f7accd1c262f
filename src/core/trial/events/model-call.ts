// ModelCallEnvelope: one try of a model call: what was asked, what came back, how long it took and what it cost.
import { z } from "zod";
import { OUTPUT_FORMS } from "../../policy/candidate/shape.ts";
import { FAILURES } from "../../policy/schema.ts";
import { milliseconds, usdText } from "../../text/figures.ts";
import { count, hash, mode, ms, type Role, routing, type Stage } from "../routing.ts";
import { type EventKind, servedBy } from "./kind.ts";
import type { PatchApply } from "./patch-apply.ts";

const schema = z
  .strictObject({
    type: z.literal("ModelCallEnvelope"),
    ...routing.shape,
    call_id: z.string(),
    try: z.number().int().min(1).describe("1-based. A step's tries stand in order; what counts as its answer is the last one's."),
    resolved_model: z.string().describe("The provider's own id of the model, after the alias is expanded."),
    effort: z.string().nullable(),
    served_model: z.string().nullable().describe("The model that the answer names; servers echo the request, so it proves nothing."),
    constraint: z.enum(["schema", "dropped", "free"]).describe("Was the answer to be constrained by a schema: yes; no longer, after a try that was; never."),
    routing_mode: mode,
    capture_mode: z.enum(["None", "PromptsOnly", "FullIo"]),
    prompt_hash: hash,
    start_hash: hash
      .optional()
      .describe("Blob of the verdict on the tree before any attempt, where the prompt shows it: without it no prompt could be built again."),
    response_hash: hash.nullable(),
    reasoning_hash: hash.optional().describe("Blob of what the model thought before it answered, as far as its server tells; absent where it tells nothing."),
    output_form: z.enum(OUTPUT_FORMS).optional().describe("How the answer was held to its schema; absent: by a JSON schema, or there was none."),
    reconnected: z.boolean().optional().describe("The request went out twice: the connection that it was to use had been closed by the server."),
    answer_reused: z
      .literal(true)
      .optional()
      .describe(
        "Nobody was asked: it is the answer to the same request of an earlier call (`run --answer-cache`). It took no time and cost nothing; its tokens are those of that call.",
      ),
    prompt_tokens: count.nullable(),
    response_tokens: count.nullable(),
    cached_tokens: count.nullable(),
    reasoning_tokens: count.nullable(),
    route_ms: ms.describe("From the router's decision to the request being ready; 0 for a further try."),
    backoff_ms: ms.describe("Waited on purpose before this try."),
    queue_ms: ms,
    ttft_ms: ms.nullable(),
    first_output_ms: ms.nullable().describe("First token of the answer itself, reasoning left out."),
    latency_ms: ms,
    parse_ms: ms.describe("Reading the answer and checking it against its schema."),
    cost_usd: z.number().min(0).nullable(),
    unpriced: z.literal("local").optional().describe("Its cost is unknown because the policy has no price for it, and its server is nobody's cloud."),
    success: z.boolean(),
    json_compliant: z.boolean().nullable().describe("Did the answer satisfy the schema that was asked for? Null where the call failed."),
    failure: z
      .enum(FAILURES)
      .nullable()
      .describe("Also where an answer came (`success`) that is not what was asked for: `harmony-residue`, `malformed-answer`."),
    error: z.string().nullable(),
    worker: z.string().optional().describe("Who made the call, in a run whose trials were carried out by workers of a queue."),
  })
  .describe("One try of a model call: what was asked, what came back, how long it took and what it cost.");

export type ModelCall = z.infer<typeof schema>;

/** An attempt whose result has not come yet. */
export interface OpenAttempt {
  /** The last try. */
  readonly call: ModelCall;
  /** The tries before it, which failed. */
  readonly earlier: readonly ModelCall[];
  readonly patches: PatchApply[];
}

/** Tokens of the calls that said how many they used, and how many calls did not say. */
export interface StageTokens {
  readonly known: number;
  readonly unknownCalls: number;
}

export interface CallState {
  open: OpenAttempt | null;
  plan: ModelCall | null;
  critique: ModelCall | null;
  judgement: ModelCall | null;
  tokens: Readonly<Partial<Record<Stage, StageTokens>>>;
}

/** Where a role's call stands in the state. The notebook is asked by a RetrievalRequest: a call in its name decides nothing. */
const STATE_OF: Readonly<Record<Role, Exclude<keyof CallState, "tokens"> | null>> = {
  Architect: "plan",
  Implementer: "open",
  SidecarCritic: "critique",
  Judge: "judgement",
  NotebookLM: null,
};

/** Roles whose answers later steps are made from. */
const ANSWER_IS_USED: Readonly<Record<Role, boolean>> = { Architect: true, Implementer: true, SidecarCritic: false, Judge: false, NotebookLM: false };

export const modelCall: EventKind<ModelCall, CallState> = {
  schema,
  part: () => "consequence",
  texts: { prompt_hash: "prompt", response_hash: "response", reasoning_hash: "reasoning", start_hash: "start verdict" },
  neededToResume: ({ role, response_hash: response }) => (ANSWER_IS_USED[role] ? [response] : []),
  fold: (state, call) => {
    countTokens(state, call);
    const place = STATE_OF[call.role];
    if (place === "open") state.open = openAttempt(state.open, call);
    else if (place) state[place] = call;
  },
  outcome: ({ success }) => ({ success }),
  account,
  tone: ({ success }) => (success ? "plain" : "bad"),
};

/** A further try belongs to the attempt that is open. */
function openAttempt(open: OpenAttempt | null, call: ModelCall): OpenAttempt {
  const earlier = open !== null && call.try > 1 ? [...open.earlier, open.call] : [];
  return { call, earlier, patches: [] };
}

function countTokens(state: CallState, { stage, prompt_tokens: prompt, response_tokens: response }: ModelCall): void {
  const { known, unknownCalls } = state.tokens[stage] ?? { known: 0, unknownCalls: 0 };
  const unknown = prompt === null || response === null ? 1 : 0;
  state.tokens = { ...state.tokens, [stage]: { known: known + (prompt ?? 0) + (response ?? 0), unknownCalls: unknownCalls + unknown } };
}

function account(call: ModelCall): string {
  const tokens = call.prompt_tokens === null ? "tokens unknown" : `${call.prompt_tokens} + ${call.response_tokens ?? "?"} tokens`;
  const answered = call.answer_reused ? "answered as it had before" : `answered in ${milliseconds(call.latency_ms)} ms`;
  const how = call.success ? answered : `failed: ${call.error ?? ""}`;
  const form = call.json_compliant === false ? ", not the JSON that was asked for" : "";
  return `${servedBy(call)} (${call.provider}, ${call.resolved_model}) ${how}${form}; ${tokens}, ${usdText(call.cost_usd)}`;
}
