// Are the runs recent enough?
import { type Criterion, fact } from "../../finding.ts";

export const fresh: Criterion = {
  sentence: "The runs are no older than the policy allows.",
  sampled: false,
  overridable: true,
  judge: ({ evidence: { ageDays, rules } }) => {
    const says = `the oldest run began ${ageDays.toFixed(1)} days ago; at most ${rules.max_age_days} are allowed`;
    return fact(
      ageDays >= 0 && ageDays <= rules.max_age_days ? "met" : "violated",
      ageDays < 0 ? "a run begins in the future: set the clock right and run again" : says,
      { threshold: rules.max_age_days, wants: "at-most", unit: "days" },
    );
  },
};
