// What a decision tells beside its result, held against what its capsules give.
import { canonicalJson } from "../base/canonical.ts";
import type { Statement } from "../base/dsse.ts";
import { decisionStatement, type GateDocument, OWN } from "./document.ts";
import type { RegistrationFact } from "./registration/registration.ts";

/** Known to whoever decided, and to nobody who checks it: its version, whose keys counted, and the log by then, which is checked by its root. */
const OWN_WORD: ReadonlySet<string> = new Set(["verifier", "trust", "log", OWN]);

type Members = Readonly<Record<string, unknown>>;

/**
 * Members of a stored decision that the same decision, made again, has otherwise. One that it does not hold is no fault: decisions of older
 * programs tell less.
 */
export function toldOtherwise({ predicate }: Statement, again: GateDocument): readonly string[] {
  const made = decisionStatement(again, "").predicate;
  return [...differing(predicate, made), ...differing(predicate[OWN] as Members, made[OWN] as Members)];
}

const differing = (told: Members, made: Members): readonly string[] =>
  Object.keys(made).filter((name) => !OWN_WORD.has(name) && told[name] !== undefined && comparable(name, told[name]) !== comparable(name, made[name]));

const comparable = (name: string, value: unknown): string => canonicalJson(name === "registration" ? lasting(value as RegistrationFact) : value);

/** Of a registration: which runs lie where, and whom the policy knows as an authority, changes without anybody's fault. */
const lasting = (fact: RegistrationFact): unknown => {
  const { state, sha256, signer, registeredAt } = { sha256: null, signer: null, registeredAt: null, ...fact };
  return { state, sha256, signer, registeredAt };
};
