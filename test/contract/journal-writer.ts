// Started by the journal's tests in a process of its own: fills a journal until it is refused, and says how that went.
import { createJournal } from "../../src/adapters/capsules/journal/journal.ts";
import { BakeoffError } from "../../src/core/base/errors.ts";
import { eventLine, lineText } from "../../src/core/capsule/line.ts";
import { headerOf } from "../unit/run/fakes.ts";

const [path = "", count = "100"] = process.argv.slice(2);
const header = headerOf({});

const line = (seq: number): string =>
  lineText(
    eventLine.parse({
      kind: "event",
      uri: "u",
      trial: "small/fix-a/1",
      spec_id: "fix-a",
      run_id: "run-1",
      branch_id: "b",
      seq,
      step: seq,
      more: false,
      timestamp: "t",
      stage: null,
      policy_id: "p",
      policy_hash: header.policy.hash,
      event_type: "ErrorEvent",
      payload: { type: "ErrorEvent", error_code: "x".repeat(seq % 2 === 0 ? 3000 : 1), message: "m", severity: "Error", stage: null, recoverable: true },
    }),
  );

const told = { code: "", hint: "", acknowledged: 0, afterRefusal: 0, typed: true };
try {
  const journal = await createJournal(path, header);
  const ends = await Promise.allSettled(Array.from({ length: Number(count) }, (_, seq) => journal.append({ blobs: [], lines: [line(seq)] })));
  told.acknowledged = ends.filter(({ status }) => status === "fulfilled").length;
  const first = ends.findIndex(({ status }) => status === "rejected");
  told.afterRefusal = first < 0 ? 0 : ends.slice(first).filter(({ status }) => status === "fulfilled").length;
  const refused = ends.find((end) => end.status === "rejected");
  await journal.close();
  if (refused) throw refused.reason;
} catch (error) {
  told.typed = error instanceof BakeoffError;
  told.code = error instanceof BakeoffError ? error.code : String(error);
  told.hint = error instanceof BakeoffError ? error.hint : "";
}
process.stdout.write(JSON.stringify(told));
