// Whose doing a divergence is: record, policy, harness code or toolchain, by rules in order, each with its reason.
import { canonicalJson } from "../base/canonical.ts";
import type { TrialRecord } from "../capsule/record.ts";
import type { TrialPlan } from "../trial/command.ts";
import type { AttributedFinding, Cause, Finding, SignatureStatus } from "./levels/level.ts";
import { ROUTER_CHECK } from "./levels/decisions.ts";
import { situationAfter, situationAtStart } from "./situation.ts";
import type { TrialEvent } from "../trial/event.ts";
import { decisionOf, stepsOf } from "./step.ts";

export interface AttributionFacts {
  /** Version of the program that made the capsule, and of the one that replays it. */
  readonly versions: { readonly recorded: string; readonly now: string };
  readonly signature: SignatureStatus;
  /** Gone through only where a decision diverges. */
  readonly trials: () => Iterable<TrialRecord>;
  readonly planOf: (trial: TrialRecord) => TrialPlan;
  /** How many of the same kind came out as recorded. */
  readonly agreedOf: (finding: Finding) => number;
}

interface Evidence extends AttributionFacts {
  readonly findings: readonly Finding[];
  /** Those whose cause is settled already: the rules are gone through one after the other, each over all findings. */
  readonly settled: readonly AttributedFinding[];
  readonly twins: (finding: Finding) => number;
}

interface Rule {
  readonly name: string;
  readonly sentence: string;
  /** The cause and the reason, or null where the rule has nothing to say. */
  readonly judge: (finding: Finding, evidence: Evidence) => readonly [Cause, string] | null;
}

export const ATTRIBUTION_RULES: readonly Rule[] = [
  {
    name: "the-check-knows",
    sentence: "A check that can fail for one cause only names it.",
    judge: (finding) => (finding.cause === null ? null : [finding.cause, KNOWN[finding.cause]]),
  },
  {
    name: "the-file-is-damaged",
    sentence: "Where hashes, seal or order do not hold, whatever else diverges is put down to that.",
    judge: (_, { findings }) => {
      const faults = findings.filter((one) => one.trial === null && one.level === "integrity");
      const fault = faults.find((one) => one.cause === "policy") ?? faults[0];
      return fault?.cause ? [fault.cause, `the capsule itself does not verify (${fault.check}), so what follows from it can't be relied on`] : null;
    },
  },
  {
    name: "same-situation-decided-both-ways",
    sentence: "The router is a function of the history: where the same situation is recorded with the outcome worked out now, this one event was changed.",
    judge: (finding, { twins }) => {
      const count = finding.level === "decisions" ? twins(finding) : 0;
      return count === 0
        ? null
        : [
            "record",
            `${count} other decision${count === 1 ? "" : "s"} of this run in the same situation ${count === 1 ? "is" : "are"} recorded as decided now: this one was changed after it was made`,
          ];
    },
  },
  {
    name: "its-like-come-out",
    sentence: "Where others of the same kind come out as recorded, the code that makes them has not changed: this one was.",
    judge: (finding, { agreedOf }) => {
      // A router that was changed in one branch still decides most things as before.
      const count = finding.check === ROUTER_CHECK ? 0 : agreedOf(finding);
      return count === 0
        ? null
        : [
            "record",
            `${count} other${count === 1 ? "" : "s"} of its kind come${count === 1 ? "s" : ""} out as recorded: this one was changed after it was made`,
          ];
    },
  },
  {
    name: "the-same-trial-was-changed",
    sentence: "Where something else of the same trial is the record's doing, what diverges beside it follows from that.",
    judge: (finding, { settled }) => {
      const other = settled.find((one) => one.trial === finding.trial && one.cause === "record");
      const what = other?.seq == null ? "another part" : `event ${other.seq}`;
      return other ? ["record", `${what} of the same trial was changed (${other.check})`] : null;
    },
  },
  {
    name: "code-decides-otherwise",
    sentence: "The record and its policy are whole, and the program decides otherwise: the program has changed.",
    judge: ({ check }, { versions: { recorded, now }, signature }) => {
      const who = recorded === now ? `both call themselves ${now}, so the code was changed without its version` : `made by ${recorded}, replayed by ${now}`;
      const doubt = signature.state === "trusted" ? "" : "; nobody trusted signed this capsule, so a record that was rewritten throughout can't be ruled out";
      const alone =
        check === ROUTER_CHECK ? "no other decision in the same situation is recorded as it is made now" : "nothing else of its kind comes out as recorded";
      return ["harness code", `record and policy are whole, and ${alone}: ${who}${doubt}`];
    },
  },
];

