// What one model did on a set of samples, whatever told it: what every reader of results gives.

export interface SampleResult {
  readonly sample: string;
  /** Samples of one family may succeed and fail together. */
  readonly family: string;
  readonly passed: boolean;
}

/** What one model did on a set of samples. */
export interface ResultArm {
  readonly name: string;
  readonly samples: readonly SampleResult[];
  /** Samples without a verdict: in no rate. */
  readonly unscored: number;
}

export interface ResultWords {
  /** Which of a sample's scores counts; null: the first. */
  readonly score: string | null;
  /** Where a sample's metadata names its family; null: each stands for itself. */
  readonly family: string | null;
}

/** The arms of a document; null for one of another shape. Hostile input: read strictly, nothing is guessed. */
export type ResultReader = (document: unknown, words: ResultWords) => readonly ResultArm[] | null;
