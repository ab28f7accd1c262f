// A gate's decision as a document: what was decided, on what evidence, by which rules; signed where there is a key.
import { z } from "zod";
import { canonicalJson, hashOf, type Sha256 } from "../base/canonical.ts";
import { type Envelope, envelopeSchema, signStatement, type SigningKey, type Statement, statementSchema, verifyEnvelope } from "../base/dsse.ts";
import type { CalibrationRates } from "../metrics/calibration.ts";
import type { Estimate } from "../metrics/statistics/interval.ts";
import type { CandidateDecision } from "./decide.ts";
import type { GateEvidence } from "./evidence.ts";
import { SEQUENTIAL } from "./level.ts";
import type { LookTaken } from "./looks.ts";
import type { CandidateFacts } from "./facts.ts";
import { samplesOf } from "./samples.ts";
import type { GateStatistics, StatisticsVersion } from "./statistics/statistics.ts";
import type { GateTrust } from "./trust.ts";

/**
 * What new decisions are written in. Its number is that of the statistics that a decision is made by. Format 1 knew neither of trust
 * nor of the log, and took looks and alternatives as they were asked for.
 */
export const DECISION_FORMAT: StatisticsVersion = 3;

const decisionFormat = z.union([z.literal(1), z.literal(2), z.literal(3)], {
  error: (issue) => `decision format ${String(issue.input)} is not known: this version reads formats up to ${DECISION_FORMAT}`,
});
/** https://slsa.dev/spec/v1.0/verification_summary. */
const SUMMARY_TYPE = "https://slsa.dev/verification_summary/v1";
/** The member of the predicate that holds what is ours; a summary allows such extensions. */
export const OWN = "urn:bakeoff:gate-decision:v1";

export interface Override {
  readonly by: string;
  readonly reason: string;
}

export interface GateLatencyRow {
  readonly candidate: string;
  readonly what: string;
  /** Milliseconds. */
  readonly quantiles: readonly { readonly q: number; readonly estimate: Estimate }[];
}

export interface GateCostRow {
  readonly candidate: string;
  readonly solved: number;
  readonly tasks: number;
  /** US dollars; null: unknown. */
  readonly costUsd: number | null;
  readonly costPerSolvedUsd: number | null;
}

/** All that a page of a decision shows. A pure function of the evidence and the question. */
export interface GateDocument {
  readonly format: StatisticsVersion;
  readonly decidedAt: string;
  readonly decision: CandidateDecision;
  /** All candidates that were asked about at once. */
  readonly alternatives: readonly string[];
  /** The level of the whole gate, before Holm. */
  readonly alpha: number;
  /** Set where this was one look of a run that went on until it was decided. */
  readonly look: LookTaken | null;
  readonly override: Override | null;
  /** Whose signatures counted, and by whose word. */
  readonly trust: GateTrust;
  /** The log of registrations by then: its lines, and the RFC 6962 root over them; null where it could not be read. */
  readonly log: { readonly size: number; readonly root: Sha256 } | null;
  readonly capsules: GateEvidence["capsules"];
  readonly suite: GateEvidence["suite"];
  /** Of the runs that tell how often it cheats; null where there is none. */
  readonly cheatingSuite: GateEvidence["suite"] | null;
  readonly suiteRootHere: string | null;
  readonly policy: GateEvidence["policy"];
  readonly otherPolicies: GateEvidence["otherPolicies"];
  readonly workers: GateEvidence["workers"];
  readonly toolchain: GateEvidence["toolchain"];
  readonly registration: GateEvidence["registration"];
  readonly standIns: GateEvidence["standIns"];
  readonly latency: readonly GateLatencyRow[];
  readonly cost: readonly GateCostRow[];
  readonly calibration: CalibrationRates;
}

/** How a gate was asked, beside its evidence. */
export type GateTerms = Pick<GateDocument, "alternatives" | "alpha" | "look" | "override" | "trust" | "log">;

export function gateDocument(evidence: GateEvidence, decision: CandidateDecision, asked: GateTerms): GateDocument {
  const sides = [decision.candidate, decision.incumbent].flatMap((name) => evidence.candidates.get(name) ?? []);
  const { capsules, suite, suiteRootHere, policy, otherPolicies, workers, toolchain, registration, standIns } = evidence;
  const cheatingSuite = evidence.cheating?.suite ?? null;
  const about = { capsules, suite, cheatingSuite, suiteRootHere, policy, otherPolicies, workers, toolchain, registration, standIns };
  return {
    format: evidence.statistics.version,
    decidedAt: evidence.now,
    decision,
    ...asked,
    ...about,
    latency: sides.flatMap((facts) => latencyRows(evidence.statistics, facts)),
    cost: sides.map(costRow),
    calibration: evidence.statistics.calibration(evidence.planted, evidence.familyOf, SHOWN_CONFIDENCE),
  };
}

const MEASURES = [
  { what: "attempt", measure: "attemptMs" },
  { what: "model call", measure: "modelMs" },
  { what: "first token", measure: "ttftMs" },
] as const;

/** Of intervals that are shown and decide nothing. */
const SHOWN_CONFIDENCE = 0.95;

function latencyRows(statistics: GateStatistics, facts: CandidateFacts): readonly GateLatencyRow[] {
  return MEASURES.map(({ what, measure }) => {
    const samples = samplesOf(statistics, facts, measure);
    return { candidate: facts.name, what, quantiles: [0.5, 0.9, 0.95, 0.99].map((q) => ({ q, estimate: statistics.quantile(samples, q, SHOWN_CONFIDENCE) })) };
  });
}

