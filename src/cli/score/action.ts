// `bakeoff score`: verifies patches made elsewhere, then prints the table and says where everything is.
import { composeScore } from "../../app/compose/score.ts";
import { findPlaces } from "../../app/places.ts";
import { scorePatches } from "../../app/score/score.ts";
import { jsonReport } from "../../core/report/formats/json.ts";
import { textTable } from "../../core/report/formats/table.ts";
import { runExitCode } from "../run/exit-code.ts";
import { openWatch } from "../run/watch.ts";
import { closingText, NOTHING_JUDGED } from "../run/text.ts";
import { stopSignal } from "../stop-signal.ts";
import { errInk } from "../text/ink.ts";
import { outWidth } from "../text/width.ts";
import type { ScoreOptions } from "./flags.ts";

export async function score(options: ScoreOptions): Promise<number> {
  const places = findPlaces(options);
  const { watcher, progress } = openWatch(places);
  const request = {
    patches: options.patches,
    agent: options.agent ?? null,
    suite: options.suite ?? null,
    all: options.all,
    policyFile: places.policyFile(options.policy),
    concurrency: options.concurrency ?? null,
    resume: options.resume ?? null,
    requiredSandbox: options.requireSandbox ?? null,
    keyFile: options.key ?? null,
    reportFolder: options.out ?? null,
  };
  try {
    const result = await scorePatches(composeScore(places), request, watcher, stopSignal());
    progress.end();
    const { model } = result;
    process.stdout.write(options.json ? jsonReport(model) : textTable(model, outWidth()));
    if (result.withoutPatch > 0)
      process.stderr.write(`${errInk.yellow(`${result.withoutPatch} tasks of the suite have no patch and are in no rate: --all counts them as lost`)}\n`);
    process.stderr.write(closingText(result, places));
    const code = runExitCode(model.trials);
    if (code !== 0) process.stderr.write(`${errInk.red(NOTHING_JUDGED)}\n`);
    return code;
  } finally {
    progress.end();
  }
}
