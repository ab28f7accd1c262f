// What a case of the corpora is: a patch of one of the corpus's bases, by name.
import type { MeterPatch } from "../meter-patches.ts";
import type { BaseName } from "./bases.ts";

export interface PatchCase {
  readonly name: string;
  /** The changed files, each with its whole text. */
  readonly files: (patch: MeterPatch) => Record<string, string>;
}

/** Cases of one kind, in one file. */
export interface CaseTable {
  /** Completes "a patch that …". */
  readonly kind: string;
  readonly base: BaseName;
  readonly cases: readonly PatchCase[];
}

/** Statements that run once in a process. */
export const once = (code: string): string => `static ONCE: std::sync::Once = std::sync::Once::new(); ONCE.call_once(|| { ${code} });`;

/** Names that no token of the source shows: `<pieced!(process Command)>` is `std::process::Command`. */
export const PIECED =
  "macro_rules! pieced { ($a:ident $b:ident) => { std::$a::$b }; }\nmacro_rules! pieced_call { ($a:ident $b:ident ($($args:tt)*)) => { std::$a::$b($($args)*) }; }";