function costRow({ name, tasks, costUsd }: CandidateFacts): GateCostRow {
  const solved = [...tasks.values()].reduce((sum, { passes }) => sum + passes, 0);
  return { candidate: name, solved, tasks: tasks.size, costUsd, costPerSolvedUsd: costUsd === null || solved === 0 ? null : costUsd / solved };
}

/** Nine significant digits: the same on every machine, whatever its logarithm's last bit. */
export const steady = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value, (_, member: unknown) => (typeof member === "number" && !Number.isInteger(member) ? Number(member.toPrecision(9)) : member)),
  ) as T;

/** The in-toto statement: a verification summary over the capsules' digests. */
export function decisionStatement(written: GateDocument, bakeoffVersion: string): Statement {
  const document = steady(written);
  const { decision, registration, policy } = document;
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: document.capsules.map(({ path, sha256 }) => ({ name: path, digest: { sha256 } })),
    predicateType: SUMMARY_TYPE,
    predicate: {
      verifier: { id: "urn:bakeoff:gate", version: { bakeoff: bakeoffVersion } },
      timeVerified: document.decidedAt,
      resourceUri: `urn:bakeoff:reflex:${decision.candidate}`,
      policy: { uri: `urn:bakeoff:policy:${policy.id}`, digest: { sha256: policy.hash } },
      inputAttestations: registration.state === "valid" ? [{ uri: registration.path, digest: { sha256: registration.sha256 } }] : [],
      verificationResult: decision.verdict === "promote" || document.override !== null ? "PASSED" : "FAILED",
      verifiedLevels: [],
      slsaVersion: "1.0",
      [OWN]: { ...document, result_hash: resultHash(document) },
    },
  };
}

/** What must come out again when the decision is made anew from the same capsules. */
export function resultHash(document: GateDocument): Sha256 {
  const { decision, alternatives, alpha } = steady(document);
  return hashOf({ decision, alternatives, alpha });
}

/** The file of a decision: the statement, and the envelope where it was signed. */
const decisionFile = z.strictObject({
  format: decisionFormat,
  kind: z.literal("gate-decision"),
  statement: statementSchema,
  envelope: envelopeSchema.nullable(),
});
export type DecisionFile = z.infer<typeof decisionFile>;

export function decisionFileText(statement: Statement, key: SigningKey | null): string {
  const file: DecisionFile = { format: DECISION_FORMAT, kind: "gate-decision", statement, envelope: key ? signStatement(statement, key) : null };
  return `${canonicalJson(file)}\n`;
}

const name = z.string().min(1).max(200);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What is read back of a decision: what is needed to make it again and to act on it. */
const claim = z.object({
  format: decisionFormat,
  decidedAt: z.iso.datetime(),
  decision: z.object({ candidate: name, incumbent: name, verdict: z.enum(["promote", "hold", "inconclusive"]), alpha: z.number().gt(0).lt(0.5) }),
  alternatives: z.array(name).min(1).max(1000),
  alpha: z.number().gt(0).lt(0.5),
  look: z
    .object({
      number: z.number().int(),
      planned: z.number().int(),
      tasks: z.number().int(),
      ofTasks: z.number().int(),
      by: z.enum(["bets", "bounds"]).optional(),
      most: z.number().int().optional(),
      sequential: z.enum(SEQUENTIAL).optional(),
    })
    .nullable(),
  log: z
    .object({ size: z.number().int().min(0), root: hash })
    .nullable()
    .optional(),
  override: z.object({ by: name, reason: z.string().min(1).max(2000) }).nullable(),
  suiteRootHere: hash.nullable(),
  policy: z.object({ id: z.string(), hash }),
  registration: z.looseObject({ state: z.enum(["none", "valid", "invalid"]), path: z.string().optional() }),
  result_hash: hash,
});
export type DecisionClaim = z.infer<typeof claim>;

export type ReadDecision =
  | { readonly ok: true; readonly claim: DecisionClaim; readonly statement: Statement; readonly envelope: Envelope | null }
  | { readonly ok: false; readonly fault: string };

/** Reads a decision file from anywhere. */
export function readDecision(text: string): ReadDecision {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, fault: "it is not JSON" };
  }
  const file = decisionFile.safeParse(value);
  if (!file.success) return { ok: false, fault: file.error.issues[0]?.message ?? "it is no decision of a gate" };
  const { statement, envelope } = file.data;
  const own = claim.safeParse(statement.predicate[OWN]);
  if (statement.predicateType !== SUMMARY_TYPE || !own.success)
    return { ok: false, fault: own.error?.issues[0]?.message ?? "its statement is no verification summary" };
  if (own.data.format !== file.data.format) return { ok: false, fault: "its file and its statement are of different formats" };
  return { ok: true, claim: own.data, statement, envelope };
}

/** What is wrong with a decision's signature; null where it is in order. `required`: unsigned will not do. */
export function signatureFault(
  { statement, envelope }: Pick<DecisionFile, "statement" | "envelope">,
  trusted: readonly string[],
  required: boolean,
): string | null {
  if (envelope === null) return required ? "it is not signed" : null;
  const signed = Buffer.from(envelope.payload, "base64").toString("utf8");
  if (signed !== canonicalJson(statement)) return "what was signed is not what it says";
  const verified = verifyEnvelope(envelope, trusted);
  return verified.ok ? null : verified.fault;
}
