// Pre-registration: what was going to be decided, by which rules and on which suite, signed before the run.
import { z } from "zod";
import { type Statement, verifyEnvelope } from "../base/dsse.ts";
import { hashOf } from "../base/canonical.ts";
import type { Header } from "../capsule/line.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";

export const REGISTRATION_TYPE = "urn:bakeoff:gate-registration:v1";
export const REGISTRATION_FORMAT = 1;

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const predicate = z.object({
  format: z.literal(REGISTRATION_FORMAT, {
    error: (issue) => `registration format ${String(issue.input)} is not known: this version reads format ${REGISTRATION_FORMAT}`,
  }),
  registered_at: z.iso.datetime(),
  candidates: z.array(z.string().min(1)).min(1).max(1000),
  incumbent: z.string().min(1),
  suite: z.object({ name: z.string(), version: z.string(), root: hash }),
  policy: z.object({ id: z.string(), hash }),
  criteria_hash: hash,
});
export type Registration = z.infer<typeof predicate>;

export type GateRules = PolicySnapshot["policy"]["gates"]["reflex_promotion"];

/** What a gate knows of its registration. */
export type RegistrationFact =
  | { readonly state: "none" }
  | { readonly state: "valid"; readonly path: string; readonly sha256: string; readonly signer: string; readonly registeredAt: string }
  | { readonly state: "invalid"; readonly path: string; readonly fault: string };

/** The criteria of a policy in one hash: what a registration promises not to move. */
export const criteriaHash = (rules: GateRules, names: readonly string[]): string => hashOf({ rules, names });

export function registrationStatement(registration: Registration): Statement {
  const { suite, policy } = registration;
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [
      { name: `suite:${suite.name}@${suite.version}`, digest: { sha256: suite.root } },
      { name: `policy:${policy.id}`, digest: { sha256: policy.hash } },
    ],
    predicateType: REGISTRATION_TYPE,
    predicate: { ...registration },
  };
}

export interface RegistrationClaim {
  readonly candidate: string;
  readonly incumbent: string;
  readonly headers: readonly Header[];
  readonly criteriaHash: string;
}

/** What is wrong with a registration for a gate; null where it covers it. Never throws: it comes from a file. */
export function registrationFault(
  envelope: unknown,
  trusted: readonly string[],
  claim: RegistrationClaim,
): { readonly fault: string } | { readonly fault: null; readonly registration: Registration; readonly signer: string } {
  const verified = verifyEnvelope(envelope, trusted);
  if (!verified.ok) return { fault: verified.fault };
  const read = predicate.safeParse(verified.statement.predicate);
  if (verified.statement.predicateType !== REGISTRATION_TYPE || !read.success)
    return { fault: read.error?.issues[0]?.message ?? "it is no registration of a gate" };
  const fault = CHECKS.map(({ fault: find }) => find(read.data, claim)).find((found) => found !== null);
  return fault === undefined ? { fault: null, registration: read.data, signer: verified.publicKey } : { fault };
}

const CHECKS: readonly { readonly sentence: string; readonly fault: (registration: Registration, claim: RegistrationClaim) => string | null }[] = [
  {
    sentence: "It was signed before any of the runs began.",
    fault: ({ registered_at: registeredAt }, { headers }) => {
      const early = headers.find(({ created_at: created }) => created <= registeredAt);
      return early ? `it was made at ${registeredAt}, after run ${early.run_id} began at ${early.created_at}` : null;
    },
  },
  {
    sentence: "It names the candidate and the incumbent.",
    fault: ({ candidates, incumbent }, claim) =>
      candidates.includes(claim.candidate) && incumbent === claim.incumbent
        ? null
        : `it is about ${candidates.join(", ")} against ${incumbent}, not ${claim.candidate} against ${claim.incumbent}`,
  },
  {
    sentence: "The runs are of its suite.",
    fault: ({ suite }, { headers }) =>
      headers.every((header) => header.suite.root === suite.root)
        ? null
        : `it is about another suite than the runs: ${suite.name} ${suite.version} (${suite.root.slice(0, 12)})`,
  },
  {
    sentence: "The runs went by its policy.",
    fault: ({ policy }, { headers }) =>
      headers.every((header) => header.policy.hash === policy.hash)
        ? null
        : `it is about another policy than the runs went by: ${policy.id} (${policy.hash.slice(0, 12)})`,
  },
  {
    sentence: "The criteria are the ones registered.",
    fault: (registration, claim) => (registration.criteria_hash === claim.criteriaHash ? null : "the criteria are not the ones that were registered"),
  },
];
