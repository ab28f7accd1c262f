// Providers of one step: what an earlier holder of the trial was answered is answered again, and each further reply is told before anything is made of it.
import type { Redactor } from "../../core/capsule/redaction.ts";
import { EMBEDDED_PROVIDER } from "../../core/trial/command.ts";
import type { ModelProvider } from "../../ports/models.ts";
import { soundReply } from "../../trial/model-call.ts";
import type { AssignedStep } from "./held-job.ts";

/** What is built in costs nothing, and is called again. The calls of a step come one after the other. */
export function rememberingProviders(
  providers: ReadonlyMap<string, ModelProvider>,
  redactor: Redactor,
  { calls, called }: Pick<AssignedStep, "calls" | "called">,
): ReadonlyMap<string, ModelProvider> {
  let made = 0;
  const remembering = (provider: ModelProvider): ModelProvider => ({
    ...provider,
    call: async (request, signal) => {
      const call = made++;
      const known = calls[call];
      if (known !== undefined) return known;
      const reply = soundReply(await provider.call(request, signal), redactor);
      signal.throwIfAborted();
      await called(call, reply);
      return reply;
    },
  });
  return new Map([...providers].map(([name, provider]) => [name, name === EMBEDDED_PROVIDER ? provider : remembering(provider)]));
}
