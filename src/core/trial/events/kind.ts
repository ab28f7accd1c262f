// What each kind of event says of itself: its fields, its part in a step, its texts, its effect on the trial, and its account.
import type { z } from "zod";

/** What a stored text is to the event that refers to it. */
export type TextPart = "prompt" | "start verdict" | "response" | "reasoning" | "patched file" | "verdict" | "notebook answer" | "policy";

/** A decision, by what it decides; what came of one; or a note, in which nothing was decided. */
export type StepPart = "stage changes" | "routing decisions" | "escalations" | "notebook questions" | "gate decisions" | "consequence" | "note";

/** `override`: somebody let something through against the rules; it is shown in red wherever it stands. */
export type Tone = "plain" | "good" | "bad" | "override";

type HashField<E> = Extract<keyof E, `${string}_hash`>;

/** `E`: the event. `S`: the part of a trial's state that it changes. */
export interface EventKind<E extends { readonly type: string }, S> {
  /** Strict: an unknown field is refused. Its description, and those of its fields, stand in the published schema. */
  readonly schema: z.ZodType<E>;
  readonly part: (event: E) => StepPart;
  /** For each field that holds a hash: which text of the capsule it is the address of; null where it is no text's. */
  readonly texts: Readonly<Record<HashField<E>, TextPart | null>>;
  /** Addresses of the texts without which an unfinished trial can't be gone on with. */
  readonly neededToResume: (event: E) => readonly (string | null)[];
  readonly fold: (state: S, event: E) => void;
  /** How it came out, as far as a later decision can go by that; beside the event's plain facts. */
  readonly outcome: (event: E) => object;
  /** One line for people. */
  readonly account: (event: E) => string;
  readonly tone: (event: E) => Tone;
}

export const nothingNeeded = (): readonly never[] => [];

/** For events that no later decision of their trial goes by. */
export const unfolded = (): void => undefined;

/** For events that say all in their plain facts. */
export const noOutcome = (): object => ({});

export const plain = (): Tone => "plain";

/** The account of kinds that say only a few plain facts: those, by name. */
export function plainFacts(event: object): string {
  const facts = Object.entries(event)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .filter(([key, value]) => key !== "type" && (typeof value === "string" || typeof value === "number" || typeof value === "boolean"));
  return facts.map(([key, value]) => `${key} ${String(value)}`).join(", ");
}

/** The model that serves, or the stand-in that plays it. */
export const servedBy = ({ model, stand_in: standIn }: { readonly model: string; readonly stand_in: string | null }): string =>
  standIn === null ? model : `stand-in ${standIn} for ${model}`;
