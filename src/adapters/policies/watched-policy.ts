// The files of a policy as a run watches them: read again only if one of them was touched.
import { stat } from "node:fs/promises";
import { messageOf, WrittenFileError } from "../../core/base/errors.ts";
import { snapshotText } from "../../core/policy/snapshot.ts";
import type { PolicyReading, PolicySource } from "../../ports/policy-source.ts";
import type { PolicySources } from "../../ports/policies.ts";
import { filesOf, readPolicy } from "./policy-files.ts";

/** `wall`: the timestamp for a snapshot made now. */
export function watchedPolicy(sources: PolicySources, wall: () => string): PolicySource {
  let before: string | null = null;
  // A revision does not change while it is used.
  if (sources.revision !== undefined) return { look: async () => null };
  return {
    look: async () => {
      const now = await marksOf(sources);
      if (now === before) return null;
      const sight = await sightOf(sources, wall());
      // A file touched while it was read may be incomplete: the next look will tell.
      if ((await marksOf(sources)) !== now) return null;
      before = now;
      return sight;
    },
  };
}

const marksOf = async (sources: PolicySources): Promise<string> => (await Promise.all(filesOf(sources).map(markOf))).join("\n");

/** Detects whether a file was touched. */
async function markOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(" ");
  } catch (error) {
    return messageOf(error);
  }
}

async function sightOf(sources: PolicySources, createdAt: string): Promise<PolicyReading> {
  try {
    const { snapshot } = await readPolicy(sources, createdAt);
    return { ok: true, id: snapshot.policy_id, hash: snapshot.hash, text: snapshotText(snapshot) };
  } catch (error) {
    const [issue] = error instanceof WrittenFileError ? error.issues : [];
    return { ok: false, reason: issue ? `${issue.path}:${issue.line}:${issue.column}: ${issue.message}` : messageOf(error) };
  }
}
