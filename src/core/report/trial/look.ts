// The command that a report of a run names to look at one of its trials.
import type { ReportModel } from "../model.ts";
import { showCommand } from "./list.ts";

/** For a trial that its candidate lost, else the first; `nop` loses all by design. */
export function lookAtTrial({ run, trials }: Pick<ReportModel, "run" | "trials">): string {
  const lost = trials.find(({ slotPass, candidate }) => slotPass === false && candidate !== "nop") ?? trials[0];
  return lost ? showCommand(run.id, `${lost.candidate}/${lost.task}/${lost.epoch}`) : "bakeoff show RUN TRIAL";
}
