// The OpenAI-compatible provider over a rehearsal server, with limits that make waiting short.
import { openAiCompatibleProvider } from "../../src/adapters/providers/openai-compatible.ts";
import type { ModelProvider, ModelReply, ModelRequest } from "../../src/ports/models.ts";
import { CLOCK, requestOf } from "./material.ts";
import type { ApiName, DialectName } from "../../src/core/policy/candidate/dialect.ts";
import type { RehearsalServer } from "./rehearsal-server.ts";
import type { Scene } from "./rehearsal-stage.ts";

export const KEY = "a-key-that-must-stay-here";

export interface Setting {
  readonly kind?: DialectName;
  readonly api?: ApiName;
  readonly connectMs?: number;
  readonly idleMs?: number;
  readonly firstTokenMs?: number;
  readonly endpoint?: string;
  readonly apiKey?: string | null;
}

/** Serves `alias` from the server's `m-1`: answers up to 2,000 characters, silences up to 80 ms. */
export function providerOver(
  server: RehearsalServer,
  { kind = "sglang", api = "chat", endpoint = server.endpoint, apiKey = KEY, connectMs = 1000, idleMs = 80, firstTokenMs = 5000 }: Setting = {},
): ModelProvider {
  return openAiCompatibleProvider({
    name: "local",
    kind,
    api,
    endpoint,
    apiKey,
    clock: CLOCK,
    models: { alias: { model: "m-1", effort: "low", temperature: null, maxOutputTokens: 100 } },
    limits: { maxAnswerChars: 2000, connectMs, firstTokenMs, idleMs },
  });
}

/** One call of `alias` that the server answers with the scene. */
export function callThrough(server: RehearsalServer, scene: Scene, request: Partial<ModelRequest> = {}, setting: Setting = {}): Promise<ModelReply> {
  server.rehearse(scene);
  return providerOver(server, setting).call(requestOf({ model: "alias", ...request }), new AbortController().signal);
}
