// Did the policy's own models play the roles that the gate relies on?
import { type Criterion, fact } from "../../finding.ts";

export const noStandIn: Criterion = {
  sentence: "No stand-in plays a role that the gate relies on.",
  sampled: false,
  overridable: false,
  judge: ({ evidence: { standIns } }) =>
    standIns.length === 0
      ? fact("met", "the policy's own models played the Implementer, the Judge and the SidecarCritic")
      : fact(
          "inconclusive",
          `${standIns.map(({ role, standIn }) => `${standIn} stands in for the ${role}`).join(", ")}: run again with the policy's own models (set their key)`,
        ),
};
