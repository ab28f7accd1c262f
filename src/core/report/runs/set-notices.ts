// What the reader of several runs as one must know first: which they are, and what was not the same about them.
import type { EventLine, Header } from "../../capsule/line.ts";
import { counted } from "../format.ts";

/** What of a run a set's notices tell. */
export interface NoticedRun {
  readonly header: Header;
  readonly runEvents: readonly EventLine[];
}

/** In sentences. */
export function setNotices(runs: readonly NoticedRun[]): readonly string[] {
  const named = runs.map(
    ({ header: { run_id: id, created_at: at, candidates } }) => `${id} (${at.slice(0, 16)}Z: ${candidates.map(({ name }) => name).join(", ")})`,
  );
  return [
    `${counted(runs.length, "run")} as one: ${named.join("; ")}`,
    ...apartNotice(runs),
    ...FACTS.flatMap((fact) => differenceNotice(runs, fact)),
    ...serverNotices(runs),
  ];
}

/** Candidates of one run meet the same hours; those of different runs do not. */
function apartNotice(runs: readonly NoticedRun[]): readonly string[] {
  const names = runs.map(({ header }) => new Set(header.candidates.map(({ name }) => name)));
  const all = new Set(names.flatMap((own) => [...own]));
  if (names.every((own) => own.size === all.size)) return [];
  return ["not every candidate was in every run: a difference between candidates of different runs also holds what changed between those runs"];
}

const FACTS: readonly { readonly what: string; readonly of: (header: Header) => string }[] = [
  { what: "the policy", of: ({ policy }) => `${policy.id} (${policy.hash.slice(0, 12)})` },
  { what: "the version of bakeoff", of: ({ bakeoff_version: version }) => version },
  { what: "the sandbox", of: ({ sandbox }) => sandbox },
  { what: "the number of jobs at a time", of: ({ concurrency }) => `${concurrency.cargo} cargo, ${concurrency.model} model` },
];

function differenceNotice(runs: readonly NoticedRun[], { what, of }: (typeof FACTS)[number]): readonly string[] {
  const found = new Set(runs.map(({ header }) => of(header)));
  return found.size === 1 ? [] : [`${what} was not the same in all runs: ${[...found].join("; ")}`];
}

/** A server that said something else of itself in one run than in another. */
function serverNotices(runs: readonly NoticedRun[]): readonly string[] {
  const told = runs.flatMap(({ runEvents }) =>
    runEvents.flatMap(({ payload }) =>
      payload.type === "ServerIdentity" && payload.worker === undefined && payload.facts !== null ? [{ provider: payload.provider, facts: payload.facts }] : [],
    ),
  );
  return [...new Set(told.map(({ provider }) => provider))].flatMap((provider) => {
    const own = told.filter((one) => one.provider === provider).map(({ facts }) => facts);
    const changed = [...new Set(own.flatMap((facts) => Object.keys(facts)))].filter((name) => new Set(own.map((facts) => String(facts[name]))).size > 1);
    return changed.length === 0 ? [] : [`server ${provider} was not the same in all runs: ${changed.toSorted().join(", ")}`];
  });
}
