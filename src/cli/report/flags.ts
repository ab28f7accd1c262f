// The words of `bakeoff report`.
import { FORMATS, type ReportFormat } from "../../core/report/formats/format-names.ts";
import { command, type OptionsOf, text, value } from "../command.ts";
import { formats } from "../options.ts";

const DEFAULT: ReportFormat[] = ["md"];

const flags = {
  format: value("<formats>", `comma-separated: ${FORMATS.join(", ")}`, formats, DEFAULT),
  out: text("<dir>", "write files there instead of to stdout"),
};

export type ReportOptions = OptionsOf<typeof flags>;

export const reportCommand = command({
  does: "reports from a stored capsule",
  takes: ["<capsule>"],
  flags,
  example: "bakeoff report capsules/RUN.capsule.jsonl --format md,csv --out /tmp/report",
  run: async (options, capsule: string) => (await import("./action.ts")).report(capsule, options),
});
