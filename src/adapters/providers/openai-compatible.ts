// Models behind any server with OpenAI's chat completions or responses API: OpenAI itself, SGLang, vLLM, and what calls itself compatible.
import type { CallTimes, ModelReply, NetworkProvider } from "../../ports/models.ts";
import { connect } from "./connect.ts";
import { type Call, type CallFacts, converse, requestOf } from "./conversation.ts";
import { startDeadline } from "./deadline.ts";
import { DIALECTS } from "./dialects/dialects.ts";
import { callFailureOf, safeDetail } from "./failure.ts";
import { modelNames } from "./model-names.ts";
import { outputForms } from "./output-forms.ts";
import type { OpenAiCompatibleOptions } from "./provider-options.ts";
import { addressHint, dispatcherTo } from "./route.ts";
import { type StreamEnding, endingOf, failed, NO_USAGE, newTranscript } from "./stream/stream.ts";

/** Serves the models of one server. Every call streams, and none is retried here: the run decides and records that. */
export function openAiCompatibleProvider(options: OpenAiCompatibleOptions): NetworkProvider {
  const { endpoint, ca = null, apiKey, send, limits, clock } = options;
  const transport = { dispatcher: dispatcherTo({ endpoint, ca, connectMs: limits.connectMs }), apiKey, send };
  const names = modelNames({ ...transport, endpoint });
  const forms = outputForms();
  const firstTokenMs = DIALECTS[options.kind].reasonsSilently ? null : limits.firstTokenMs;
  return {
    name: options.name,
    async call(request, signal) {
      signal.throwIfAborted();
      const served = Object.hasOwn(options.models, request.model) ? options.models[request.model] : undefined;
      if (served === undefined) return unknownModel(options, request.model);
      const form = request.schema === null ? "none" : forms.of(request.model, served);
      const deadline = startDeadline(signal, { totalMs: request.timeoutMs, idleMs: limits.idleMs, firstTokenMs });
      const facts: CallFacts = { sentAt: null, reconnected: false, formRefused: false };
      try {
        const said = await reply({ options, transport, names, served, request, form, deadline, transcript: newTranscript(), clock, facts }, signal);
        return facts.formRefused && said.outcome === "failed" && forms.refused(request.model, served, form) ? { ...said, formRefused: true } : said;
      } finally {
        deadline.stop();
        // undici frees a connection one turn after its body ends: the caller's next call should find it free.
        await new Promise(setImmediate);
      }
    },
    sends: (request) => {
      const served = Object.hasOwn(options.models, request.model) ? options.models[request.model] : undefined;
      if (served === undefined) return null;
      return requestOf({ options, served, request, form: request.schema === null ? "none" : forms.of(request.model, served) });
    },
    connect: (count, signal) => connect({ ...transport, endpoint, limits }, count, signal),
  };
}

async function reply(call: Call, signal: AbortSignal): Promise<ModelReply> {
  const { options, served, transcript, clock, facts, form, request } = call;
  const asked = clock.now();
  const ending = await conclude(call, signal);
  const started = facts.sentAt ?? asked;
  const since = (at: number | null): number | null => (at === null ? null : at - started);
  const times: CallTimes = {
    queueMs: started - asked,
    ttftMs: since(transcript.firstTextAt),
    firstOutputMs: since(transcript.firstOutputAt),
    totalMs: (transcript.doneAt ?? clock.now()) - started,
    gapsMs: transcript.gapsMs,
  };
  const told = ending.outcome === "failed" ? { ...ending, detail: safeDetail(ending.detail, options.apiKey) } : ending;
  return {
    resolvedModel: served.model,
    servedModel: transcript.servedModel === null ? null : safeDetail(transcript.servedModel, options.apiKey),
    effort: served.effort,
    times,
    usage: transcript.usage,
    reasoning: transcript.reasoning.join("") || null,
    ...(request.schema === null || form === "json_schema" ? {} : { outputForm: form }),
    ...(facts.reconnected ? { reconnected: true } : {}),
    ...told,
  };
}

/** The call's result. An abort by the caller throws; once the server has sent a finish reason, the answer stands. */
async function conclude(call: Call, signal: AbortSignal): Promise<StreamEnding> {
  const { deadline, transcript, options } = call;
  const heard = await converse(call).catch((thrown: unknown) => ({ outcome: "thrown" as const, thrown }));
  signal.throwIfAborted();
  if (heard?.outcome === "failed") return heard;
  const expired = deadline.expired();
  if (expired !== null) return transcript.finish === null ? failed(expired.failure, expired.words) : endingOf(transcript);
  if (heard === null) return endingOf(transcript);
  const named = callFailureOf(heard.thrown);
  if (named.failure === "cut-stream" && transcript.finish !== null) return endingOf(transcript);
  return { outcome: "failed", ...named, detail: named.failure === "model-not-found" ? named.detail + addressHint(options.endpoint) : named.detail };
}

function unknownModel(options: OpenAiCompatibleOptions, model: string): ModelReply {
  const times = { queueMs: 0, ttftMs: null, firstOutputMs: null, totalMs: 0, gapsMs: [] };
  const detail = `${options.name} serves no model that the policy names ${model}`;
  return { resolvedModel: model, servedModel: null, effort: null, times, usage: NO_USAGE, outcome: "failed", failure: "model-not-found", detail };
}
