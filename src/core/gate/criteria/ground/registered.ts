// Was the gate registered before the run?
import { type Criterion, fact } from "../../finding.ts";

export const registered: Criterion = {
  sentence: "The gate was registered before the run, where the policy wants that.",
  sampled: false,
  overridable: true,
  judge: ({ evidence: { registration, rules } }) => {
    if (registration.state === "valid") return fact("met", `registered at ${registration.registeredAt}, before the run`);
    if (registration.state === "invalid") return fact("violated", `the registration does not cover this gate: ${registration.fault}`);
    return rules.require_registration
      ? fact("violated", "not registered: register the gate, then run (bakeoff gate register)")
      : fact("met", "not registered, and the policy does not ask for it");
  },
};
