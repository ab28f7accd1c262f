// The model servers that usually run on this machine, by the ports that they come with.
import { listModels } from "./ready.ts";

/** SGLang, vLLM, llama.cpp, Ollama and LM Studio as they come. */
const PORTS = [30000, 8000, 8080, 11434, 1234];
const TIMEOUT_MS = 700;
const NAMED_CHARS = 200;

export interface LocalServer {
  readonly endpoint: string;
  readonly models: readonly string[];
}

/** Those that say what they serve; all are asked at once, none is sent a key. */
export async function findLocalServers(): Promise<readonly LocalServer[]> {
  const asked = PORTS.map(async (port) => {
    const endpoint = `http://127.0.0.1:${port}/v1`;
    const list = await listModels({ endpoint, apiKey: null, timeoutMs: TIMEOUT_MS });
    const models = list.ok ? list.entries.slice(0, 10).map(({ id }) => plain(id)) : [];
    return models.length === 0 ? [] : [{ endpoint, models }];
  });
  return (await Promise.all(asked)).flat();
}

/** A name goes to a terminal, and into a command that is offered. */
const plain = (id: string): string => id.replaceAll(/\p{C}/gu, "?").slice(0, NAMED_CHARS);
