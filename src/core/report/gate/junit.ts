// A gate's decision for CI: as JUnit XML and as annotations of a GitHub workflow.
import type { GateDocument } from "../../gate/document.ts";
import type { CriterionFinding } from "../../gate/finding.ts";
import { oneLine } from "../format.ts";
import { escapeXml } from "../formats/xml.ts";
import { verdictLine } from "./page.ts";

/** JUnit XML: a suite per decision, a case per criterion; a violated one is a failure, an open one an error, an override another failure. */
export function gateJunit(documents: readonly GateDocument[]): string {
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites name="bakeoff gate">`, ...documents.flatMap(suiteLines), "</testsuites>", ""].join("\n");
}

function suiteLines(document: GateDocument): readonly string[] {
  const { candidate, incumbent, findings } = document.decision;
  const having = (outcome: CriterionFinding["outcome"]): number => findings.filter((finding) => finding.outcome === outcome).length;
  const overridden = document.override === null ? 0 : 1;
  const name = `${candidate} in place of ${incumbent}`;
  const counts = `tests="${findings.length + overridden}" failures="${having("violated") + overridden}" errors="${having("inconclusive")}"`;
  return [
    `  <testsuite name="${escapeXml(name)}" ${counts} timestamp="${escapeXml(document.decidedAt)}">`,
    ...findings.flatMap((finding) => caseLines(name, finding)),
    ...(overridden === 1
      ? [
          `    <testcase classname="${escapeXml(name)}" name="not-overridden">`,
          `      <failure message="${escapeXml(verdictLine(document))}"/>`,
          "    </testcase>",
        ]
      : []),
    "  </testsuite>",
  ];
}

function caseLines(classname: string, { criterion, outcome, says, sentence }: CriterionFinding): readonly string[] {
  const open = `    <testcase classname="${escapeXml(classname)}" name="${escapeXml(criterion)}"`;
  if (outcome === "met") return [`${open}><system-out>${escapeXml(says)}</system-out></testcase>`];
  const kind = outcome === "violated" ? "failure" : "error";
  return [`${open}>`, `      <${kind} type="${outcome}" message="${escapeXml(says)}">${escapeXml(sentence)}</${kind}>`, "    </testcase>"];
}

const command = (kind: string, title: string, text: string): string => `::${kind} title=${escapeProperty(title)}::${escapeData(text)}`;

/** Workflow commands: an error for a violated criterion or an override, a warning for an open one, a notice for a promotion. */
export function gateAnnotations(document: GateDocument): readonly string[] {
  const { verdict, findings, candidate } = document.decision;
  const whole = verdict === "promote" && document.override === null ? "notice" : verdict === "hold" || document.override !== null ? "error" : "warning";
  return [
    command(whole, `gate: ${candidate}`, verdictLine(document)),
    ...findings.flatMap(({ criterion, outcome, says }) => (outcome === "met" ? [] : [command(outcome === "violated" ? "error" : "warning", criterion, says)])),
  ];
}

/** Source: actions/toolkit, packages/core/src/command.ts. */
const escapeData = (text: string): string => oneLine(text).replaceAll("%", "%25");
const escapeProperty = (text: string): string => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
