// The texts that a trial's events refer to by hash: prompts, answers, changed files, verdicts.
import { canonicalJson, type Sha256, sha256 } from "../core/base/canonical.ts";
import { BakeoffError } from "../core/base/errors.ts";
import type { AttemptState } from "../core/trial/events/tool-result.ts";
import type { Changes } from "../core/text/edit.ts";
import type { PromptTexts } from "../core/trial/prompt/facts.ts";
import type { Verdict } from "../core/verdict/verdict.ts";
import type { Body } from "../ports/trial-queue.ts";

/** Holds what one trial has written so far, whether or not the capsule keeps it. */
export class Texts implements PromptTexts {
  private readonly known = new Map<Sha256, string>();
  private fresh: Body[] = [];
  private readonly stored: (hash: Sha256) => string | null;
  private readonly scrub: (text: string) => string;

  /** `stored` looks a text up in the journal, for a trial that goes on; `scrub` takes secrets out before anything is hashed. */
  constructor(stored: (hash: Sha256) => string | null = () => null, scrub: (text: string) => string = (text) => text) {
    this.stored = stored;
    this.scrub = scrub;
  }

  /** Remembers a text without its secrets and returns its hash. */
  put(kind: Body["kind"], whole: string): Sha256 {
    const text = this.scrub(whole);
    const hash = sha256(text);
    if (!this.known.has(hash)) this.fresh.push({ kind, text });
    this.known.set(hash, text);
    return hash;
  }

  /** Throws `integrity` where it is not there. */
  text(hash: Sha256): string {
    const text = this.known.get(hash) ?? this.stored(hash);
    if (text === null || text === undefined)
      throw new BakeoffError("integrity", `the capsule does not hold the text ${hash.slice(0, 12)}`, "start the run anew");
    return text;
  }

  /** Can everything be looked up that the events of a trial refer to? */
  holds(hashes: readonly (Sha256 | null)[]): boolean {
    return hashes.every((hash) => hash === null || this.known.has(hash) || this.stored(hash) !== null);
  }

  /** The texts put since the last call. */
  takeFresh(): readonly Body[] {
    const fresh = this.fresh;
    this.fresh = [];
    return fresh;
  }

  /** The files that an attempt's patch changed; null where none was applied. */
  changesOf(attempt: AttemptState): Changes | null {
    const { status } = attempt.result.verdict;
    if (status === "patch-rejected") return null;
    return new Map(attempt.patches.map((patch) => [patch.file_path, patch.after_hash === null ? null : this.text(patch.after_hash)]));
  }

  /** A verdict as it is kept. Throws `integrity` where it is not there. */
  verdict(hash: Sha256): Verdict {
    return JSON.parse(this.text(hash)) as Verdict;
  }

  putVerdict(verdict: Verdict): Sha256 {
    // What a tool printed may have been cut in the middle of a character.
    const whole: unknown = JSON.parse(JSON.stringify(verdict), (_, value: unknown) => (typeof value === "string" ? value.toWellFormed() : value));
    return this.put("output", canonicalJson(whole));
  }
}
