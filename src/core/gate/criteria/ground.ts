// Criteria about the evidence itself: whole, real, fresh, of one kind, announced, and enough.
import { type Criterion, fact } from "../finding.ts";
import { pairUp } from "../pairing.ts";

export const GROUND_CRITERIA: readonly Criterion[] = [
  {
    name: "capsules-verify",
    sentence: "Every capsule is as it was sealed.",
    sampled: false,
    // Capsules that do not verify are refused before any criterion is asked.
    judge: ({ evidence }) => fact("met", `${evidence.capsules.length === 1 ? "the capsule verifies" : `all ${evidence.capsules.length} capsules verify`}`),
  },
  {
    name: "no-stand-in",
    sentence: "No stand-in plays a role that the gate relies on.",
    sampled: false,
    judge: ({ evidence: { standIns } }) =>
      standIns.length === 0
        ? fact("met", "the policy's own models played the Implementer, the Judge and the SidecarCritic")
        : fact(
            "inconclusive",
            `${standIns.map(({ role, standIn }) => `${standIn} stands in for the ${role}`).join(", ")}: run again with the policy's own models (set their key)`,
          ),
  },
  {
    name: "fresh",
    sentence: "The runs are no older than the policy allows.",
    sampled: false,
    judge: ({ evidence: { ageDays, rules } }) => {
      const says = `the oldest run began ${ageDays.toFixed(1)} days ago; at most ${rules.max_age_days} are allowed`;
      return fact(
        ageDays >= 0 && ageDays <= rules.max_age_days ? "met" : "violated",
        ageDays < 0 ? "a run begins in the future: set the clock right and run again" : says,
        { threshold: rules.max_age_days, wants: "at-most", unit: "days" },
      );
    },
  },
  {
    name: "same-ground",
    sentence: "One suite and one toolchain, and the suite is the one that lies here.",
    sampled: false,
    judge: ({ evidence: { suite, toolchain, suiteRootHere } }) => {
      const what = `suite ${suite.name} ${suite.version} (${suite.root.slice(0, 12)}), ${toolchain.rustc}`;
      if (suiteRootHere !== null && suiteRootHere !== suite.root)
        return fact("violated", `${suite.name} has changed since the run (${suiteRootHere.slice(0, 12)}, then ${suite.root.slice(0, 12)}): run again`);
      return fact("met", suiteRootHere === null ? `${what}; the suite is not here to compare with` : what);
    },
  },
  {
    name: "registered",
    sentence: "The gate was registered before the run, where the policy wants that.",
    sampled: false,
    judge: ({ evidence: { registration, rules } }) => {
      if (registration.state === "valid") return fact("met", `registered at ${registration.registeredAt}, before the run`);
      if (registration.state === "invalid") return fact("violated", `the registration does not cover this gate: ${registration.fault}`);
      return rules.require_registration
        ? fact("violated", "not registered: register the gate, then run (bakeoff gate register)")
        : fact("met", "not registered, and the policy does not ask for it");
    },
  },
  {
    name: "enough-tasks",
    sentence: "As many low-risk tasks count for both sides as the policy wants.",
    sampled: false,
    judge: ({ evidence: { rules }, candidate, incumbent }) => {
      const tasks = pairUp(candidate, incumbent).length;
      const more = rules.min_tasks - tasks;
      return fact(more <= 0 ? "met" : "inconclusive", `${tasks} tasks count for both; ${rules.min_tasks} are wanted`, {
        threshold: rules.min_tasks,
        wants: "at-least",
        unit: "tasks",
        moreTasks: more > 0 ? more : null,
      });
    },
  },
  {
    name: "enough-epochs",
    sentence: "Every paired task was repeated as often as the policy wants.",
    sampled: false,
    judge: ({ evidence: { rules }, candidate, incumbent }) => {
      const pairs = pairUp(candidate, incumbent);
      const least = Math.min(...pairs.map((pair) => Math.min(pair.candidate.trials, pair.reference.trials)));
      const found = pairs.length === 0 ? 0 : least;
      return fact(
        found >= rules.min_epochs ? "met" : "inconclusive",
        `every task counts at least ${found} times for each; ${rules.min_epochs} epochs are wanted`,
        {
          threshold: rules.min_epochs,
          wants: "at-least",
          unit: "epochs",
        },
      );
    },
  },
];
