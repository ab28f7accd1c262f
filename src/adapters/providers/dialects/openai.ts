// OpenAI itself.
import type { Dialect } from "./dialect.ts";

export const openai: Dialect = {
  // A temperature is rejected while the model reasons; where no effort is set, whoever wrote one knows the model.
  temperature: ({ effort, temperature }) => (temperature !== null && (effort ?? "none") === "none" ? { temperature } : {}),
  outputLimit: (tokens) => ({ max_completion_tokens: tokens }),
  reasonsSilently: true,
  regexMember: null,
  identity: null,
  cache: { flushPath: null, counters: null },
};
