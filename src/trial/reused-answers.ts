// Providers that answer a request as it was answered before, where all that would be sent is the same.
import { hashOf, type Sha256 } from "../core/base/canonical.ts";
import { BakeoffError } from "../core/base/errors.ts";
import type { Redactor } from "../core/capsule/redaction.ts";
import { type KeptAnswer, keptAnswerEntry, readKeptAnswer } from "../core/trial/kept-answer.ts";
import type { KeptAnswers } from "../ports/kept-answers.ts";
import type { CallTimes, ModelProvider, ModelReply, ModelRequest } from "../ports/models.ts";
import { soundReply } from "./model-call.ts";

export interface ReuseMeans {
  readonly answers: KeptAnswers;
  readonly redactor: Redactor;
  /** No answer is longer: one that the folder holds all the same is not used. */
  readonly maxChars: number;
  /** Told of what could not be used or kept, each time: the call goes to its server. */
  readonly tell: (what: string) => void;
}

type Sending = Required<Pick<ModelProvider, "sends">> & ModelProvider;

/** Those that send nothing are left as they are. */
export function reusingProvider(provider: ModelProvider, means: ReuseMeans): ModelProvider {
  const { sends } = provider;
  if (sends === undefined) return provider;
  const sending: Sending = { ...provider, sends };
  return {
    ...provider,
    call: async (request, signal) => {
      const kept = await found(means, keyOf(sending, request));
      signal.throwIfAborted();
      if (kept !== null) return replyOf(kept);
      // Another call may have taught the provider meanwhile in which form its server answers: this is what goes out now.
      const key = keyOf(sending, request);
      const reply = soundReply(await provider.call(request, signal), means.redactor);
      if (key !== null && reply.outcome === "answered") await keep(means, key, reply);
      return reply;
    },
  };
}

/** Null where nothing would be sent. A draw is told from the others: repeats that are all one answer are none. */
function keyOf({ name, sends }: Sending, request: ModelRequest): Sha256 | null {
  const sent = sends(request);
  return sent === null ? null : hashOf({ format: 1, provider: name, model: request.model, draw: request.draw ?? "", sent });
}

async function found({ answers, maxChars, tell }: ReuseMeans, key: Sha256 | null): Promise<KeptAnswer | null> {
  if (key === null) return null;
  const why = (fault: string): null => {
    tell(`kept answer ${key.slice(0, 12)}: ${fault}: the model is asked again`);
    return null;
  };
  try {
    const entry = await answers.find(key);
    if (entry === null) return null;
    const read = readKeptAnswer(entry, key);
    if (!read.ok) return why(read.why);
    return read.answer.text.length > maxChars ? why(`it is longer than ${maxChars} characters`) : read.answer;
  } catch (error) {
    if (error instanceof BakeoffError) return why(error.message);
    throw error;
  }
}

async function keep({ answers, tell }: ReuseMeans, key: Sha256, reply: ModelReply & { readonly outcome: "answered" }): Promise<void> {
  const { usage } = reply;
  const answer: KeptAnswer = {
    resolved_model: reply.resolvedModel,
    served_model: reply.servedModel,
    effort: reply.effort,
    ...(reply.outputForm === undefined ? {} : { output_form: reply.outputForm }),
    text: reply.text,
    reasoning: reply.reasoning ?? null,
    prompt_tokens: usage.promptTokens,
    response_tokens: usage.responseTokens,
    cached_tokens: usage.cachedTokens,
    reasoning_tokens: usage.reasoningTokens,
  };
  try {
    await answers.keep(key, keptAnswerEntry(key, answer));
  } catch (error) {
    // The answer is there and the run needs nothing more of it.
    if (!(error instanceof BakeoffError)) throw error;
    tell(`${error.message}: this answer is not kept`);
  }
}

/** It took nobody's time. */
const NO_TIMES: CallTimes = { queueMs: 0, ttftMs: null, firstOutputMs: null, totalMs: 0, gapsMs: [] };

const replyOf = (kept: KeptAnswer): ModelReply => ({
  outcome: "answered",
  reused: true,
  text: kept.text,
  resolvedModel: kept.resolved_model,
  servedModel: kept.served_model,
  effort: kept.effort,
  times: NO_TIMES,
  usage: {
    promptTokens: kept.prompt_tokens,
    responseTokens: kept.response_tokens,
    cachedTokens: kept.cached_tokens,
    reasoningTokens: kept.reasoning_tokens,
  },
  reasoning: kept.reasoning,
  ...(kept.output_form === undefined ? {} : { outputForm: kept.output_form }),
});
