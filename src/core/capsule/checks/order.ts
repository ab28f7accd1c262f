// Checks of the events' order: plan order once sealed, no gap in any trial's numbers, envelopes that match their content.
import { type CapsuleCheck, FirstFault, type Watch } from "./check.ts";
import { type EventLine, eventUri, type Header, LATE_SEQ } from "../line.ts";
import { plannedCount, type PlanRanks, planRanks } from "../order.ts";
import { isCalibrationTrial } from "../record.ts";

function planOrder(header: Header): Watch {
  const ranks = planRanks(header);
  const unplanned = plannedCount(header);
  const fault = new FirstFault();
  let last = { rank: -2, trial: "", seq: 0 };
  let sealed = false;
  return {
    event: (line) => {
      const place = { rank: ranks(line.trial) ?? unplanned, trial: line.trial ?? "", seq: line.seq };
      if (!isAfter(place, last)) fault.tell(`event ${line.uri} is in the wrong place`);
      last = place;
    },
    seal: () => void (sealed = true),
    // A journal's events are in the order of arrival.
    end: () => (sealed ? fault.found : null),
  };
}

type Standing = { readonly rank: number; readonly trial: string; readonly seq: number };

/** Trials without a candidate (calibration) share the last rank, ordered by name. */
function isAfter(a: Standing, b: Standing): boolean {
  if (a.rank !== b.rank) return a.rank > b.rank;
  return a.trial === b.trial ? a.seq > b.seq : a.trial > b.trial;
}

interface Place {
  seq: number;
  step: number;
  more: boolean;
  late: number;
}

/** What is wrong with an event's numbers, given those before it in its trial, or null. */
function numberFault(place: Place, line: EventLine): string | null {
  if (line.seq >= LATE_SEQ) return line.seq === place.late ? null : `event ${line.uri} is not late answer ${place.late - LATE_SEQ}`;
  if (line.seq !== place.seq) return line.seq > place.seq ? `${line.trial ?? "the run"} has no event ${place.seq}` : `event ${line.uri} is present twice`;
  const step = place.more ? place.step : place.step + 1;
  return line.step === step ? null : `event ${line.uri} is of step ${line.step}, not ${step}`;
}

function sequence(): Watch {
  const places = new Map<string | null, Place>();
  const fault = new FirstFault();
  let sealed = false;
  return {
    event: (line) => {
      const place = places.get(line.trial) ?? { seq: 0, step: -1, more: false, late: LATE_SEQ };
      places.set(line.trial, place);
      const found = numberFault(place, line);
      if (found !== null) fault.tell(found);
      if (line.seq >= LATE_SEQ) place.late = line.seq + 1;
      else Object.assign(place, { seq: line.seq + 1, step: line.step, more: line.more });
    },
    seal: () => void (sealed = true),
    end: () => {
      if (fault.found !== null || !sealed) return fault.found;
      const cut = [...places].find(([, place]) => place.more);
      return cut ? `the last step of ${cut[0] ?? "the run"} is cut off` : null;
    },
  };
}

function envelopes(header: Header): Watch {
  const ranks = planRanks(header);
  const fault = new FirstFault();
  return {
    event: (line) => {
      const found = envelopeFault(header, ranks, line);
      if (found !== null) fault.tell(`event ${line.uri} ${found}`);
    },
    end: () => fault.found,
  };
}

function envelopeFault(header: Header, ranks: PlanRanks, line: EventLine): string | null {
  const { payload } = line;
  if (line.run_id !== header.run_id) return `is of run ${line.run_id.slice(0, 80)}`;
  if (line.branch_id !== `run/${header.run_id}`) return "is of another branch than its run's";
  if (ranks(line.trial) === null && !isCalibrationTrial(header, line.trial)) return "is of a trial that was not planned";
  if ((line.trial?.split("/")[1] ?? null) !== line.spec_id) return "names another task than its trial";
  if (line.event_type !== payload.type) return `claims to be a ${line.event_type.slice(0, 80)} and holds a ${payload.type}`;
  if (line.stage !== ("stage" in payload ? payload.stage : null)) return "is recorded under another stage than it names";
  const uri = eventUri(header.run_id, { trial: line.trial, task: line.spec_id, seq: line.seq });
  return line.uri === uri ? null : `should have the address ${uri}`;
}

export const ORDER_CHECKS: readonly CapsuleCheck[] = [
  { name: "plan-order", needs: ["seal", "events"], sentence: "The events of a sealed capsule are in plan order.", watch: planOrder },
  { name: "sequence", needs: ["events"], sentence: "No trial's events have a gap, a duplicate, or a step that is cut off.", watch: sequence },
  {
    name: "envelopes",
    needs: ["events"],
    sentence: "Every event's envelope names this run and a planned trial, and agrees with the event itself.",
    watch: envelopes,
  },
];
