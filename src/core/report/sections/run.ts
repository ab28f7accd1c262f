// What was run, and how each trial went: the tables at the end of a report.
import { counted, NOTHING } from "../format.ts";
import { type Grid, left, right } from "../grid.ts";
import type { ReportModel, ServerState } from "../model.ts";

export function identityGrid({ run, identity, servers = [] }: ReportModel): Grid {
  const { suite, policy, toolchain, concurrency } = identity;
  const rows = [
    ["run", run.id],
    ["created", run.createdAt],
    ["bakeoff", identity.bakeoffVersion],
    ["suite", `${suite.name} ${suite.version}`],
    ["suite root", suite.root],
    ["policy", policy.id],
    ["policy hash", policy.hash],
    ["decision register hash", identity.decisionRegisterHash ?? NOTHING],
    ["toolchain", `${toolchain.rustc}; ${toolchain.cargo}; ${toolchain.host}`],
    ["sandbox", identity.sandbox],
    ["epochs", String(identity.epochs)],
    ["capability", identity.capability ? "yes" : "no"],
    ["seed", String(identity.seed)],
    ["at a time", `${counted(concurrency.cargo, "cargo job")}, ${counted(concurrency.model, "model call")}`],
    ...identity.roles.map(({ role, provider, model, standIn }) => [role, `${model} (${provider})${standIn === null ? "" : `, played by ${standIn}`}`]),
    ...servers.map(({ provider, facts }) => [`server ${provider}`, factsText(facts)]),
  ];
  return { columns: [left(""), left("")], rows };
}

const factsText = (facts: ServerState["facts"]): string =>
  Object.entries(facts)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join("; ");

export function trialGrid({ trials }: ReportModel): Grid {
  return {
    columns: [left("task"), right("epoch"), left("candidate"), left("slot"), left("Implementer"), left("passed by"), left("unlock")],
    rows: trials.map((trial) => [
      trial.task,
      String(trial.epoch),
      trial.candidate,
      verdicts(trial.slotVerdicts) + (trial.outsidePolicy ? " (outside the policy)" : ""),
      verdicts(trial.cloudVerdicts),
      trial.passedBy ?? NOTHING,
      trial.standing === "counted" ? (trial.unlock ?? NOTHING) : trial.standing,
    ]),
  };
}

const verdicts = (statuses: readonly string[]): string => (statuses.length === 0 ? NOTHING : statuses.join(" → "));
