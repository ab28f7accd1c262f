// `bakeoff doctor`: what is there, what is missing, and the line that gets it.
import { composeDoctor } from "../../app/compose/doctor.ts";
import { examine, isFit } from "../../app/doctor/examine.ts";
import { findPlaces } from "../../app/places.ts";
import { outInk } from "../text/ink.ts";
import type { DoctorOptions } from "./flags.ts";
import { diagnosisText } from "./text.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

export async function doctor(options: DoctorOptions): Promise<number> {
  const places = findPlaces(options);
  const request = { policyFile: places.policyFile(options.policy), pruneDays: options.prune ?? null };
  const diagnosis = await examine(composeDoctor(places), request, new AbortController().signal);
  if (options.json) printDocument<"doctor">({ format: 1, ...diagnosis });
  else printText(diagnosisText(diagnosis, outInk));
  return isFit(diagnosis) ? 0 : 4;
}
