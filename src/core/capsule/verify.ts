// What a sealed capsule must satisfy: an array of named checks that see its lines one by one.
import type { Sha256 } from "../base/canonical.ts";
import { messageOf } from "../base/errors.ts";
import type { CapsuleCheck, StoredText, Watch } from "./checks/check.ts";
import { ORDER_CHECKS } from "./checks/order.ts";
import { SEAL_CHECKS } from "./checks/seal.ts";
import { TEXT_CHECKS } from "./checks/text.ts";
import { TRIAL_CHECKS } from "./checks/trial.ts";
import { VERDICT_CHECKS } from "./checks/verdict.ts";
import { type EventLine, type Header, lineText, type Seal } from "./line.ts";

export const CAPSULE_CHECKS: readonly CapsuleCheck[] = [...SEAL_CHECKS, ...TEXT_CHECKS, ...ORDER_CHECKS, ...TRIAL_CHECKS, ...VERDICT_CHECKS];

/** A check that fails, and what it found. */
export interface Fault {
  readonly check: string;
  readonly fault: string;
}

/** All checks in one pass over a capsule's lines, in file order: memory grows with trials and texts, not with events. */
export interface CapsuleAudit extends Required<Omit<Watch, "end">> {
  /** Every check that fails, by name. */
  faults(): readonly Fault[];
}

export function openAudit(header: Header, headerText: string): CapsuleAudit {
  const watches = CAPSULE_CHECKS.map(({ name, watch }) => guarded(name, () => watch(header, headerText)));
  return {
    text: (text: StoredText) => watches.forEach(({ show }) => show((watch) => watch.text?.(text))),
    withheld: (hash: Sha256) => watches.forEach(({ show }) => show((watch) => watch.withheld?.(hash))),
    event: (line: EventLine, text: string) => watches.forEach(({ show }) => show((watch) => watch.event?.(line, text))),
    seal: (seal: Seal) => watches.forEach(({ show }) => show((watch) => watch.seal?.(seal))),
    faults: () => watches.flatMap(({ end }) => end()),
  };
}

interface Guarded {
  readonly show: (how: (watch: Watch) => void) => void;
  readonly end: () => readonly Fault[];
}

/** A capsule on which a check can't be made fails it. */
function guarded(check: string, open: () => Watch): Guarded {
  let watch: Watch | null = null;
  let broken: string | null = null;
  const attempt = <T>(work: () => T): T | null => {
    try {
      return broken === null ? work() : null;
    } catch (error) {
      broken = messageOf(error);
      return null;
    }
  };
  attempt(() => (watch = open()));
  return {
    show: (how) => void attempt(() => watch && how(watch)),
    end: () => {
      const found = attempt(() => watch?.end() ?? null) ?? broken;
      return found === null ? [] : [{ check, fault: found }];
    },
  };
}

/** A capsule held in memory. */
export interface SealedCapsule {
  readonly header: Header;
  readonly events: readonly EventLine[];
  readonly seal: Seal | null;
  readonly blobs: readonly StoredText[];
  /** Texts that a safe export left out. */
  readonly withheld?: readonly { readonly sha256: Sha256 }[];
}

/** Every check that fails, by name. */
export function capsuleFaults({ header, events, seal, blobs, withheld = [] }: SealedCapsule): readonly Fault[] {
  const audit = openAudit(header, lineText(header));
  for (const text of blobs) audit.text(text);
  for (const { sha256 } of withheld) audit.withheld(sha256);
  for (const line of events) audit.event(line, lineText(line));
  if (seal) audit.seal(seal);
  return audit.faults();
}
