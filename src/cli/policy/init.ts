// `bakeoff policy init NAME`: a further policy of the home.
import { composeInit } from "../../app/compose/init.ts";
import { initPolicy } from "../../app/init/further-policy.ts";
import { findPlaces } from "../../app/places.ts";
import { stopSignal } from "../stop-signal.ts";
import type { PolicyInitOptions } from "./flags.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

export async function policyInit(name: string, options: PolicyInitOptions): Promise<number> {
  const places = findPlaces(options);
  const made = await initPolicy(composeInit(places, stopSignal()), places.home, name);
  if (options.json) printDocument<"policy init">({ format: 1, ...made });
  else {
    const { file, written, kept } = made;
    printText(`${places.shown(file)}: ${written.length} files written${kept.length === 0 ? "" : `, ${kept.length} were there and are as they were`}\n`);
    printText(`Give it an id of its own ([meta] id), then: ${places.calledAs} policy validate --policy ${name}\n`);
  }
  return 0;
}
