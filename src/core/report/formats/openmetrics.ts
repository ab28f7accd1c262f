// The run's figures as OpenMetrics text, which GitLab shows beside a merge request's and any Prometheus can scrape.
import type { Estimate } from "../../metrics/statistics/interval.ts";
import type { CandidateSummary } from "../../metrics/summary/candidate.ts";
import { fixed } from "../../text/figures.ts";
import type { ReportModel } from "../model.ts";

interface Family {
  readonly name: string;
  readonly help: string;
  readonly of: (candidate: CandidateSummary) => Estimate;
}

const FAMILIES: readonly Family[] = [
  { name: "bakeoff_pass_at_1", help: "Share of low-risk tasks that the candidate's first attempt solved.", of: ({ slot }) => slot.passAt1 },
  { name: "bakeoff_slot_pass", help: "Share of low-risk tasks that the candidate's own attempts solved.", of: ({ slot }) => slot.pass },
  { name: "bakeoff_final_pass", help: "Share of low-risk tasks that ended with a passing patch, whoever wrote it.", of: ({ final }) => final.rate },
  { name: "bakeoff_escalated", help: "Share of low-risk tasks that went to the cloud Implementer.", of: ({ escalated }) => escalated },
];

/** Each figure with its 95 % interval and its sample; one that could not be measured is left out. Ends as OpenMetrics asks for. */
export function openMetricsReport({ summary, identity, standIns }: ReportModel): string {
  const stands = standIns.length > 0 ? "yes" : "no";
  const lines = FAMILIES.flatMap(({ name, help, of }) => [
    `# TYPE ${name} gauge`,
    `# HELP ${name} ${help}`,
    ...summary.candidates.flatMap((candidate) => samples(name, of(candidate), { suite: identity.suite.name, candidate: candidate.name, stand_ins: stands })),
  ]);
  return `${lines.join("\n")}\n# EOF\n`;
}

function samples(name: string, { value, low, high, n }: Estimate, labels: Readonly<Record<string, string>>): readonly string[] {
  if (value === null) return [];
  const bounds = [
    ["value", value],
    ["low", low],
    ["high", high],
    ["tasks", n],
  ] as const;
  return bounds.flatMap(([of, figure]) => (figure === null ? [] : [`${name}{${labelsText({ ...labels, of })}} ${fixed(figure, 6)}`]));
}

const labelsText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`)
    .join(",");
