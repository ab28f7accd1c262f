// Patches that were made elsewhere, as answers: what is handed over for each task, and the one hash over all of them.
import { hashOf, type Sha256 } from "../../base/canonical.ts";

/** A task, and the SHA-256 of the answer that was handed over for it, its secrets taken out. */
export type GivenAnswer = readonly [task: string, answer: Sha256];

export const givenPatchesHash = (given: readonly GivenAnswer[]): Sha256 => hashOf(given.toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** As a model that is asked for a diff would answer; empty: nothing was changed. */
export const givenAnswer = (diff: string): string => JSON.stringify({ diff });
