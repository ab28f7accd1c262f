// What a sealed capsule must satisfy: an array of named checks that see its lines one by one.
import { messageOf } from "../base/errors.ts";
import type { CapsuleCheck, CheckGround, LeftOutText, StoredText, Watch } from "./checks/check.ts";
import { HEADER_CHECKS } from "./checks/header.ts";
import { ORDER_CHECKS } from "./checks/order.ts";
import { PLANT_CHECKS } from "./checks/plants.ts";
import { SEAL_CHECKS } from "./checks/seal.ts";
import { TEXT_CHECKS } from "./checks/text.ts";
import { TRIAL_CHECKS } from "./checks/trial.ts";
import { VERDICT_CHECKS } from "./checks/verdict.ts";
import { type EventLine, type Header, lineText, type Seal } from "./line.ts";

export const CAPSULE_CHECKS: readonly CapsuleCheck[] = [
  ...SEAL_CHECKS,
  ...HEADER_CHECKS,
  ...TEXT_CHECKS,
  ...ORDER_CHECKS,
  ...TRIAL_CHECKS,
  ...VERDICT_CHECKS,
  ...PLANT_CHECKS,
];

/** A check that fails, and what it found. */
export interface Fault {
  readonly check: string;
  readonly fault: string;
}

/** A check that had nothing to go by, and why. */
export interface Unchecked {
  readonly check: string;
  readonly why: string;
}

/** All checks in one pass over a capsule's lines, in file order: memory grows with trials and texts, not with events. */
export interface CapsuleAudit extends Required<Omit<Watch, "end" | "unchecked">> {
  /** Every check that fails, by name. */
  faults(): readonly Fault[];
  /** Every check that neither holds nor fails. */
  unchecked(): readonly Unchecked[];
}

const MISSING: Readonly<Record<CheckGround, string>> = { seal: "there is no seal", events: "there is no event", texts: "there is no text" };

export function openAudit(header: Header, headerText: string): CapsuleAudit {
  const watches = CAPSULE_CHECKS.map(({ name, needs = [], watch }) => ({ needs, ...guarded(name, () => watch(header, headerText)) }));
  const seen = new Set<CheckGround>();
  // A check is shown only the kinds of line that it looks at: of most, that is one.
  const ofTexts = watches.flatMap(({ text }) => text ?? []);
  const ofWithheld = watches.flatMap(({ withheld }) => withheld ?? []);
  const ofEvents = watches.flatMap(({ event }) => event ?? []);
  const ofSeal = watches.flatMap(({ seal }) => seal ?? []);
  return {
    text: (text) => {
      seen.add("texts");
      for (const show of ofTexts) show(text);
    },
    withheld: (text) => {
      for (const show of ofWithheld) show(text);
    },
    event: (line, text) => {
      seen.add("events");
      for (const show of ofEvents) show(line, text);
    },
    seal: (seal) => {
      seen.add("seal");
      for (const show of ofSeal) show(seal);
    },
    faults: () => watches.flatMap(({ end }) => end()),
    unchecked: () =>
      watches.flatMap(({ name, needs, end, unchecked }) => {
        const lacking = needs.find((ground) => !seen.has(ground));
        const why = lacking === undefined ? unchecked() : MISSING[lacking];
        return why === null || end().length > 0 ? [] : [{ check: name, why }];
      }),
  };
}

type Shown = Pick<Watch, "text" | "withheld" | "event" | "seal">;

interface Guarded extends Readonly<Shown> {
  readonly name: string;
  readonly end: () => readonly Fault[];
  readonly unchecked: () => string | null;
}

/** A capsule on which a check can't be made fails it. */
function guarded(check: string, open: () => Watch): Guarded {
  let broken: string | null = null;
  const attempt = <T>(work: () => T): T | null => {
    try {
      return broken === null ? work() : null;
    } catch (error) {
      broken = messageOf(error);
      return null;
    }
  };
  const watch = attempt(open);
  const { text, withheld, event, seal } = watch ?? {};
  return {
    name: check,
    ...(text && { text: (stored) => void attempt(() => text(stored)) }),
    ...(withheld && { withheld: (left) => void attempt(() => withheld(left)) }),
    ...(event && { event: (line, written) => void attempt(() => event(line, written)) }),
    ...(seal && { seal: (closing) => void attempt(() => seal(closing)) }),
    unchecked: () => attempt(() => watch?.unchecked?.() ?? null),
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
  readonly withheld?: readonly LeftOutText[];
  /** Both as they follow each other in the file, which the seal's root over them goes by; where it is missing: these, then those. */
  readonly textLines?: readonly (StoredText | LeftOutText)[];
}

/** Every check that fails, by name. */
export function capsuleFaults({ header, events, seal, blobs, withheld = [], textLines = [...blobs, ...withheld] }: SealedCapsule): readonly Fault[] {
  const audit = openAudit(header, lineText(header));
  for (const line of textLines) {
    if ("text" in line) audit.text(line);
    else audit.withheld(line);
  }
  for (const line of events) audit.event(line, lineText(line));
  if (seal) audit.seal(seal);
  return audit.faults();
}
