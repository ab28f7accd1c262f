// Builds what `report` reaches the world through.
import { readCapsule } from "../../adapters/capsules/file.ts";
import { diskTexts } from "../../adapters/files/text-files.ts";
import type { Places } from "../places.ts";
import type { ReportPorts } from "../report/report.ts";

export const composeReport = (places: Places): ReportPorts => ({ capsules: { read: readCapsule }, texts: diskTexts, places });
