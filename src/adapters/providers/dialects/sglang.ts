// SGLang's OpenAI-compatible server.
import { type Dialect, FLUSH_WAIT_S } from "./dialect.ts";
import { LOCAL } from "./local.ts";

const MODEL_FACTS = ["model_path", "tokenizer_path", "weight_version", "model_type", "is_generation"];

/** Server arguments also hold keys and token paths: only these are kept. */
const FLAGS = [
  "model_path",
  "tokenizer_path",
  "served_model_name",
  "revision",
  "quantization",
  "dtype",
  "kv_cache_dtype",
  "context_length",
  "max_total_num_tokens",
  "mem_fraction_static",
  "tp_size",
  "dp_size",
  "pp_size",
  "attention_backend",
  "sampling_backend",
  "grammar_backend",
  "reasoning_parser",
  "tool_call_parser",
  "chat_template",
  "chunked_prefill_size",
  "max_running_requests",
  "max_queued_requests",
  "schedule_policy",
  "speculative_algorithm",
  "stream_interval",
  "random_seed",
  "disable_radix_cache",
  "enable_cache_report",
  "enable_metrics",
  "enable_deterministic_inference",
  "version",
];

export const sglang: Dialect = {
  ...LOCAL,
  regexMember: (regex) => ({ regex }),
  identity: {
    questions: [
      { paths: ["/model_info", "/get_model_info"], keep: MODEL_FACTS },
      { paths: ["/server_info", "/get_server_info"], keep: FLAGS },
    ],
    headline: ["model_path", "quantization", "version"],
  },
  cache: {
    // It refuses to flush its cache while a request is finishing: it is asked to wait.
    flushPath: `/flush_cache?timeout=${FLUSH_WAIT_S}`,
    counters: { cached: "sglang:cached_tokens_total", prompt: "sglang:prompt_tokens_total" },
  },
};
