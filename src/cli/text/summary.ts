// Markdown for whoever reviews a change: into the file that was named, and into the CI's own summary where there is one.
import { appendText, diskTextsOf } from "../../app/compose/parts/texts.ts";

/** `comment`: written over, so that there is one. `GITHUB_STEP_SUMMARY` is added to. */
export async function writeSummary(markdown: string, comment: string | undefined): Promise<void> {
  if (comment !== undefined) await diskTextsOf().write(comment, markdown);
  const summary = process.env["GITHUB_STEP_SUMMARY"];
  if (summary) await appendText(summary, `${markdown}\n`);
}

/** Is there anybody to write for? What costs reading other runs is then not done. */
export const isSummaryWanted = (comment: string | undefined): boolean => comment !== undefined || Boolean(process.env["GITHUB_STEP_SUMMARY"]);
