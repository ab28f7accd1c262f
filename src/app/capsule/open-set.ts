// Several stored capsules, opened as one run: their trials as the set calls them.
import type { Header } from "../../core/capsule/line.ts";
import type { TrialRecord } from "../../core/capsule/record.ts";
import { namedRuns } from "../../core/capsule/set-name.ts";
import type { CapsuleTexts } from "../../core/report/trial/shown-text.ts";
import type { OpenCapsule, StoredCapsules } from "../../ports/capsules.ts";
import { inTime, joined } from "./join.ts";

/** What of a run is looked at, whether it is one or several. `close` it. */
export interface OpenRuns extends CapsuleTexts {
  readonly header: Header;
  readonly faults: Readonly<{ length: number }>;
  /** In plan order. */
  trials(): Iterable<TrialRecord>;
  /** Null where none of that id was planned. */
  trial(id: string): TrialRecord | null;
  close(): void;
}

/** `word`: a run id, a path, or several with a plus between them. Throws what opening one throws, and `integrity` for runs that are no set. */
export async function openRuns(capsules: Pick<StoredCapsules, "open">, word: string, pathOf: (name: string) => string): Promise<OpenRuns> {
  const names = namedRuns(word);
  const opened: { readonly path: string; readonly capsule: OpenCapsule }[] = [];
  const close = (): void => opened.forEach(({ capsule }) => capsule.close());
  try {
    for (const name of names) opened.push({ path: name, capsule: await capsules.open(pathOf(name), []) });
    const [only, ...more] = opened;
    return only !== undefined && more.length === 0 ? only.capsule : together(opened, close);
  } catch (error) {
    close();
    throw error;
  }
}

function together(opened: readonly { readonly path: string; readonly capsule: OpenCapsule }[], close: () => void): OpenRuns {
  const ordered = inTime(opened, ({ capsule }) => capsule.header);
  const runs = ordered.map(({ capsule }) => capsule);
  const set = joined(ordered.map(({ path, capsule }) => ({ path, header: capsule.header, text: (hash) => capsule.text(hash), seal: capsule.seal })));
  return {
    header: set.header,
    faults: runs.flatMap(({ faults }) => faults),
    trials: () => set.inOrder(runs.flatMap((run, member) => set.trialsOf(member, [...run.trials()]))),
    trial: (id) => set.trial(id, (of) => runs[of.member]?.trial(of.id) ?? null),
    text: (hash) => runs.map((run) => run.text(hash)).find((text) => text !== null) ?? null,
    isWithheld: (hash) => runs.some((run) => run.isWithheld(hash)),
    close,
  };
}
