// Builds what `report` reaches the world through.
import { peekCapsule, readCapsule } from "../../adapters/capsules/file.ts";
import { diskTexts } from "../../adapters/files/text-files.ts";
import type { Places } from "../places.ts";
import type { ReportPorts } from "../report/report.ts";
import { storedCapsules } from "./capsule.ts";

export const composeReport = (places: Places): ReportPorts => ({
  capsules: { read: readCapsule, open: storedCapsules.open, isSealed: async (path) => (await peekCapsule(path)).sealed },
  texts: diskTexts,
  places,
});
