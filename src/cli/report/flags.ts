// The flags of `bakeoff report`.
import { REPORT_FORMAT_NAMES, REPORT_FORMATS, type ReportFormat } from "../../core/report/formats/registry.ts";
import { type OptionsOf, text, value } from "../command.ts";
import { formats } from "../options.ts";

const DEFAULT: readonly ReportFormat[] = ["md"];

export const reportFlags = {
  format: value("<formats>", `comma-separated: ${REPORT_FORMAT_NAMES.map((name) => `${name} (${REPORT_FORMATS[name].is})`).join(", ")}`, formats, DEFAULT),
  out: text("<dir>", "write files there instead of to stdout"),
};

export type ReportOptions = OptionsOf<typeof reportFlags>;
