// What a check of a capsule is: a state machine that is shown its lines one by one and reports at the end what is wrong.
import type { Sha256 } from "../../base/canonical.ts";
import type { EventLine, Header, Seal, WithheldLine } from "../line.ts";

/** A stored text, inflated on demand. */
export interface StoredText {
  readonly sha256: Sha256;
  readonly text: string;
  /** Its beginning, cheaper than the whole: at least as long as `SNAPSHOT_START`. */
  readonly start?: string;
  /** Its size in UTF-8, and as its line holds it; not there for one that was never written. */
  readonly stored?: { readonly bytes: number; readonly data: string };
}

/** A text that was left out of an export: what stands in its place. */
export type LeftOutText = Pick<WithheldLine, "sha256"> & Partial<Pick<WithheldLine, "bytes" | "data_sha256">>;

/** Is shown a capsule's lines in file order. Keeps only what it needs: capsules may have millions of lines. */
export interface Watch {
  text?(text: StoredText): void;
  withheld?(text: LeftOutText): void;
  event?(line: EventLine, lineText: string): void;
  seal?(seal: Seal): void;
  /** What is wrong, or null. */
  end(): string | null;
  /** Where nothing was wrong: why nothing could be checked, or null. */
  unchecked?(): string | null;
}

/** What a capsule must hold for a check to say anything. */
export type CheckGround = "seal" | "events" | "texts";

export interface CapsuleCheck {
  readonly name: string;
  readonly sentence: string;
  readonly needs?: readonly CheckGround[];
  readonly watch: (header: Header, headerText: string) => Watch;
}

/** Keeps the first fault that is reported. */
export class FirstFault {
  found: string | null = null;

  tell(fault: string): void {
    this.found ??= fault;
  }
}
