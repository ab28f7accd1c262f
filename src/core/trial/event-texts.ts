// The texts that events refer to: which there are, what each is to its event, and which capture mode stores it.
import type { Sha256 } from "../base/canonical.ts";
import { EVENT_KINDS, type EventOf, type EventType, type TrialEvent } from "./event.ts";
import type { EventKind, TextPart } from "./events/kind.ts";

interface TextRule {
  /** What capture mode goes by; null: stored in every mode, since it is the run's own fact. */
  readonly capturedAs: "prompt" | "response" | null;
  /** Can the step be told again only with it? */
  readonly retold: boolean;
}

export const TEXT_PARTS: Readonly<Record<TextPart, TextRule>> = {
  prompt: { capturedAs: "prompt", retold: true },
  "start verdict": { capturedAs: null, retold: false },
  response: { capturedAs: "response", retold: true },
  reasoning: { capturedAs: "response", retold: false },
  "patched file": { capturedAs: null, retold: true },
  verdict: { capturedAs: null, retold: true },
  "notebook answer": { capturedAs: "response", retold: true },
  policy: { capturedAs: null, retold: false },
};

interface TextUse extends TextRule {
  readonly part: TextPart;
  readonly sha256: Sha256;
}

const KINDS: { readonly [T in EventType]: Pick<EventKind<EventOf<T>, never>, "texts" | "neededToResume"> } = EVENT_KINDS;

/** The members of each kind of event that name a text. */
const FIELDS: ReadonlyMap<string, readonly (readonly [field: string, part: TextPart])[]> = new Map(
  Object.entries(KINDS).map(([type, { texts }]) => [
    type,
    Object.entries<TextPart | null>(texts).flatMap(([field, part]) => (part === null ? [] : [[field, part] as const])),
  ]),
);

/** Those that the event names, in the order of its kind. */
export function textsOf(event: TrialEvent): readonly TextUse[] {
  const uses: TextUse[] = [];
  for (const [field, part] of FIELDS.get(event.type) ?? []) {
    const sha256 = (event as unknown as Readonly<Record<string, Sha256 | null | undefined>>)[field];
    if (sha256 !== null && sha256 !== undefined) uses.push({ part, sha256, ...TEXT_PARTS[part] });
  }
  return uses;
}

/** The texts without which an unfinished trial can't be gone on with. */
export function neededToResume<T extends EventType>(event: EventOf<T>): readonly Sha256[] {
  return KINDS[event.type as T].neededToResume(event).filter((hash) => hash !== null);
}
