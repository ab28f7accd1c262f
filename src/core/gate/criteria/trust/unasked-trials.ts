// Was the candidate asked, or was its server mostly out of service?
import { type Criterion, fact, figure } from "../../finding.ts";

/** Of the low-risk trials: what a policy allows that says nothing of it. */
const MOST_PERCENT = 2;

export const unaskedTrials: Criterion = {
  sentence: "Few trials never asked the candidate or the incumbent, because the breaker of its server was open.",
  sampled: false,
  overridable: true,
  judge: ({ evidence: { rules }, candidate, incumbent }) => {
    const most = (rules.max_unasked_percent ?? MOST_PERCENT) / 100;
    const shares = [candidate, incumbent].map(({ name, trials: { planned, unasked } }) => ({
      name,
      planned,
      unasked,
      share: planned === 0 ? 0 : unasked / planned,
    }));
    const [worse = { name: candidate.name, planned: 0, unasked: 0, share: 0 }] = shares.toSorted((a, b) => b.share - a.share);
    // What was never asked says nothing against a candidate: beyond the bound, the gate does not know.
    return fact(
      worse.share <= most ? "met" : "inconclusive",
      `${worse.unasked} of ${worse.planned} trials never asked ${worse.name}, whose server's breaker was open; at most ${figure(most, "share")} are allowed`,
      { threshold: most, wants: "at-most", unit: "share" },
    );
  },
};
