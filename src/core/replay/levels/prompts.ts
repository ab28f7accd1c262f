// Level 2: every prompt built again from the suite and what came before it, and compared by hash.
import { type Sha256, sha256 } from "../../base/canonical.ts";
import { answerFormatOf } from "../../trial/answer-outcome.ts";
import type { EventOf } from "../../trial/event.ts";
import { TrialFold, type TrialState } from "../../trial/fold.ts";
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

function* rebuiltPrompts(view: TrialView, known: Known): Iterable<Claim> {
  for (const { call, role, before } of promptedCalls(view)) {
    const what = `${role} prompts${role === "Implementer" && before.attempts.length > 0 ? " with feedback" : ""}`;
    const facts = promptFacts(role, before, { start: call.start_hash ?? null, format: answerFormatOf(view.snapshot, call) });
    yield { seq: view.seqOf(call), what, ...promptClaim(view, facts, call.prompt_hash, known) };
  }
}

interface PromptedCall {
  readonly call: EventOf<"ModelCallEnvelope">;
  readonly role: PromptRole;
  /** The trial before the call's step, as the live run had it. */
  readonly before: TrialState;
}

function* promptedCalls({ steps }: TrialView): Generator<PromptedCall> {
  const history = new TrialFold();
  for (const { events } of steps) {
    const calls = events.filter((event) => event.type === "ModelCallEnvelope");
    // Most steps call nobody, and a state costs something.
    const before = calls.length === 0 ? null : history.state;
    for (const call of calls) if (before && call.role !== "NotebookLM") yield { call, role: call.role, before };
    for (const event of events) history.take(event);
  }
}

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
