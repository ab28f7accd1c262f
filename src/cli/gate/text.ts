// A gate's decisions on the terminal and in a CI's own places.
import { appendFile } from "node:fs/promises";
import { type GateDocument, steady } from "../../core/gate/document.ts";
import { gateAnnotations } from "../../core/report/gate/junit.ts";
import { gateMarkdown, gateText } from "../../core/report/gate/page.ts";
import { outInk } from "../text/ink.ts";
import { outWidth } from "../text/width.ts";
import { printDocument } from "../text/documents.ts";

/** Prints the decisions' pages, or one JSON document of them all. */
export async function printDecisions(documents: readonly GateDocument[], json: boolean): Promise<void> {
  await tellCi(documents);
  if (json) printDocument<"gate">({ format: 1, decisions: steady(documents) });
  else process.stdout.write(documents.map((document) => gateText(document, red, outWidth())).join("\n"));
}

const red = (text: string): string => outInk.red(text);

/** A step's summary and its annotations; commands go to stderr, so that stdout stays one document. */
async function tellCi(documents: readonly GateDocument[]): Promise<void> {
  if (!process.env["GITHUB_ACTIONS"]) return;
  for (const line of documents.flatMap(gateAnnotations)) process.stderr.write(`${line}\n`);
  const summary = process.env["GITHUB_STEP_SUMMARY"];
  if (summary) await appendFile(summary, `${documents.map(gateMarkdown).join("\n")}\n`);
}
