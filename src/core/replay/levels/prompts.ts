// Level 2: every prompt built again from the suite and what came before it, and compared by hash.
import { type Sha256, sha256 } from "../../base/canonical.ts";
import { answerFormatOf } from "../../trial/answer-outcome.ts";
import { TrialFold } from "../../trial/fold.ts";
import { buildPrompt, type PromptFacts, promptFacts, type PromptRole } from "../../trial/prompt/facts.ts";
import { notebookQuestion } from "../../trial/prompt/question.ts";
import { promptText, sentMessages } from "../../trial/prompt/sent.ts";
import type { Check, Claim, Level, TrialView } from "../check.ts";
import type { Scene } from "../scene.ts";
import { remembered } from "../evidence.ts";

/** Prompts of different trials are often the same: what was built once is known by what it was built from. */
const MEMORY = 20_000;

/** Hashes of prompts built so far by what they were built from; `!` and why, where one can't be built. */
type Known = Map<string, Sha256 | string>;

export const prompts: Level = {
  sentence: "Every prompt and question, built again from the suite and the history before it, has the recorded hash.",
  needsPolicy: true,
  checks: () => {
    const known: Known = new Map();
    const checks: readonly Check[] = [{ ...PROMPT, claims: (view) => rebuiltPrompts(view, known) }, QUESTION];
    return { trials: checks, planted: checks };
  },
  outcome: ({ suite }) => ({ notes: typeof suite === "string" ? [suite] : [] }),
};

const PROMPT: Omit<Check, "claims"> = {
  name: "prompt-is-rebuilt",
  sentence: "The prompt that is built from the suite and the history has the recorded hash.",
  what: "prompts",
  cause: null,
};

const QUESTION: Check = {
  name: "question-is-rebuilt",
  sentence: "The question that the notebook was asked has the recorded hash.",
  what: "notebook questions",
  cause: null,
  claims: questions,
};

function* questions({ trial, scene, scrub }: TrialView): Iterable<Claim> {
  for (const { payload, seq } of trial.events) {
    if (payload.type !== "RetrievalRequest") continue;
    if (typeof scene === "string") yield { seq, missing: scene };
    else yield { seq, recorded: payload.query_hash, redone: sha256(scrub(notebookQuestion(scene.task))) };
  }
}

/** Each call against the history before its step, as the live run had it. */
function* rebuiltPrompts(view: TrialView, known: Known): Iterable<Claim> {
  const history = new TrialFold();
  for (const step of view.steps) {
    const before = history.state;
    for (const event of step.events) {
      if (event.type !== "ModelCallEnvelope" || !isPrompted(event.role)) continue;
      const { role } = event;
      const claim = { seq: view.seqOf(event), what: `${role} prompts${role === "Implementer" && before.attempts.length > 0 ? " with feedback" : ""}` };
      const facts = promptFacts(role, before, { start: event.start_hash ?? null, format: answerFormatOf(view.snapshot, event.model) });
      yield { ...claim, ...promptClaim(view, facts, event.prompt_hash, known) };
    }
    for (const event of step.events) history.take(event);
  }
}

const isPrompted = (role: string): role is PromptRole => role !== "NotebookLM";

function promptClaim(view: TrialView, facts: PromptFacts, recorded: Sha256, known: Known) {
  const { scene } = view;
  if (typeof scene === "string") return { missing: scene };
  const key = sha256(JSON.stringify([scene.task.id, facts]));
  const redone = remembered(known, key, () => promptHash(view, scene, facts), MEMORY);
  return redone.startsWith("!") ? { missing: redone.slice(1) } : { recorded, redone };
}

/** The hash, or `!` and why there is none. */
function promptHash({ evidence, scrub }: TrialView, scene: Scene, facts: PromptFacts): string {
  const built = buildPrompt(scene, facts, evidence);
  return built.ok ? sha256(scrub(promptText(sentMessages(built.messages, scrub)))) : `!${built.missing}`;
}
