// The kinds of model server that a policy may name, and what its rules must know of each.

interface DialectFacts {
  /** What is wrong with the id of a model that is sent to such a server, and the way out; null where nothing is. */
  readonly modelFault: (model: string) => string | null;
  /** What is wrong with what a candidate says of its temperature, and the way out; null where nothing is. */
  readonly temperatureFault: (candidate: { readonly temperature?: number | undefined; readonly effort?: string | undefined }) => string | null;
}

export const DIALECT_FACTS = {
  openai: {
    modelFault: () => null,
    temperatureFault: ({ temperature, effort = "none" }) =>
      effort !== "none" && temperature !== undefined ? "a model with an effort rejects it: remove it" : null,
  },
  sglang: {
    modelFault: (model) => (model.includes(":") ? `${model} has a colon, and SGLang reads what follows as an adapter's name: serve it under a plain id` : null),
    temperatureFault: ({ temperature }) => (temperature === undefined ? "missing, so the server's own configuration would decide: set it (0.0)" : null),
  },
  vllm: { modelFault: () => null, temperatureFault: () => null },
} as const satisfies Record<string, DialectFacts>;

export type DialectName = keyof typeof DIALECT_FACTS;

export const DIALECT_NAMES = Object.keys(DIALECT_FACTS) as [DialectName, ...DialectName[]];

/** Which of OpenAI's two APIs is used. */
export const API_NAMES = ["chat", "responses"] as const;

export type ApiName = (typeof API_NAMES)[number];
