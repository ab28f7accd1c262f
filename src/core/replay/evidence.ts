// The texts of a capsule that replay works with, looked up by hash, with what was read last kept at hand.
import type { Sha256 } from "../base/canonical.ts";
import { hasRedaction } from "../capsule/redaction.ts";
import type { EventOf } from "../trial/event.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { readVerdict } from "../verdict/stored-verdict.ts";

/** Where texts are looked up. */
export interface TextSource {
  /** Null where the capsule does not hold it. */
  text(hash: Sha256): string | null;
  holds(hash: Sha256): boolean;
}

/** How many characters of texts are kept, and of the texts that verdicts were read from: a bound on memory. */
const KEPT_CHARS = 12_000_000;
const KEPT_VERDICT_CHARS = 6_000_000;

export class Evidence {
  private readonly source: TextSource;
  private readonly texts = new Kept<string | null>(KEPT_CHARS);
  private readonly verdicts = new Kept<Verdict | null>(KEPT_VERDICT_CHARS);

  constructor(source: TextSource) {
    this.source = source;
  }

  /** Null where the capsule does not hold it. */
  text(hash: Sha256): string | null {
    return this.texts.of(hash, () => {
      const text = this.source.text(hash);
      return [text, text?.length ?? 0];
    });
  }

  holds(hash: Sha256): boolean {
    return this.source.holds(hash);
  }

  /** Null where the capsule does not hold it, or holds something that is no verdict. */
  verdict(hash: Sha256): Verdict | null {
    return this.verdicts.of(hash, () => {
      const text = this.text(hash);
      return [text === null ? null : readVerdict(text), text?.length ?? 0];
    });
  }
}

/** Why something about a patch can't be worked out again: secrets are taken out of a text before it is kept. */
export const REDACTED = "a patched file is kept without what looked like a secret";

/** Is one of a patch's files kept without what looked like a secret? */
export const isRedacted = (evidence: Evidence, patches: readonly EventOf<"PatchApply">[]): boolean =>
  patches.some(({ after_hash: hash }) => hash !== null && hasRedaction(evidence.text(hash) ?? ""));

/** What a text can't cost less than: so that many small ones have a bound, too. */
const LEAST_CHARS = 200;

/** What was worked out last, by hash, up to so many characters; starts anew when it is full. */
class Kept<T> {
  private readonly limit: number;
  private readonly known = new Map<Sha256, T>();
  private chars = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  of(hash: Sha256, work: () => readonly [value: T, chars: number]): T {
    const known = this.known.get(hash);
    if (known !== undefined) return known;
    const [value, chars] = work();
    this.chars += chars + LEAST_CHARS;
    if (this.chars > this.limit) {
      this.known.clear();
      this.chars = chars + LEAST_CHARS;
    }
    this.known.set(hash, value);
    return value;
  }
}

/** What is known, or worked out now; the oldest makes room. */
export function remembered<K, V>(known: Map<K, V>, key: K, work: () => V, limit: number): V {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = work();
  if (known.size >= limit) for (const oldest of known.keys()) if (known.delete(oldest)) break;
  known.set(key, made);
  return made;
}
