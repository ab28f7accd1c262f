// What servers of open-weight models have in common: the request.
import type { Dialect } from "./dialect.ts";

export const LOCAL = {
  // Without one, SGLang uses the temperature in the checkpoint's generation_config.json.
  temperature: ({ temperature }) => ({ temperature: temperature ?? 0 }),
  outputLimit: (tokens) => ({ max_tokens: tokens }),
  reasonsSilently: false,
} as const satisfies Partial<Dialect>;
