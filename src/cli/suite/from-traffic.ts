// `bakeoff suite from-traffic`: logs of real calls, sorted into what can be scored and what can't be verified.
import { composeTraffic } from "../../app/compose/traffic.ts";
import { findPlaces, type Places } from "../../app/places.ts";
import { type SortedTraffic, sortTraffic } from "../../app/suite/from-traffic.ts";
import { shellWord } from "../../core/text/shell-word.ts";
import { printDocument } from "../text/documents.ts";
import type { FromTrafficOptions } from "./flags.ts";

export async function fromTraffic(file: string, options: FromTrafficOptions): Promise<number> {
  const places = findPlaces(options);
  const done = await sortTraffic(composeTraffic(places), {
    file,
    suite: options.suite,
    policyFile: places.policyFile(options.policy),
    out: options.out ?? null,
  });
  if (options.json) printDocument<"suite from-traffic">({ format: 1, ...done });
  else process.stdout.write(textOf(done, places));
  return 0;
}

function textOf({ suite, folder, calls, patches, unverified, unread, scrubbed }: SortedTraffic, { shown, calledAs }: Places): string {
  const lost = Object.values(unverified).reduce((sum, count) => sum + count, 0);
  return [
    `${calls} calls read; ${unread.length} lines hold none; secrets taken out of ${scrubbed} texts`,
    ...patches.map(
      ({ file, agent, tasks }) =>
        `  ${agent}: answers to ${tasks} tasks. Verify them: ${calledAs} score --suite ${shellWord(suite)} --patches ${shellWord(`${shown(folder)}/${file}`)}`,
    ),
    ...(lost > 0 ? [`  not verifiable: ${lost}, in ${shown(folder)}/unverified.jsonl`] : []),
    ...Object.entries(unverified).map(([why, count]) => `    ${why}: ${count}`),
    "What the log says of outcomes is claimed, not checked: a verdict comes from score alone.",
    "",
  ].join("\n");
}