const KNOWN: Readonly<Record<Cause, string>> = {
  record: "the record contradicts itself or its own hashes",
  policy: "the policy that is stored or named is not the one the run was made under",
  "harness code": "the program has changed",
  toolchain: "cargo was run again by another toolchain or sandbox",
};

/** Every finding with its cause. Each rule is asked about all that the rules before it left open. */
export function attribute(findings: readonly Finding[], facts: AttributionFacts): readonly AttributedFinding[] {
  let known: Twins | null = null;
  const twins = (finding: Finding) => (known ??= new Twins(findings, facts)).of(finding);
  const causes = new Map<Finding, AttributedFinding>();
  for (const { judge } of ATTRIBUTION_RULES) {
    const settled = [...causes.values()];
    for (const finding of findings) {
      const found = causes.has(finding) ? null : judge(finding, { ...facts, findings, settled, twins });
      if (found) causes.set(finding, { ...finding, cause: found[0], why: found[1] });
    }
  }
  return findings.map((finding) => causes.get(finding) ?? { ...finding, cause: "harness code", why: KNOWN["harness code"] });
}

/** The situations of findings, and how each was decided in the run. Holds nothing of any other situation. */
class Twins {
  /** By place: the situation of each finding. */
  private readonly places = new Map<string, string>();
  /** By situation and outcome: how often. */
  private readonly decisions = new Map<string, number>();

  constructor(findings: readonly Finding[], facts: AttributionFacts) {
    const wanted = new Set(findings.filter(({ level }) => level === "decisions").map(({ trial }) => trial));
    for (const trial of facts.trials()) {
      if (!wanted.delete(trial.id)) continue;
      for (const { seq, situation } of situationsOf(trial, facts)) this.places.set(`${trial.id} ${seq}`, situation);
      if (wanted.size === 0) break;
    }
    const known = new Set(this.places.values());
    for (const trial of facts.trials()) {
      for (const { situation, decision } of situationsOf(trial, facts)) {
        if (!known.has(situation)) continue;
        const key = `${situation}\n${decided(decision)}`;
        this.decisions.set(key, (this.decisions.get(key) ?? 0) + 1);
      }
    }
  }

  /** How many decisions in the finding's situation are recorded as they come out now. */
  of({ trial, seq, redone }: Finding): number {
    const situation = this.places.get(`${trial ?? ""} ${seq ?? ""}`);
    if (situation === undefined || typeof redone !== "object" || redone === null || Array.isArray(redone)) return 0;
    return this.decisions.get(`${situation}\n${decided(redone)}`) ?? 0;
  }
}

/** Every decision of a trial with the situation it was made in. */
function* situationsOf(
  trial: TrialRecord,
  { planOf }: AttributionFacts,
): Generator<{ readonly seq: number; readonly situation: string; readonly decision: TrialEvent }> {
  let situation = situationAtStart(planOf(trial));
  for (const step of stepsOf(trial.events)) {
    const decision = decisionOf(step);
    if (decision) {
      const conditions = "conditions" in decision ? canonicalJson(decision.conditions) : "";
      yield { seq: step.lines.find((line) => line.payload === decision)?.seq ?? step.seq, situation: `${situation} ${conditions}`, decision };
    }
    for (const event of step.events) situation = situationAfter(situation, event);
  }
}

const DECIDED = ["type", "from", "to", "role", "mode", "stage", "attempt", "selection_reason", "outside_policy", "gate_name", "outcome", "blocking"];

/** What was decided, without the names and words that differ from trial to trial. */
const decided = (event: object): string => canonicalJson(Object.fromEntries(Object.entries(event).filter(([key]) => DECIDED.includes(key))));
