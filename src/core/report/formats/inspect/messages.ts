// A trial's prompts and answers as Inspect AI's chat messages: one conversation over all attempts, each answer with who gave it.
import { sha256 } from "../../../base/canonical.ts";
import type { ModelCall } from "../../../trial/events/model-call.ts";
import { type CallPage, readCall } from "../../trial/call.ts";
import type { CapsuleTexts, ShownText } from "../../trial/shown-text.ts";
import { inspectModel } from "./usage.ts";

export interface InspectMessage {
  readonly id: string;
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
  readonly source: "input" | "generate";
  readonly model?: string;
  readonly metadata?: Readonly<Record<string, string | number | boolean | null>>;
}

/** An id of the length of Inspect's own, the same for the same text in every export. */
export const inspectId = (...parts: readonly string[]): string => sha256(parts.join("\n")).slice(0, 22);

/** A call's prompt; one message that says why, where the capsule does not hold it. */
export function promptMessages({ prompt }: Pick<CallPage, "prompt">, trial: string): readonly InspectMessage[] {
  const messages = "missing" in prompt ? [{ role: "user" as const, text: `[${prompt.missing}]` }] : prompt.messages;
  return messages.map(({ role, text }) => ({ id: inspectId(trial, role, text), role, content: text, source: "input" }));
}

export function answerMessage(call: ModelCall, answer: ShownText): InspectMessage {
  const { attempt, mode, stand_in: standIn, model, outside_policy: outsidePolicy } = call;
  return {
    id: inspectId(call.call_id, String(call.try)),
    role: "assistant",
    content: "text" in answer ? answer.text : `[${answer.missing}]`,
    source: "generate",
    model: inspectModel(call),
    metadata: { attempt, mode, outside_policy: outsidePolicy, ...(standIn === null ? {} : { stand_in_for: model }) },
  };
}

/** All of the Implementer's calls as one conversation: a prompt that begins with what was said already goes on with it. */
export function conversation(calls: readonly ModelCall[], texts: CapsuleTexts, trial: string): readonly InspectMessage[] {
  let said: readonly InspectMessage[] = [];
  for (const call of calls) {
    const { page } = readCall(call, [], texts, []);
    const prompt = promptMessages(page, trial);
    const common = commonLength(said, prompt);
    said = [...said, ...prompt.slice(common), answerMessage(call, page.answer)];
  }
  return said;
}

/** How many messages at the front are the same; an answer in a prompt is the answer that was given. */
function commonLength(said: readonly InspectMessage[], prompt: readonly InspectMessage[]): number {
  const differs = prompt.findIndex(({ role, content }, index) => said[index]?.role !== role || said[index].content !== content);
  return differs < 0 ? prompt.length : differs;
}
