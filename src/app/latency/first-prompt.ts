// The prompt of a first attempt, as a run would send it: what a server is timed and tried with.
import { invariant } from "../../core/base/errors.ts";
import type { AnswerFormat } from "../../core/policy/schema.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { brokenTree, type Suite, type Task } from "../../core/suite/suite.ts";
import { buildPrompt, firstAttemptFacts } from "../../core/trial/prompt/facts.ts";
import { repositoryOutline } from "../../core/trial/prompt/outline.ts";
import { answerSchema } from "../../core/verdict/answer/answer.ts";
import type { ModelRequest } from "../../ports/models.ts";

export type FirstPrompt = Pick<ModelRequest, "messages" | "schema" | "material">;

/** Nothing has been tried yet. */
const NO_TEXTS = { text: () => null, verdict: () => null };

/** `suite`: the task's. */
export function firstPrompt(suite: Suite, task: Task, { policy }: Pick<PolicySnapshot, "policy">, format: AnswerFormat): FirstPrompt {
  const outline = repositoryOutline(task.base, suite.tasks, policy.prompt.map_tokens);
  const tree = brokenTree(task);
  const built = buildPrompt({ task, tree, outline, budget: policy.prompt }, firstAttemptFacts(format), NO_TEXTS);
  invariant(built.ok, "a first attempt needs no text of the record");
  return { messages: built.messages, schema: answerSchema(format), material: { task, tree, diagnostics: [], lastChanges: null, verdict: null } };
}
