// vLLM's OpenAI-compatible server.
import type { Dialect } from "./dialect.ts";
import { LOCAL } from "./local.ts";

export const vllm: Dialect = {
  ...LOCAL,
  regexMember: (regex) => ({ structured_outputs: { regex } }),
  identity: { questions: [{ paths: ["/version"], keep: ["version"] }], headline: ["version"] },
  // It flushes its cache only in development mode.
  cache: { flushPath: null, counters: { cached: "vllm:prefix_cache_hits_total", prompt: "vllm:prefix_cache_queries_total" } },
};
