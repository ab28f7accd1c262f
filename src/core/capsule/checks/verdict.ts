// The check that no event makes more of a verdict than the one stored in full says.
import { canonicalJson, type Sha256 } from "../../base/canonical.ts";
import { HashSet } from "../../base/hash-set.ts";
import { verdictClaim } from "../../trial/verdict-claim.ts";
import { readVerdict } from "../../verdict/stored-verdict.ts";
import { summariseVerdict, type VerdictFacts } from "../../verdict/summary.ts";
import { SNAPSHOT_START } from "../stored-policy.ts";
import { type CapsuleCheck, FirstFault, type StoredText, type Watch } from "./check.ts";

/** Verdicts are written as tables; the policy is the one other table among the texts that is large. */
const mayBeVerdict = ({ start, text }: StoredText): boolean => {
  const beginning = start ?? text;
  return beginning.startsWith("{") && !beginning.startsWith(SNAPSHOT_START);
};

/** Keeps one summary a stored verdict. */
function verdictsFit(): Watch {
  const verdicts = new Map<Sha256, VerdictFacts>();
  const others = new HashSet();
  const fault = new FirstFault();
  let compared = 0;
  let missing = 0;
  return {
    text: (text) => {
      const verdict = mayBeVerdict(text) ? readVerdict(text.text) : null;
      if (verdict) verdicts.set(text.sha256, summariseVerdict(verdict));
      else others.add(text.sha256);
    },
    event: ({ uri, payload }) => {
      if (payload.type !== "ToolResult") return;
      const facts = verdicts.get(payload.output_hash) ?? (others.has(payload.output_hash) ? null : undefined);
      // A text that is missing contradicts nothing: it proves nothing either, which the gate and replay say.
      if (facts === undefined) return void (missing += 1);
      compared += 1;
      if (facts === null) return fault.tell(`what is stored as the verdict of ${uri} is no verdict`);
      const { recorded, redone } = verdictClaim(payload, facts);
      if (canonicalJson(recorded) !== canonicalJson(redone))
        fault.tell(
          `event ${uri} says ${payload.verdict.status}, and the verdict stored in full says ${facts.status}${same(payload.verdict.status, facts.status)}`,
        );
    },
    end: () => fault.found,
    unchecked: () => (compared > 0 ? null : missing > 0 ? `no verdict is stored in full: ${missing} are missing` : "there is no verdict"),
  };
}

const same = (one: string, other: string): string => (one === other ? ", with other facts" : "");

export const VERDICT_CHECKS: readonly CapsuleCheck[] = [
  { name: "verdicts-fit", sentence: "Every event says of its verdict what the one stored in full says.", watch: verdictsFit },
];
