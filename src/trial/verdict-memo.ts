// Verdicts by tree: what one trial of an epoch found out, another need not find out again.
import type { Verification } from "../ports/workbench.ts";

export interface MemoVerdict {
  readonly verification: Verification;
  /** How many times our own side failed before. */
  readonly retries: number;
}

/**
 * Many attempts of a run end in the same tree: a candidate that repeats itself, an escalation that solves a task the
 * same way for each candidate. A verdict depends on the tree alone, so the same tree is verified once an epoch, and
 * what is reused says so and counts in no timing. Epochs stay apart: they are there to see whether it comes out alike.
 */
export class VerdictMemo {
  private readonly known = new Map<string, Promise<MemoVerdict>>();

  /** `key` names task, epoch and patch. Our own failures are not kept. */
  async of(key: string, verify: () => Promise<MemoVerdict>): Promise<MemoVerdict & { readonly reused: boolean }> {
    // Where our own side fails while others wait, the first of them verifies again and the others wait for that one.
    for (let earlier = this.known.get(key); earlier; earlier = this.known.get(key)) {
      const found = await earlier;
      if (found.verification.verdict.status !== "infrastructure") return { ...found, reused: true };
    }
    const now = verify();
    this.known.set(key, now);
    const forget = () => void this.known.delete(key);
    now.then(({ verification }) => verification.verdict.status === "infrastructure" && forget(), forget);
    return { ...(await now), reused: false };
  }
}
