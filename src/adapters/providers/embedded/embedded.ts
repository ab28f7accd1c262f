// The embedded candidates and stand-ins: programs, not language models; no network.
import type { Clock } from "../../../ports/clock.ts";
import type { ModelProvider, ModelReply, ModelRequest, Usage } from "../../../ports/models.ts";
import type { Workbench } from "../../../ports/workbench.ts";
import { clippyCritique, type EmbeddedOutcome } from "./critic.ts";
import { testVerdictJudgement } from "./judge.ts";
import { cheatEdits, noEdits, oracleEdits, oraclePlan, suggestedEdits } from "./patch.ts";

export interface EmbeddedOptions {
  readonly clock: Clock;
  readonly workbench: Pick<Workbench, "lint">;
  /** A longer answer is refused. */
  readonly maxAnswerChars: number;
}

type Handler = (request: ModelRequest, signal: AbortSignal) => EmbeddedOutcome | Promise<EmbeddedOutcome>;
type Handlers = Readonly<Record<string, Partial<Record<ModelRequest["purpose"], Handler>>>>;

const NO_TOKENS: Usage = { promptTokens: 0, responseTokens: 0, cachedTokens: 0, reasoningTokens: 0 };

/** Serves `nop`, `oracle`, `cheat`, `rustc-suggestions`, `test-verdict` and `clippy`, each for its purposes. */
export function embeddedProvider({ clock, workbench, maxAnswerChars }: EmbeddedOptions): ModelProvider {
  const handlers: Handlers = {
    cheat: { patch: ({ material }) => answered(cheatEdits(material)) },
    nop: { patch: () => answered(noEdits()) },
    oracle: {
      patch: ({ material }) => answered(oracleEdits(material, maxAnswerChars)),
      plan: ({ material }) => answered(oraclePlan(material)),
    },
    "rustc-suggestions": { patch: ({ material }) => answered(suggestedEdits(material)) },
    "test-verdict": { judge: ({ material }) => answered(testVerdictJudgement(material.verdict)) },
    clippy: { critique: ({ material }, signal) => clippyCritique(workbench, material, signal) },
  };
  return {
    name: "embedded",
    async call(request, signal): Promise<ModelReply> {
      signal.throwIfAborted();
      const started = clock.now();
      const told = await (handlerOf(handlers, request) ?? unserved)(request, signal);
      // Nothing is streamed, so there is no time to first token.
      const times = { queueMs: 0, ttftMs: null, firstOutputMs: null, totalMs: clock.now() - started, gapsMs: [] };
      return { resolvedModel: request.model, servedModel: null, effort: null, times, usage: NO_TOKENS, ...told };
    },
  };
}

function handlerOf(handlers: Handlers, { model, purpose }: ModelRequest): Handler | undefined {
  return Object.hasOwn(handlers, model) ? handlers[model]?.[purpose] : undefined;
}

function unserved({ model, purpose }: ModelRequest): EmbeddedOutcome {
  return { outcome: "failed", failure: "model-not-found", detail: `no embedded ${model} serves the purpose ${purpose}` };
}

function answered(text: string): EmbeddedOutcome {
  return { outcome: "answered", text };
}
