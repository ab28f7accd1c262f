// OpenAI itself.
import type { Dialect } from "./dialect.ts";

export const openai: Dialect = {
  // The default may be none: a configured effort is always sent unchanged.
  sentEffort: (effort) => effort,
  // A temperature is rejected while the model reasons, and a model's default effort is unknown here.
  temperature: ({ effort, temperature }) => (effort === "none" && temperature !== null ? { temperature } : {}),
  outputLimit: (tokens) => ({ max_completion_tokens: tokens }),
  reasonsSilently: true,
  // The snapshot's date follows the name.
  isServedName: (asked, named) => named === asked || (/^-\d/.test(named.slice(asked.length)) && named.startsWith(asked)),
  identity: null,
  cache: { flushPath: null, counters: null },
};
