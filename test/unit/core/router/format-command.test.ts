// Commands in one line: everything that was decided is in it, for every kind of command.
import { expect, it } from "vitest";
import type { Choice, Command } from "../../../../src/core/trial/command.ts";
import type { EventOf } from "../../../../src/core/trial/event.ts";
import type { Routing } from "../../../../src/core/trial/routing.ts";
import { formatCommand } from "../../../../src/core/router/format-command.ts";

const routing: Routing = {
  role: "Implementer",
  mode: "Reflex",
  stage: "Implement",
  attempt: 2,
  provider: "sglang",
  model: "m",
  selection_reason: "reflex-first",
  stand_in: null,
  outside_policy: false,
};
const gate: EventOf<"GateDecision"> = { type: "GateDecision", gate_name: "validate", stage: "Validate", outcome: "Pass", reason: "well", blocking: true };
const note: EventOf<"ErrorEvent"> = { type: "ErrorEvent", error_code: "c", message: "m", severity: "Warning", stage: "Plan", recoverable: true };
const attempt = (changes: Partial<Routing>, choice: Partial<Choice> = {}): Command => ({
  do: "attempt",
  routing: { ...routing, ...changes },
  choice: { passedOver: [], conditions: null, ...choice },
});

const SPOKEN: readonly [Command, string][] = [
  [{ do: "enter-stage", from: null, to: "Plan" }, "enter Plan"],
  [{ do: "enter-stage", from: "Plan", to: "Implement" }, "enter Implement from Plan"],
  [{ do: "consult-notebook", routing }, "consult-notebook 2 at Implement by Implementer/Reflex sglang/m: reflex-first"],
  [attempt({}), "attempt 2 at Implement by Implementer/Reflex sglang/m: reflex-first"],
  [
    attempt({ stand_in: "oracle", outside_policy: true }),
    "attempt 2 at Implement by Implementer/Reflex sglang/m played by oracle: reflex-first, outside the policy",
  ],
  [
    attempt(
      {},
      {
        passedOver: [{ model: "a", reason: "NotPromoted" }],
        conditions: {
          breakers: { "s/a": "Open" },
          health: { m: { samples: 3, p95_latency_ms: null, success_percent: null, json_compliance_percent: null } },
          budget: "within",
        },
      },
    ),
    "attempt 2 at Implement by Implementer/Reflex sglang/m: reflex-first, not a (NotPromoted); given s/a Open, 3 attempts of m, budget within",
  ],
  [{ do: "decide-gate", decision: gate }, "blocking validate gate at Validate: Pass, well"],
  [{ do: "decide-gate", decision: { ...gate, blocking: false } }, "validate gate at Validate: Pass, well"],
  [{ do: "note", event: note }, "note Warning c at Plan: m"],
  [{ do: "note", event: { ...note, stage: null, recoverable: false, severity: "Fatal" } }, "note Fatal, not recoverable c at no stage: m"],
  [{ do: "stop", why: "run-budget-spent" }, "stop: run-budget-spent"],
  [{ do: "finished" }, "finished"],
];

it.each(SPOKEN)("says %j", (command, said) => expect(formatCommand(command)).toBe(said));
