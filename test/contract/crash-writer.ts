// Started by the crash tests in a process of its own: runs, seals and exports, and says after each what is committed.
import { writeSync } from "node:fs";
import { exportCapsule } from "../../src/adapters/capsules/hand-over.ts";
import { createJournal } from "../../src/adapters/capsules/journal/journal.ts";
import { runBakeoff } from "../../src/app/run/bakeoff.ts";
import type { Journal } from "../../src/ports/journal.ts";
import { fakeBench, headerOf, optionsFor, policyWith, snapshotBlob } from "../unit/run/fakes.ts";
import { crashSketch } from "./crash-sketch.ts";

const [path = "", target = ""] = process.argv.slice(2);
const snapshot = policyWith();
const sketch = { ...crashSketch, snapshot };
// Written at once and by itself: what was said before the kill has been said.
const say = (words: string): void => void writeSync(1, `${words}\n`);

const journal = await createJournal(path, headerOf(sketch), [snapshotBlob(snapshot)]);
let written = 0;
const telling: Journal = {
  path,
  append: async (entry) => {
    await journal.append(entry);
    written += entry.lines.length;
  },
  sync: async () => {
    const before = written;
    await journal.sync();
    say(`committed ${before}`);
  },
  seal: async (order, sealLine) => {
    say("sealing");
    await journal.seal(order, sealLine);
    say("sealed");
  },
  close: () => journal.close(),
};
// A little time passes in each verification, so that a kill can come between any two writes.
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
await runBakeoff(optionsFor(sketch, telling, { bench: fakeBench(pause) }));
say("exporting");
await exportCapsule(path, { safe: false, container: "tar", encrypt: null, target });
say("exported");
