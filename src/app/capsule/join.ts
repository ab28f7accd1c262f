// Stored runs taken together, or refused with every reason why they can't be.
import { BakeoffError } from "../../core/base/errors.ts";
import type { Header, Seal } from "../../core/capsule/line.ts";
import { readStoredSnapshot } from "../../core/replay/stored-snapshot.ts";
import { RunSet, setRefusals } from "../../core/report/runs/run-set.ts";

interface Joined {
  readonly path: string;
  readonly header: Header;
  readonly text: (hash: string) => string | null;
  readonly seal: Seal | null;
}

/** The runs as one, in the order given. Throws `integrity` with every reason why not. */
export function joined(runs: readonly Joined[]): RunSet {
  const members = runs.map(({ path, header, text, seal }) => {
    const stored = readStoredSnapshot(text(header.policy.snapshot_hash));
    const tried = new Set(header.candidates.map(({ name }) => name));
    return { path, run: { header, tried }, snapshot: stored.ok ? stored.snapshot : null, merkleRoot: seal?.merkle_root ?? null };
  });
  const refused = setRefusals(members);
  const [first, ...others] = runs.map(({ header }) => header);
  if (refused.length === 0 && first !== undefined) return new RunSet([first, ...others]);
  const lines = refused.map(({ name, message }) => `  ${name}: ${message}`);
  throw new BakeoffError("integrity", `these runs are no set\n${lines.join("\n")}`, "each line says the way out");
}

/** Runs in the order in which they began. */
export function inTime<T>(runs: readonly T[], headerOf: (run: T) => Header): readonly T[] {
  const key = (run: T): string => `${headerOf(run).created_at} ${headerOf(run).run_id}`;
  return runs.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
