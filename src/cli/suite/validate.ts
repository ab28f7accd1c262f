// `bakeoff suite validate`: whether a suite holds what it promises.
import { composeSuite } from "../../app/compose/suite.ts";
import { findPlaces } from "../../app/places.ts";
import { type ValidatedSuite, validateSuite, type SuiteProofWatch } from "../../app/suite/validate.ts";
import { isDistinctive, type Leak } from "../../core/suite/leak.ts";
import { stopSignal } from "../stop-signal.ts";
import { errInk } from "../text/ink.ts";
import type { SuiteValidateOptions } from "./flags.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

export async function suiteValidate(name: string, options: SuiteValidateOptions): Promise<number> {
  const { repeats, leaks, fresh } = options;
  const request = { name, tasks: options.task ?? null, repeats, leaks, fresh };
  const done = await validateSuite(composeSuite(findPlaces(options)), request, watch(repeats), stopSignal("the same command goes on where it was"));
  const { proofs, leaks: found } = done;
  if (options.json) printDocument<"suite validate">({ format: 1, proofs, leaks: found });
  else printText(summary(done, repeats));
  return 0;
}

const watch = (repeats: number): SuiteProofWatch => ({
  begin: (suite, tasks, tier) => void process.stderr.write(`proving ${tasks} tasks of ${suite.name}, ${repeats} repeats each, sandbox ${tier}\n`),
  preparing: (text) => void process.stderr.write(`${text}\n`),
  proved: ({ task, flaws }, done, tasks) =>
    void process.stderr.write(`[${done}/${tasks}] ${task}: ${flaws.length === 0 ? "proved" : errInk.red(`${flaws.length} flaws`)}\n`),
});

/** What was proved of the recorded patches, by the suite's kind. */
const SOLVED = {
  repairs: "the reference solution passes all, held-out tests included",
  impossible: "what the instruction asks for fails visible tests; the recorded cheat passes them all",
} as const;

function summary({ suite, tasks, proofs, leaks, seconds }: ValidatedSuite, repeats: number): string {
  const compile = tasks.filter(({ kind }) => kind === "compile");
  const codes = new Set(compile.flatMap(({ errorCodes }) => errorCodes).filter((code) => code !== "none"));
  const total = proofs.reduce((sum, proof) => sum + proof.verifications, 0);
  const known = proofs.reduce((sum, proof) => sum + proof.known, 0);
  const deleted = proofs.filter(({ deletions }) => deletions > 0).length;
  return [
    `${suite.name} ${suite.version}: ${tasks.length} tasks proved`,
    `  ${compile.length} compile tasks fail with exactly the declared codes (${codes.size} distinct), ${tasks.length - compile.length} test tasks fail exactly the declared tests`,
    `  changing nothing (nop) passes none; ${SOLVED[suite.kind ?? "repairs"]}; ${repeats} repeats agree`,
    `  deleting what the break wrote passes none of the ${deleted} tasks where there is something to delete`,
    `  ${tasks.filter(({ risk }) => risk === "high").length} high-risk tasks; suite root ${suite.root}`,
    `  ${total} verifications in ${seconds.toFixed(0)} s${known > 0 ? `, ${known} of them seen by an earlier call (--fresh runs all)` : ""}`,
    ...observationLines(proofs),
    ...(leaks === null ? [] : leakLines(tasks.length, leaks)),
    "",
  ].join("\n");
}

/** On what held-out tests rest beside their own verdicts. */
function observationLines(proofs: ValidatedSuite["proofs"]): string[] {
  const values = proofs.map(({ observations }) => observations.values).toSorted((a, b) => a - b);
  const weak = proofs.filter((proof) => proof.isWeaklyHeldOut);
  const [least = 0, middle = 0, most = 0] = [values[0], values[Math.floor(values.length / 2)], values.at(-1)];
  return [
    `  held-out tests are judged by the values that they see, too: ${least} to ${most} a task, half of the tasks by ${middle} or more`,
    ...weak.map(
      ({ task, observations: { values: some, bits } }) =>
        `    warning: ${task} is weakly held out (${some} values, ${bits} yes or no): ${ADVICE[some + bits === 0 ? "none" : "few"]}`,
    ),
  ];
}

const ADVICE = {
  few: "let its held-out tests compare what the code gives",
  none: "let its held-out tests compare what the code gives; of a task about code that runs while other code compiles none is run, so that no gate should rest on it",
} as const;

function leakLines(tasks: number, leaks: readonly Leak[]): string[] {
  const echoes = leaks.filter((leak) => !isDistinctive(leak));
  return [
    `  nothing else in the workspaces holds the solution's lines (${tasks} tasks; sources, build artefacts, git objects); identical code elsewhere: ${echoes.length}`,
    ...echoes.map(({ task, where, line }) => `    ${task}: ${where} has the same code: ${line}`),
  ];
}
