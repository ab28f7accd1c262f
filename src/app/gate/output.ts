// Where a gate's documents go: files, the terminal, and a CI's own places.
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import type { SigningKey } from "../../core/base/dsse.ts";
import type { Verdict } from "../../core/gate/decide.ts";
import { decisionFileText, decisionStatement, type GateDocument, resultHash, steady } from "../../core/gate/document.ts";
import { gateAnnotations, gateJunit } from "../../core/report/gate/junit.ts";
import { gateMarkdown, gateText } from "../../core/report/gate/page.ts";
import { world } from "../compose.ts";
import { outInk } from "../../cli/text/ink.ts";
import { packageVersion, reportsFolder } from "../places.ts";

export const gatesFolder = (): string => join(reportsFolder(), "gates");

export interface OutputOptions {
  readonly json: boolean;
  readonly junit: string | null;
  readonly key: SigningKey | null;
}

const red = (text: string): string => outInk.red(text);
const plain = (text: string): string => text.replaceAll(/[^A-Za-z0-9._-]/g, "-").slice(0, 80);

/** Writes every decision with its page, prints what was asked for; gives the decisions' paths. */
export async function writeGate(documents: readonly GateDocument[], { json, junit, key }: OutputOptions): Promise<readonly string[]> {
  await world.makeFolder(gatesFolder());
  const paths: string[] = [];
  for (const document of documents) {
    const path = join(gatesFolder(), `${nameOf(document)}.json`);
    await world.replaceFile(path, decisionFileText(decisionStatement(document, packageVersion()), key));
    await world.replaceFile(path.replace(/json$/, "md"), gateMarkdown(document));
    paths.push(path);
  }
  if (junit !== null) await world.replaceFile(junit, gateJunit(documents));
  await tellCi(documents);
  process.stdout.write(json ? `${JSON.stringify(steady(documents), null, 2)}\n` : documents.map((document) => gateText(document, red)).join("\n"));
  return paths;
}

/** Sorts by time, and two gates of one moment differ; nothing of a name can leave the folder. */
function nameOf(document: GateDocument): string {
  const { decidedAt, decision } = document;
  const moment = decidedAt.replaceAll(":", "-");
  return `${moment}-${plain(decision.candidate)}-vs-${plain(decision.incumbent)}-${resultHash(document).slice(0, 8)}`;
}

/** A step's summary and its annotations; commands go to stderr, so that stdout stays one document. */
async function tellCi(documents: readonly GateDocument[]): Promise<void> {
  if (!process.env["GITHUB_ACTIONS"]) return;
  for (const line of documents.flatMap(gateAnnotations)) process.stderr.write(`${line}\n`);
  const summary = process.env["GITHUB_STEP_SUMMARY"];
  if (summary) await appendFile(summary, `${documents.map(gateMarkdown).join("\n")}\n`);
}

const EXIT: Readonly<Record<Verdict, number>> = { promote: 0, hold: 10, inconclusive: 11 };

/** The worst of several: one hold holds, else one that is open leaves it open. An override counts as a promotion. */
export function gateExitCode(documents: readonly GateDocument[]): number {
  const codes = documents.map(({ decision, override }) => (override === null ? EXIT[decision.verdict] : EXIT.promote));
  return [EXIT.hold, EXIT.inconclusive].find((code) => codes.includes(code)) ?? EXIT.promote;
}
