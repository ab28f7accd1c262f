// One situation in which a method may err more often than it says, and how often it does.
/** Shares of wrong verdicts, or of intervals that hold the truth. */
export interface Situation {
  readonly name: string;
  readonly before: number;
  readonly now: number;
  readonly bound: number;
  readonly wants: "at-most" | "at-least";
}
