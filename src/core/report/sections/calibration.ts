// The section about the Judge and the critic on patches of known quality.
import type { CalibrationRates } from "../../metrics/calibration.ts";
import { rateText } from "../format.ts";
import { left, right } from "../grid.ts";
import type { Section } from "./section.ts";

export function calibrationSection({ falseUnlock, falseBlock, criticBlocksGood, byPlant }: CalibrationRates): Section {
  return {
    title: "The Judge and the critic on patches of known quality",
    note: `False unlocks ${rateText(falseUnlock)}; false blocks ${rateText(falseBlock)}; the critic blocks a good patch ${rateText(criticBlocksGood)}. The program planted the patches unlabelled.`,
    grid: {
      columns: [left("planted"), right("patches"), right("judged"), right("judged wrongly")],
      rows: byPlant.map(({ plant, planted, judged, wrong }) => [plant, String(planted), String(judged), String(wrong)]),
    },
  };
}
