// `bakeoff gate`, `gate register` and `gate verify`.
import { CRITERION_NAMES } from "../../core/gate/criteria/names.ts";
import { command } from "../command.ts";
import { gateFlags, gatePlanFlags, gateRegisterFlags, gateVerifyFlags } from "./flags.ts";

export const gateCommand = command({
  does: "may a candidate take the incumbent's place: promote (0), hold (10) or inconclusive (11)",
  flags: gateFlags,
  example: "bakeoff gate --candidate qwen3-coder-30b-a3b-awq --incumbent gpt-oss-20b",
  notes: `Criteria (docs/GATE_CRITERIA.md says what each asks):\n${CRITERION_NAMES.map((name) => `  ${name}`).join("\n")}`,
  run: async (options) => (await import("./action.ts")).gate(options),
  commands: {
    register: command({
      does: "sign policy, criteria, suite and candidates before a run",
      flags: gateRegisterFlags,
      example: "bakeoff gate register --candidate qwen3-coder-30b-a3b-awq --key release.pem",
      run: async (options) => (await import("./register.ts")).gateRegister(options),
    }),
    plan: command({
      does: "how likely a gate is to promote by the true difference, what that costs, and the smallest plan that will do",
      flags: gatePlanFlags,
      example: "bakeoff gate plan --candidate qwen3-coder-30b-a3b-awq --difference 0,2,5",
      run: async (options) => (await import("./plan.ts")).gatePlan(options),
    }),
    verify: command({
      does: "check a decision: registration, capsules, policy, and that it comes out again",
      takes: ["<decision>"],
      flags: gateVerifyFlags,
      example: "bakeoff gate verify reports/gates/DECISION.json",
      run: async (options, decision: string) => (await import("./verify.ts")).gateVerify(decision, options),
    }),
  },
});
