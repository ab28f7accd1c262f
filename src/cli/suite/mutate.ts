// `bakeoff suite mutate`: a proven suite from the code of a repository.
import { composeSuite } from "../../app/compose/suite.ts";
import { findPlaces } from "../../app/places.ts";
import { type MutatedRepository, mutateRepository, type MutateWatch } from "../../app/suite/mutate.ts";
import { mutantFunnelLines } from "../../core/mutation/funnel.ts";
import { shellWord } from "../../core/text/shell-word.ts";
import { stopSignal } from "../stop-signal.ts";
import type { SuiteMutateOptions } from "./flags.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

const note = (text: string): void => void process.stderr.write(`${text}\n`);

const watch: MutateWatch = { note, progress: ({ kept, max, tried, found }) => note(`[${kept}/${max}] ${tried} of ${found} mutants tried`) };

export async function suiteMutate(options: SuiteMutateOptions): Promise<number> {
  const places = findPlaces(options);
  const done = await mutateRepository(composeSuite(places), options, watch, stopSignal("call it again: what was tried is not tried anew"));
  if (options.json) printDocument<"suite mutate">({ format: 1, ...facts(done) });
  else printText(table(done));
  const { calledAs } = places;
  const shown = shellWord(places.shown(done.place.folder));
  note(`${shown} is written; look at ${shown}/suite.md\nnext: ${calledAs} suite validate ${shown}   or   ${calledAs} run --suite ${shown}`);
  return 0;
}

const facts = ({ place, seconds, verifications, funnel, facts: all }: MutatedRepository) => ({
  folder: place.folder,
  seconds,
  verifications,
  funnel,
  ...all,
});

const distinct = (names: readonly string[]): number => new Set(names).size;

function table({ facts: { name, tasks, made }, funnel, verifications, seconds }: MutatedRepository): string {
  const compile = tasks.filter(({ kind }) => kind === "compile");
  return [
    `${name}: ${tasks.length} tasks made and proved`,
    `  ${compile.length} do not compile (${distinct(compile.flatMap(({ errorCodes }) => errorCodes))} error codes), ${tasks.length - compile.length} fail tests, held-out ones included`,
    `  ${distinct(tasks.flatMap(({ files }) => files))} files, ${distinct(tasks.map(({ origin }) => origin))} operators`,
    ...made.map((line) => `  ${line}`),
    ...mutantFunnelLines(funnel).map((line) => `  ${line}`),
    `  ${verifications} verifications besides the proofs, in ${seconds.toFixed(0)} s`,
    "",
  ].join("\n");
}
