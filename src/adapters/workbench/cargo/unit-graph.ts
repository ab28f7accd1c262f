// Cargo's unit graph: what it would compile, with which features and profile, and what each unit is linked with.
import { z } from "zod";
import { canonicalJson, sha256 } from "../../../core/base/canonical.ts";

const graph = z.object({
  units: z.array(z.looseObject({ dependencies: z.array(z.looseObject({ index: z.int().nonnegative() })) })),
  roots: z.array(z.int().nonnegative()),
});

/** A name for each unit that is asked for, and for all: the same wherever the same is compiled in the same way. */
export interface UnitNames {
  readonly roots: ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
}

/** Of what `cargo … --unit-graph` prints. Throws what zod or JSON throws. */
export function readUnitGraph(stdout: string): UnitNames {
  const { units, roots } = graph.parse(JSON.parse(stdout));
  const names = new Map<number, string>();
  // Units depend on each other without cycles.
  const nameOf = (index: number): string => {
    const known = names.get(index);
    if (known !== undefined) return known;
    const { dependencies, ...own } = units[index] ?? { dependencies: [] };
    const parts = dependencies.map(({ index: other, ...link }) => canonicalJson({ ...link, unit: nameOf(other) })).toSorted();
    const name = sha256(canonicalJson({ own, parts }));
    names.set(index, name);
    return name;
  };
  return { roots: new Set(roots.map(nameOf)), all: new Set([...units.keys()].map(nameOf)) };
}

/**
 * The packages whose build by themselves compiles nothing that the workspace's did not: with other features, cargo would begin with
 * their dependencies. `unitsOf`: of these packages, or of all; null where cargo does not tell.
 */
export async function standingAlone(
  packages: readonly string[],
  unitsOf: (packages: readonly string[] | null) => Promise<UnitNames | null>,
): Promise<string[]> {
  const whole = await unitsOf(null);
  const alone: string[] = [];
  for (const name of whole === null ? [] : packages) {
    const own = await unitsOf([name]);
    if (own !== null && own.roots.size > 0 && [...own.roots].every((root) => whole?.all.has(root))) alone.push(name);
  }
  return alone;
}
