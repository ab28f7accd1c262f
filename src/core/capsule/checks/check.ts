// What a check of a capsule is: a state machine that is shown its lines one by one and reports at the end what is wrong.
import type { Sha256 } from "../../base/canonical.ts";
import type { EventLine, Header, Seal } from "../line.ts";

/** A stored text, inflated on demand. */
export interface StoredText {
  readonly sha256: Sha256;
  readonly text: string;
  /** Its beginning, cheaper than the whole: at least as long as `SNAPSHOT_START`. */
  readonly start?: string;
}

/** Is shown a capsule's lines in file order. Keeps only what it needs: capsules may have millions of lines. */
export interface Watch {
  text?(text: StoredText): void;
  withheld?(hash: Sha256): void;
  event?(line: EventLine, lineText: string): void;
  seal?(seal: Seal): void;
  /** What is wrong, or null. */
  end(): string | null;
}

export interface CapsuleCheck {
  readonly name: string;
  readonly sentence: string;
  readonly watch: (header: Header, headerText: string) => Watch;
}

/** Keeps the first fault that is reported. */
export class FirstFault {
  found: string | null = null;

  tell(fault: string): void {
    this.found ??= fault;
  }
}
