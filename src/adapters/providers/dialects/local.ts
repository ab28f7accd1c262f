// What servers of open weights have in common: how they are asked, and that they echo the name of the model.
import type { Dialect } from "./dialect.ts";

/** gpt-oss knows low, medium and high only: a local server gets the nearest of them. */
const NEAREST = { none: "low", low: "low", medium: "medium", high: "high", xhigh: "high" } as const;

export const LOCAL = {
  sentEffort: (effort) => (effort === null ? null : NEAREST[effort]),
  // Without one, SGLang takes a temperature from the checkpoint's generation_config.json.
  temperature: ({ temperature }) => ({ temperature: temperature ?? 0 }),
  outputLimit: (tokens) => ({ max_tokens: tokens }),
  reasonsSilently: false,
  isServedName: (asked, named) => named === asked,
} as const satisfies Partial<Dialect>;
