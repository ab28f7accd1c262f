// Providers of one step: what an earlier holder of the trial was answered is answered again; each further call is made here or by another worker.
import type { Redactor } from "../../core/capsule/redaction.ts";
import { EMBEDDED_PROVIDER } from "../../core/trial/command.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ModelProvider, ModelReply, ModelRequest } from "../../ports/models.ts";
import { soundReply } from "../../trial/model-call.ts";
import type { AssignedStep } from "./held-job.ts";

/** A call of the step, so many of which came before. */
export interface StepCall {
  readonly call: number;
  readonly provider: string;
  readonly request: ModelRequest;
}

/** How a call that nobody was answered before is made. */
type MakeCall = (provider: ModelProvider, call: StepCall, signal: AbortSignal) => Promise<ModelReply>;

/** In this process: each reply is told before anything is made of it. */
export const madeHere =
  (redactor: Redactor, { called }: Pick<AssignedStep, "called">): MakeCall =>
  async (provider, { call, request }, signal) => {
    const reply = soundReply(await provider.call(request, signal), redactor);
    signal.throwIfAborted();
    await called(call, reply);
    return reply;
  };

/** By whichever worker makes calls: what did not pass at the server, passed in the queue. */
export const askedElsewhere =
  (clock: Clock, { ask }: Pick<AssignedStep, "ask">): MakeCall =>
  async (_, { call, provider, request }, signal) => {
    const { material: _material, ...sent } = request;
    const asked = clock.now();
    const reply = await ask({ call, provider, request: sent }, signal);
    const { times } = reply;
    return { ...reply, times: { ...times, queueMs: Math.max(times.queueMs, clock.now() - asked - times.totalMs) } };
  };

/** What is built in costs nothing, and is called again. The calls of a step come one after the other. */
export function rememberingProviders(
  providers: ReadonlyMap<string, ModelProvider>,
  { calls }: Pick<AssignedStep, "calls">,
  make: MakeCall,
): ReadonlyMap<string, ModelProvider> {
  let made = 0;
  const remembering = (name: string, provider: ModelProvider): ModelProvider => ({
    ...provider,
    call: async (request, signal) => {
      const call = made++;
      return calls[call] ?? make(provider, { call, provider: name, request }, signal);
    },
  });
  return new Map([...providers].map(([name, provider]) => [name, name === EMBEDDED_PROVIDER ? provider : remembering(name, provider)]));
}
