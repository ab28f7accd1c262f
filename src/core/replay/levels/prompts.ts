// Level 2: every prompt built again from the suite and what came before it, and compared by hash.
import { canonicalJson, type Sha256, sha256 } from "../../base/canonical.ts";
import type { EventOf } from "../../trial/event.ts";
import { attemptPrompt, critiquePrompt, judgePrompt, planPrompt, type PreviousAttempt, type PromptMessage } from "../../trial/prompt/prompt.ts";
import type { AttemptState } from "../../trial/events/tool-result.ts";
import type { Changes } from "../../text/edit.ts";
import type { CounterSignal } from "../../verdict/answer/role.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { formatOf } from "./answers.ts";
import type { Check, Claim, Scene, TrialView } from "../check.ts";
import { remembered } from "../evidence.ts";

/** Prompts of different trials are often the same: what was built once is known by what it was built from. */
const MEMORY = 20_000;

/** `known`: hashes of prompts built so far, shared by all trials of one replay. */
export function promptChecks(known: Map<string, Sha256 | string>): readonly Check[] {
  return [
    {
      level: "prompts",
      name: "prompt-is-rebuilt",
      sentence: "The prompt that is built from the suite and the history has the recorded hash.",
      what: "prompts",
      cause: null,
      claims: (at) => prompts(at, known),
    },
    {
      level: "prompts",
      name: "question-is-rebuilt",
      sentence: "The question that the notebook was asked has the recorded hash.",
      what: "notebook questions",
      cause: null,
      claims: questions,
    },
  ];
}

type Call = EventOf<"ModelCallEnvelope">;

/** Why a prompt can't be built again. */
class Missing {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

function* questions(at: TrialView): Iterable<Claim> {
  for (const { payload, seq } of at.trial.events) {
    if (payload.type !== "RetrievalRequest") continue;
    if (typeof at.scene === "string") yield { seq, missing: at.scene };
    else yield { seq, recorded: payload.query_hash, redone: sha256(at.scrub(at.scene.question)) };
  }
}

function* prompts(at: TrialView, known: Map<string, Sha256 | string>): Iterable<Claim> {
  let attempts = 0;
  for (const event of at.steps.flatMap((step) => step.events)) {
    if (event.type === "ToolResult") attempts += 1;
    if (event.type !== "ModelCallEnvelope") continue;
    const seq = at.seqOf(event);
    const what = `${event.role} prompts${event.role === "Implementer" && attempts > 0 ? " with feedback" : ""}`;
    if (typeof at.scene === "string") {
      yield { seq, what, missing: at.scene };
      continue;
    }
    const before = at.trial.state.attempts.slice(0, attempts);
    const scene = at.scene;
    const redone = remembered(known, inputsKey(at, event, before), () => promptHash(at, scene, event, before), MEMORY);
    if (redone.startsWith("!")) yield { seq, what, missing: redone.slice(1) };
    else yield { seq, what, recorded: event.prompt_hash, redone };
  }
}

/** Everything that a prompt is built from, by hash. */
function inputsKey(at: TrialView, call: Call, before: readonly AttemptState[]): string {
  const history = before.map(({ call: made, result, patches }) => [
    made.response_hash,
    result.output_hash,
    ...patches.map(({ file_path, after_hash }) => `${file_path} ${after_hash ?? ""}`),
  ]);
  return sha256(
    JSON.stringify([
      call.role,
      at.trial.task.id,
      call.model,
      call.start_hash ?? null,
      at.trial.state.plan?.response_hash ?? null,
      at.trial.state.signal,
      history,
    ]),
  );
}

/** The hash, or `!` and why there is none. */
function promptHash(at: TrialView, scene: Scene, call: Call, before: readonly AttemptState[]): string {
  const messages = build(at, scene, call, before);
  if (messages instanceof Missing) return `!${messages.reason}`;
  return sha256(at.scrub(canonicalJson(messages.map(({ role, content }) => ({ role, content: content.toWellFormed() })))));
}

function build(at: TrialView, scene: Scene, call: Call, before: readonly AttemptState[]): readonly PromptMessage[] | Missing {
  const facts = { task: scene.task, tree: scene.tree, outline: scene.outline, budget: at.snapshot.policy.prompt };
  if (call.role === "SidecarCritic" || call.role === "Judge") return buildReview(at, facts, call, before);
  const start = call.start_hash === undefined ? null : at.evidence.verdict(call.start_hash);
  if (start === null) return new Missing("the verdict on the broken tree is not in the record");
  if (call.role === "Architect") return planPrompt({ ...facts, start });
  const plan = textOf(at, at.trial.state.plan?.response_hash ?? null, "the Architect's plan");
  if (plan instanceof Missing) return plan;
  const previous = toldAttempts(at, before);
  if (previous instanceof Missing) return previous;
  return attemptPrompt({ ...facts, start, format: formatOf(at, call.model), plan, previous });
}

/** What the prompt says of the attempts before. */
function toldAttempts(at: TrialView, before: readonly AttemptState[]): readonly PreviousAttempt[] | Missing {
  const told: PreviousAttempt[] = [];
  for (const { call, result } of before) {
    const answer = textOf(at, call.response_hash, "an earlier answer");
    const verdict = at.evidence.verdict(result.output_hash);
    if (answer instanceof Missing) return answer;
    if (verdict === null) return new Missing("an earlier verdict's full text is not in the record");
    told.push({ answer: answer ?? "", verdict });
  }
  return told;
}

function buildReview(
  at: TrialView,
  facts: Pick<Parameters<typeof planPrompt>[0], "task" | "tree" | "budget">,
  call: Call,
  before: readonly AttemptState[],
): readonly PromptMessage[] | Missing {
  const last = before.at(-1);
  const changes = last ? changesOf(at, last) : new Map<string, string>();
  if (changes instanceof Missing) return changes;
  if (call.role === "SidecarCritic") return critiquePrompt({ ...facts, changes });
  const verdict: Verdict | null = last ? at.evidence.verdict(last.result.output_hash) : { status: "infrastructure", detail: "no attempt" };
  if (verdict === null) return new Missing("the last verdict's full text is not in the record");
  const { signal } = at.trial.state;
  // A signal's kind is kept as a plain text in events; only its words matter here.
  const said = signal && ({ severity: signal.severity, kind: signal.signal_kind, message: signal.message } as CounterSignal);
  return judgePrompt({ ...facts, changes, verdict, signal: said });
}

function textOf(at: TrialView, hash: Sha256 | null, what: string): string | null | Missing {
  if (hash === null) return null;
  return at.evidence.text(hash) ?? new Missing(`${what} is not in the record`);
}

function changesOf(at: TrialView, attempt: AttemptState): Changes | Missing {
  if (attempt.result.verdict.status === "patch-rejected") return new Map();
  const changes = new Map<string, string | null>();
  for (const { file_path: path, after_hash: hash } of attempt.patches) {
    const content = textOf(at, hash, "a patched file");
    if (content instanceof Missing) return content;
    changes.set(path, content);
  }
  return changes;
}
