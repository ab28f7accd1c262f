// How a run reads what models answer: a stored run is read for ever as it was read when it was made.

/**
 * `tolerant`: as a person would read one JSON object: behind closed reasoning, said twice, with a comma too many or a raw line
 * break in a text. `narrow`: as runs were read before that, whose headers name no reading.
 */
export type AnswerReading = "tolerant" | "narrow";

/** How a run that begins now reads its answers. */
export const READING_NOW = "tolerant" satisfies AnswerReading;
