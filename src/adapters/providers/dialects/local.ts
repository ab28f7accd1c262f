// What servers of open-weight models have in common: the request, and that they echo the model's name.
import type { Dialect } from "./dialect.ts";

/** gpt-oss has low, medium and high only: a local server is sent the nearest. */
const NEAREST = { none: "low", low: "low", medium: "medium", high: "high", xhigh: "high" } as const;

export const LOCAL = {
  sentEffort: (effort) => (effort === null ? null : NEAREST[effort]),
  // Without one, SGLang uses the temperature in the checkpoint's generation_config.json.
  temperature: ({ temperature }) => ({ temperature: temperature ?? 0 }),
  outputLimit: (tokens) => ({ max_tokens: tokens }),
  reasonsSilently: false,
  isServedName: (asked, named) => named === asked,
} as const satisfies Partial<Dialect>;
