// Pre-registration: what was going to be decided, by which rules and on which runs, signed before the first of them.
import { z } from "zod";
import { type Statement, verifyEnvelope } from "../../base/dsse.ts";
import { canonicalJson, hashOf, type Sha256, sha256 } from "../../base/canonical.ts";
import { type Envelope, envelopeSchema } from "../../base/dsse.ts";
import type { PolicySnapshot } from "../../policy/snapshot.ts";
import { SEQUENTIAL } from "../level.ts";

/** The format that registrations are written in; format 1 bound neither the runs nor a place among other registrations. */
export const REGISTRATION_FORMAT = 2;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const name = z.string().min(1).max(200);

const promise = {
  registered_at: z.iso.datetime(),
  candidates: z.array(name).min(1).max(1000),
  incumbent: name,
  suite: z.object({ name: z.string(), version: z.string(), root: hash }),
  policy: z.object({ id: z.string(), hash }),
  criteria_hash: hash,
};

const first = z.object({ format: z.literal(1), ...promise });
const second = z.strictObject({
  format: z.literal(REGISTRATION_FORMAT),
  ...promise,
  /** The tasks that will be run, in the suite's order. */
  tasks: z.array(name).min(1).max(100_000),
  epochs: z.number().int().min(1).max(1000),
  seed: z.number().int().min(0),
  /** How many runs there will be: with looks, at most so many. */
  runs: z.number().int().min(1).max(1000),
  /** How often will be looked before all tasks are run; null: once, at the end. */
  looks: z.number().int().min(1).max(100).nullable(),
  /** How looks share the level. Where it is missing: as the run says. */
  sequential: z.enum(SEQUENTIAL).optional(),
  /**
   * Days before it in which all gates against the same incumbent share its level; those of its own candidates always do. Where it is missing
   * only they do.
   */
  shared_days: z.number().min(0).optional(),
  /** Its line in the log, from 0, and SHA-256 of the line before it. */
  place: z.strictObject({ index: z.number().int().min(0), previous: hash.nullable() }),
});

export type FirstRegistration = z.infer<typeof first>;
export type Registration = z.infer<typeof second>;

const TYPES = { 1: "urn:bakeoff:gate-registration:v1", 2: "urn:bakeoff:gate-registration:v2" } as const;
const PREDICATES = { [TYPES[1]]: first, [TYPES[2]]: second };

export type GateRules = PolicySnapshot["policy"]["gates"]["reflex_promotion"];

/** The criteria of a policy in one hash: what a registration promises not to move. */
export const criteriaHash = (rules: GateRules, names: readonly string[]): Sha256 => hashOf({ rules, names });

export function registrationStatement(registration: Registration): Statement {
  const { suite, policy } = registration;
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [
      { name: `suite:${suite.name}@${suite.version}`, digest: { sha256: suite.root } },
      { name: `policy:${policy.id}`, digest: { sha256: policy.hash } },
    ],
    predicateType: TYPES[REGISTRATION_FORMAT],
    predicate: { ...registration },
  };
}

const base64 = z.base64();

/** A registration as its file and its line in the log hold it. */
export const registrationLine = z.strictObject({
  kind: z.literal("gate-registration"),
  format: z.literal(REGISTRATION_FORMAT),
  envelope: envelopeSchema,
  /** RFC 3161: an authority's token over the envelope's canonical JSON, DER in base64; null: nobody else vouches for the time. */
  timestamp: base64.nullable(),
});
export type RegistrationLine = z.infer<typeof registrationLine>;

/** What a time stamp is over. */
export const stampedBytes = (envelope: Envelope): Buffer => Buffer.from(canonicalJson(envelope));

export type ReadRegistration =
  | { readonly ok: false; readonly fault: string }
  | {
      readonly ok: true;
      readonly registration: FirstRegistration | Registration;
      readonly signer: string;
      /** What names it: of a format 1, SHA-256 of the file; else of its line. */
      readonly sha256: Sha256;
      readonly envelope: Envelope;
      readonly timestamp: string | null;
    };

/** Reads a registration from anywhere. `trusted`: the keys that may have signed it. */
export function readRegistration(text: string, trusted: readonly string[]): ReadRegistration {
  const value = parsed(text);
  const line = registrationLine.safeParse(value);
  const envelope = envelopeSchema.safeParse(line.success ? line.data.envelope : value);
  if (!envelope.success) return { ok: false, fault: newerFormat(value) ?? NO_REGISTRATION };
  const verified = verifyEnvelope(envelope.data, trusted);
  if (!verified.ok) return verified;
  const read = promiseOf(verified.statement);
  if (!read.ok) return read;
  const { registration } = read;
  if ((registration.format === REGISTRATION_FORMAT) !== line.success) return { ok: false, fault: "its file is not of the form that its format has" };
  const named = line.success ? { sha256: sha256(text.trimEnd()), timestamp: line.data.timestamp } : { sha256: sha256(text), timestamp: null };
  return { ok: true, registration, signer: verified.publicKey, envelope: envelope.data, ...named };
}

const NO_REGISTRATION = "it is no registration of a gate";

function promiseOf({
  predicateType,
  predicate,
}: Statement): { readonly ok: true; readonly registration: FirstRegistration | Registration } | { readonly ok: false; readonly fault: string } {
  const schema = Object.entries(PREDICATES).find(([type]) => type === predicateType)?.[1];
  const read = schema?.safeParse(predicate);
  return read?.success ? { ok: true, registration: read.data } : { ok: false, fault: read?.error.issues[0]?.message ?? NO_REGISTRATION };
}

/** What a registration of today's format promises, whoever signed it; null for anything else. */
export function claimedRegistration(text: string): { readonly sha256: Sha256; readonly registration: Registration } | null {
  const line = registrationLine.safeParse(parsed(text));
  if (!line.success) return null;
  const { predicate } = { ...(parsed(Buffer.from(line.data.envelope.payload, "base64").toString("utf8")) as { readonly predicate?: unknown } | null) };
  const read = second.safeParse(predicate);
  return read.success ? { sha256: sha256(text.trimEnd()), registration: read.data } : null;
}

function newerFormat(value: unknown): string | null {
  const { kind, format } = { ...(value as { readonly kind?: unknown; readonly format?: unknown } | null) };
  return kind === "gate-registration" && format !== REGISTRATION_FORMAT
    ? `registration format ${String(format)} is not known: this version reads formats 1 to ${REGISTRATION_FORMAT}`
    : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A run that began under a registration. */
export interface BegunRun {
  readonly runId: string;
  /** `aborted`: it never came to its seal; `gone`: its capsule is not here. */
  readonly state: "sealed" | "aborted" | "gone";
}

/** What a gate knows of its registration. */
export type RegistrationFact =
  | { readonly state: "none" }
  | {
      readonly state: "valid";
      readonly path: string;
      readonly sha256: string;
      readonly signer: string;
      readonly registeredAt: string;
      /** Who vouches for that time. Not there in a registration of format 1. */
      readonly time?: string;
      /** Every run that began under it. */
      readonly runs?: readonly BegunRun[];
      /** Registrations before it in the log that share its level: gates that may have spent some of α. */
      readonly earlier?: number;
    }
  | { readonly state: "invalid"; readonly path: string; readonly fault: string };

/** Gates of the chain that came before, and may have spent some of α; null where no chain tells. */
export const gatesBefore = (registration: RegistrationFact): number | null => (registration.state === "valid" ? (registration.earlier ?? null) : null);
