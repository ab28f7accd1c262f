// The formats that a report can be written in.

export const FORMATS = ["md", "html", "csv", "json", "svg", "junit", "inspect"] as const;

export type ReportFormat = (typeof FORMATS)[number];
