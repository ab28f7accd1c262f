// `bakeoff init`: a home in a cargo repository, and with --suite the first suite in it.
import { resolve } from "node:path";
import { composeInit } from "../../app/compose/init.ts";
import { type InitialisedHome, initHome } from "../../app/init/init.ts";
import { findPlaces } from "../../app/places.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { stopSignal } from "../stop-signal.ts";
import { suiteMutate } from "../suite/mutate.ts";
import { outInk } from "../text/ink.ts";
import type { InitOptions } from "./flags.ts";
import { initText } from "./text.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

export async function init(folder: string | undefined, { ci, suite, json }: InitOptions): Promise<number> {
  if (suite && json) throw new BakeoffError("usage", "--json and --suite exclude each other", "call suite mutate --json afterwards");
  const repository = resolve(folder ?? ".");
  const made = await initHome(composeInit(findPlaces({}), stopSignal()), { repository, named: folder ?? ".", ci: ci ?? null });
  if (json) printDocument<"init">({ format: 1, ...made });
  else printText(initText(made, findPlaces({ home: made.home }), outInk));
  return suite && !made.suiteIsThere ? makeSuite(repository, made) : 0;
}

/** Uncommitted changes are taken along: a pipeline that was just written is one. */
function makeSuite(repo: string, { home, mutants }: InitialisedHome): Promise<number> {
  if (mutants === null) throw new BakeoffError("usage", "no test here could judge a task", "write tests first, or run the suite that comes with the package");
  return suiteMutate({ repo, max: mutants, seed: 1, home, allFeatures: false, strength: false, dropWeak: false, allowDirty: true, json: false });
}
