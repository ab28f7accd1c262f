// The texts of a capsule that replay works with, looked up by hash, with what was read last kept at hand.
import type { Sha256 } from "../base/canonical.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { readVerdict } from "./stored-verdict.ts";

/** How many texts and verdicts are kept, and how many characters of texts: enough for a suite's tasks, and a bound on memory. */
const KEPT = 4096;
const KEPT_CHARS = 48_000_000;

export class Evidence {
  private readonly blob: (hash: Sha256) => string | null;
  private readonly texts = new Map<Sha256, string | null>();
  private chars = 0;
  private readonly verdicts = new Map<Sha256, Verdict | null>();

  constructor(blob: (hash: Sha256) => string | null) {
    this.blob = blob;
  }

  /** Null where the capsule does not hold it. */
  text(hash: Sha256): string | null {
    const known = this.texts.get(hash);
    if (known !== undefined) return known;
    const text = this.blob(hash);
    this.chars += text?.length ?? 0;
    if (this.chars > KEPT_CHARS) {
      this.texts.clear();
      this.chars = text?.length ?? 0;
    }
    this.texts.set(hash, text);
    return text;
  }

  holds(hash: Sha256): boolean {
    return this.text(hash) !== null;
  }

  /** Null where the capsule does not hold it, or holds something that is no verdict. */
  verdict(hash: Sha256): Verdict | null {
    return remembered(this.verdicts, hash, () => {
      const text = this.text(hash);
      return text === null ? null : readVerdict(text);
    });
  }
}

/** What is known, or worked out now; the oldest makes room. */
export function remembered<K, V>(known: Map<K, V>, key: K, work: () => V, limit = KEPT): V {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = work();
  if (known.size >= limit) for (const oldest of known.keys()) if (known.delete(oldest)) break;
  known.set(key, made);
  return made;
}
