// What a check over a capsule is: a small machine that is shown its lines one by one and says at the end what is wrong.
import type { Sha256 } from "../../base/canonical.ts";
import type { EventLine, Header, Seal } from "../line.ts";

/** A stored text; inflated only where it is asked for. */
export interface StoredText {
  readonly sha256: Sha256;
  readonly text: string;
  /** How it begins, where that costs less than the whole: at least as many characters as `SNAPSHOT_START` has. */
  readonly start?: string;
}

/** Is shown a capsule's lines in the file's order. Holds no more than it needs: capsules may have millions of lines. */
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

/** Keeps the first fault that it is told. */
export class FirstFault {
  found: string | null = null;

  tell(fault: string): void {
    this.found ??= fault;
  }
}
