// What a program is told of a run that it began, and of one that goes on.
import { expect, it } from "vitest";
import { watcherFor } from "../../../src/library/watcher.ts";
import { runBakeoff } from "../../../src/app/run/bakeoff.ts";
import { headerOf, keptOf, memoryJournal, oneByOne, optionsFor } from "../run/fakes.ts";

it("tells of what was done before a run went on, once, and of each trial since", async () => {
  const header = headerOf({});
  const journal = memoryJournal(header);
  const stop = new AbortController();
  const first: string[] = [];
  const watcher = watcherFor({
    onResumed: () => first.push("resumed"),
    onTrial: ({ done, total }) => {
      first.push(`${done} of ${total}`);
      if (done === 2) stop.abort(new Error("told to stop"));
    },
  });
  await expect(runBakeoff(optionsFor({}, journal, { watcher, queue: oneByOne(), signal: stop.signal }))).rejects.toThrow("told to stop");
  expect(first).toEqual(["1 of 6", "2 of 6"]);
  const { kept, events } = keptOf(journal);
  journal.events.splice(0, journal.events.length, ...events);
  const second: string[] = [];
  const goingOn = watcherFor({
    onResumed: ({ done, total }) => second.push(`resumed at ${done} of ${total}`),
    onTrial: ({ done, total }) => second.push(`${done} of ${total}`),
  });
  await runBakeoff(optionsFor({}, journal, { watcher: goingOn, queue: oneByOne(), kept }));
  expect(second).toEqual(["resumed at 2 of 6", "3 of 6", "4 of 6", "5 of 6", "6 of 6"]);
});

it("tells nothing where nobody asked", () => {
  expect(() => watcherFor({}).doneBefore?.(1, 2)).not.toThrow();
});
