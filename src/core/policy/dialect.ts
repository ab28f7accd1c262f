// The kinds of model server that a policy may name, and what its rules must know of each.

interface DialectFacts {
  /** What is wrong with what a candidate says of its temperature, and the way out; null where nothing is. */
  readonly temperatureFault: (candidate: { readonly temperature?: number | undefined; readonly effort?: string | undefined }) => string | null;
}

export const DIALECT_FACTS = {
  openai: {
    temperatureFault: ({ temperature, effort = "none" }) =>
      effort !== "none" && temperature !== undefined ? "a model with an effort rejects it: remove it" : null,
  },
  sglang: {
    temperatureFault: ({ temperature }) => (temperature === undefined ? "missing, so the server's own configuration would decide: set it (0.0)" : null),
  },
  vllm: { temperatureFault: () => null },
} as const satisfies Record<string, DialectFacts>;

export type DialectName = keyof typeof DIALECT_FACTS;

export const DIALECT_NAMES = Object.keys(DIALECT_FACTS) as [DialectName, ...DialectName[]];

/** Which of OpenAI's two APIs is used. */
export const API_NAMES = ["chat", "responses"] as const;

export type ApiName = (typeof API_NAMES)[number];
