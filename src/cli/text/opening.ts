// The first lines of a run: what runs where, and above all who is only standing in.
import type { Header } from "../../core/capsule/line.ts";
import { standInText } from "../../core/report/model.ts";
import { errInk } from "./ink.ts";

export function openingLines(header: Header, capsule: string): string[] {
  const trials = header.tasks.length * header.candidates.length * header.epochs;
  return [
    `${errInk.bold("bakeoff")} ${header.bakeoff_version}  run ${header.run_id}`,
    `suite ${header.suite.name} ${header.suite.version}: ${header.tasks.length} tasks × ${header.candidates.length} candidates × ${header.epochs} epoch${header.epochs === 1 ? "" : "s"} = ${trials} trials`,
    `candidates: ${header.candidates.map(({ name }) => name).join(", ")}`,
    `sandbox: ${header.sandbox}   ${header.toolchain.rustc}   policy ${header.policy.id} (${header.policy.hash.slice(0, 12)})`,
    ...standIns(header).map((line) => errInk.yellow(line)),
    ...header.warnings.map((line) => errInk.yellow(`warning: ${line}`)),
    ...header.left_out.flatMap(({ name, reason, start }) => [errInk.dim(`left out: ${name} (${reason})`), errInk.dim(`          start it: ${start}`)]),
    errInk.dim(`capsule: ${capsule}`),
  ];
}

function standIns(header: Header): string[] {
  const { architect, implementer, judge, sidecarCritic } = header.bindings;
  const roles = [
    ["Architect", architect],
    ["Implementer", implementer],
    ["Judge", judge],
    ["SidecarCritic", sidecarCritic],
  ] as const;
  return roles.flatMap(([role, binding]) => (binding.standIn === null ? [] : [standInText({ role, ...binding, standIn: binding.standIn })]));
}
