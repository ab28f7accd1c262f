// How far cargo has come with a build: the packages that it takes, and those that it has compiled.
import { z } from "zod";

const artifact = z.object({ reason: z.literal("compiler-artifact"), package_id: z.string(), target: z.object({ name: z.string() }) });
const resolved = z.object({
  packages: z.array(z.object({ id: z.string(), targets: z.array(z.object({ src_path: z.string() })) })),
  resolve: z.object({ nodes: z.array(z.object({ id: z.string() })) }),
});

export interface CompiledUnit {
  /** As cargo names packages. */
  readonly packageId: string;
  readonly target: string;
}

/** What cargo says it has compiled, or found compiled, in its JSON messages so far: the last line may be half a line. */
export function readCompiled(stdout: string): CompiledUnit[] {
  const whole = stdout.slice(0, stdout.lastIndexOf("\n") + 1);
  return whole.split("\n").flatMap((line) => {
    if (!line.startsWith('{"reason":"compiler-artifact"')) return [];
    const read = artifact.safeParse(JSON.parse(line));
    return read.success ? [{ packageId: read.data.package_id, target: read.data.target.name }] : [];
  });
}

export interface ResolvedPackages {
  /** Ids of the packages that a build takes. */
  readonly ids: readonly string[];
  /** Files that cargo would compile as targets of the tree's own packages. */
  readonly ownSources: readonly string[];
}

/** Of what `cargo metadata` prints. Throws what zod or JSON throws. */
export function readResolvedPackages(stdout: string): ResolvedPackages {
  const { packages, resolve } = resolved.parse(JSON.parse(stdout));
  const own = packages.filter(({ id }) => isOfTree(id)).flatMap(({ targets }) => targets.map(({ src_path: path }) => path));
  return { ids: resolve.nodes.map(({ id }) => id), ownSources: own };
}

/** Does a package lie in the workspace's tree? */
export const isOfTree = (packageId: string): boolean => packageId.startsWith("path+");
