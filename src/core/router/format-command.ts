// A command in one line, with everything that was decided: what golden scenarios expect and what a policy diff shows.
import type { Command, ModelCallCommand } from "../trial/command.ts";
import type { Conditions } from "../trial/conditions.ts";
import type { Routing } from "../trial/routing.ts";

/** `attempt 1 at Implement by Implementer/Reflex sglang/gpt-oss-20b: reflex-first`, and so on for every kind of command. */
export function formatCommand(command: Command): string {
  switch (command.do) {
    case "enter-stage":
      return `enter ${command.to}${command.from === null ? "" : ` from ${command.from}`}`;
    case "consult-notebook":
      return `${command.do} ${routed(command.routing)}`;
    case "decide-gate": {
      const { gate_name: name, outcome, stage, reason, blocking } = command.decision;
      return `${blocking ? "blocking " : ""}${name} gate at ${stage}: ${outcome}, ${reason}`;
    }
    case "note": {
      const { error_code: code, severity, recoverable, stage, message } = command.event;
      return `note ${severity}${recoverable ? "" : ", not recoverable"} ${code} at ${stage ?? "no stage"}: ${message}`;
    }
    case "stop":
      return `stop: ${command.why}`;
    case "finished":
      return "finished";
    default:
      return `${command.do} ${routed(command.routing)}${chosen(command.choice)}`;
  }
}

function routed(routing: Routing): string {
  const { attempt, stage, role, mode, provider, model, stand_in: standIn, selection_reason: reason, outside_policy: outside } = routing;
  const who = standIn === null ? `${provider}/${model}` : `${provider}/${model} played by ${standIn}`;
  return `${attempt} at ${stage} by ${role}/${mode} ${who}: ${reason}${outside ? ", outside the policy" : ""}`;
}

function chosen({ passedOver, conditions }: ModelCallCommand["choice"]): string {
  const passed = passedOver.map(({ model, reason }) => `, not ${model} (${reason})`).join("");
  return conditions === null ? passed : `${passed}; given ${given(conditions)}`;
}

function given({ breakers, health, budget }: Conditions): string {
  const states = Object.entries(breakers).map(([id, state]) => `${id} ${state}`);
  const measured = Object.entries(health).map(([name, { samples }]) => `${samples} attempts of ${name}`);
  return [...states, ...measured, `budget ${budget}`].join(", ");
}
