// Compiles a policy to the bytes of PolicySnapshot.json, exactly as a run keeps them in its capsule: no line end after them.
import { snapshotText } from "../../core/policy/snapshot.ts";
import type { Clock } from "../../ports/clock.ts";
import type { PolicyFiles, PolicySources } from "../../ports/policies.ts";
import type { TextFiles } from "../../ports/text-files.ts";

export interface SnapshotPorts {
  readonly clock: Pick<Clock, "wall">;
  readonly policies: Pick<PolicyFiles, "load">;
  readonly texts: Pick<TextFiles, "write">;
}

export interface SnapshotRequest {
  readonly sources: PolicySources;
  /** The time to write into it, RFC 3339; null: now. */
  readonly createdAt: string | null;
  /** The file to write; null: none. */
  readonly out: string | null;
}

export async function takeSnapshot({ policies, texts, clock }: SnapshotPorts, { sources, createdAt, out }: SnapshotRequest): Promise<string> {
  const { snapshot } = await policies.load(sources, createdAt ?? clock.wall());
  const text = snapshotText(snapshot);
  if (out !== null) await texts.write(out, text);
  return text;
}
