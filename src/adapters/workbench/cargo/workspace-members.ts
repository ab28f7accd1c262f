// The members of a workspace as `cargo metadata --no-deps` tells them.
import { z } from "zod";
import { namesDefaultMembers, type WorkspaceMembers } from "../../../core/suite/making/members.ts";

const metadata = z.object({
  packages: z.array(z.object({ id: z.string(), name: z.string(), manifest_path: z.string() })),
  // Cargo before 1.71 does not say.
  workspace_default_members: z.array(z.string()).optional(),
});

/** `manifest`: the text of the workspace's Cargo.toml in `root`. Throws what zod or JSON throws. */
export function readWorkspaceMembers(stdout: string, root: string, manifest: string): WorkspaceMembers {
  const { packages, workspace_default_members: defaults } = metadata.parse(JSON.parse(stdout));
  const members = packages.map(({ id, name, manifest_path: path }) => ({ id, name, dir: path.slice(root.length + 1).replace(/\/?Cargo\.toml$/, "") }));
  const byDefault = members.filter(({ id }) => defaults?.includes(id)).map(({ name }) => name);
  return {
    members: members.map(({ name, dir }) => ({ name, dir })),
    byDefault: defaults !== undefined && namesDefaultMembers(manifest) ? byDefault : null,
  };
}
