// Keeps a gate's decisions: each as a signed statement with its page beside it, all together as JUnit.
import { join } from "node:path";
import type { SigningKey } from "../../core/base/dsse.ts";
import { decisionFileText, decisionStatement, type GateDocument, resultHash } from "../../core/gate/document.ts";
import { gateJunit } from "../../core/report/gate/junit.ts";
import { gateMarkdown } from "../../core/report/gate/page.ts";
import type { TextFiles } from "../../ports/text-files.ts";

export interface RecordPorts {
  readonly texts: Pick<TextFiles, "write">;
  readonly gatesFolder: string;
  /** This program's version: what a decision says it was made by. */
  readonly version: string;
}

export interface RecordOptions {
  /** Where to write JUnit XML, or null. */
  readonly junit: string | null;
  readonly key: SigningKey | null;
}

/** Writes every decision with its page; gives the decisions' paths. */
export async function recordDecisions(ports: RecordPorts, documents: readonly GateDocument[], { junit, key }: RecordOptions): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const document of documents) {
    const path = join(ports.gatesFolder, `${nameOf(document)}.json`);
    await ports.texts.write(path, decisionFileText(decisionStatement(document, ports.version), key));
    await ports.texts.write(path.replace(/json$/, "md"), gateMarkdown(document));
    paths.push(path);
  }
  if (junit !== null) await ports.texts.write(junit, gateJunit(documents));
  return paths;
}

/** Sorts by time, and two gates of one moment differ; nothing of a name can leave the folder. */
function nameOf(document: GateDocument): string {
  const { decidedAt, decision } = document;
  const moment = decidedAt.replaceAll(":", "-");
  return `${moment}-${plain(decision.candidate)}-vs-${plain(decision.incumbent)}-${resultHash(document).slice(0, 8)}`;
}

const plain = (text: string): string => text.replaceAll(/[^A-Za-z0-9._-]/g, "-").slice(0, 80);
