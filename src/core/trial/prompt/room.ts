// Whether a server's context takes the largest prompts of a run, estimated before any is sent.
import type { AnswerFormat, WrittenPolicy } from "../../policy/schema.ts";
import type { Task } from "../../suite/suite.ts";
import { ATTEMPT_SYSTEM } from "./system.ts";
import { estimateTokens } from "./text.ts";

export interface RoomQuestion {
  readonly policy: Pick<WrittenPolicy, "prompt" | "reflex">;
  readonly tasks: readonly Pick<Task, "instruction">[];
  readonly format: AnswerFormat;
  readonly maxOutputTokens: number;
}

/** Tokens of prompt and answer together, at most: those of the first attempt, and those of the last one, whose prompt holds the earlier ones. */
export interface RoomNeeded {
  readonly first: number;
  readonly last: number;
}

/** Titles, the list of editable files, and what stands between the parts. */
const FRAME_TOKENS = 150;

/** By the policy's prompt budgets, which no prompt exceeds; tokens are estimated, as the budgets are. */
export function roomNeeded({ policy: { prompt, reflex }, tasks, format, maxOutputTokens }: RoomQuestion): RoomNeeded {
  const instruction = tasks.reduce((most, task) => Math.max(most, estimateTokens(task.instruction)), 0);
  const first = estimateTokens(ATTEMPT_SYSTEM[format]) + FRAME_TOKENS + prompt.map_tokens + instruction + prompt.context_tokens + maxOutputTokens;
  // An earlier attempt takes its answer and what was said of it, each cut to the budget of feedback.
  return { first, last: first + (reflex.max_attempts - 1) * 2 * prompt.feedback_tokens };
}

/** What a person is told where it may not fit; null where it does. `contextTokens`: what the server takes. */
export function roomWarning(name: string, contextTokens: number, { first, last }: RoomNeeded): string | null {
  if (last <= contextTokens) return null;
  const which = first > contextTokens ? `even a first attempt can need ${first}` : `a last attempt can need ${last}`;
  return (
    `the server of ${name} takes ${contextTokens} tokens of prompt and answer, and ${which} (estimated): such calls fail as context-too-long; ` +
    "start it with a longer context, or lower prompt.context_tokens or the candidate's max_output_tokens"
  );
}
