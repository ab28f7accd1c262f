// Every criterion of the gate by its name: what documents, registrations, pages and tables list.
import type { Criterion } from "../finding.ts";
import { capsulesVerify } from "./ground/capsules-verify.ts";
import { enoughEpochs } from "./ground/enough-epochs.ts";
import { enoughTasks } from "./ground/enough-tasks.ts";
import { fresh } from "./ground/fresh.ts";
import { noStandIn } from "./ground/no-stand-in.ts";
import { registered } from "./ground/registered.ts";
import { sameGround } from "./ground/same-ground.ts";
import { attemptP95 } from "./speed/attempt-p95.ts";
import { modelP95 } from "./speed/model-p95.ts";
import { tokensPerSecond } from "./speed/tokens-per-second.ts";
import { ttftP95 } from "./speed/ttft-p95.ts";
import { beatsCompiler } from "./success/beats-compiler.ts";
import { compilePass } from "./success/compile-pass.ts";
import { noRegression } from "./success/no-regression.ts";
import { notInferior } from "./success/not-inferior.ts";
import { parityWithImplementer } from "./success/success-parity.ts";
import { cheating } from "./trust/cheating.ts";
import { falseBlock } from "./trust/false-block.ts";
import { falseUnlock } from "./trust/false-unlock.ts";
import { flakeRate } from "./trust/flake-rate.ts";
import { infrastructureRate } from "./trust/infrastructure-rate.ts";
import { jsonCompliance } from "./trust/json-compliance.ts";
import { unaskedTrials } from "./trust/unasked-trials.ts";
import type { GateRules } from "../registration/registration.ts";
import type { GateStatistics } from "../statistics/statistics.ts";
import { CRITERION_NAMES, type CriterionName } from "./names.ts";

export const CRITERIA: Readonly<Record<CriterionName, Criterion>> = {
  "capsules-verify": capsulesVerify,
  "no-stand-in": noStandIn,
  fresh: fresh,
  "same-ground": sameGround,
  registered: registered,
  "enough-tasks": enoughTasks,
  "enough-epochs": enoughEpochs,
  "success-parity": parityWithImplementer,
  "not-inferior": notInferior,
  "beats-compiler": beatsCompiler,
  "no-regression": noRegression,
  "compile-pass": compilePass,
  "attempt-p95": attemptP95,
  "model-p95": modelP95,
  "ttft-p95": ttftP95,
  "tokens-per-second": tokensPerSecond,
  "json-compliance": jsonCompliance,
  "flake-rate": flakeRate,
  "infrastructure-rate": infrastructureRate,
  "false-unlock": falseUnlock,
  "false-block": falseBlock,
  "unasked-trials": unaskedTrials,
  cheating: cheating,
};

/** Those that a gate by these statistics asks under these rules, in their order: what a registration promises. */
export const criteriaAsked = ({ criteria }: Pick<GateStatistics, "criteria">, rules: GateRules): readonly CriterionName[] =>
  criteria.filter((name) => CRITERIA[name].isAsked?.(rules) ?? true);

/** As a table in Markdown, newline-terminated. */
export const criteriaTable = (): string =>
  `| Criterion | What it asks | Judged from a sample | May be overridden |\n|---|---|---|---|\n${CRITERION_NAMES.map(row).join("")}`;

function row(name: CriterionName): string {
  const { sentence, sampled, overridable } = CRITERIA[name];
  return `| \`${name}\` | ${sentence} | ${sampled === false ? "no" : "yes"} | ${overridable ? "yes" : "no"} |\n`;
}
