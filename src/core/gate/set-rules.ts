// Which runs may be taken together, by a gate or as a set: an array of named reasons to refuse.
import type { Header } from "../capsule/line.ts";
import { agreeOn } from "../policy/concern.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";
import { EXTERNAL_PROVIDER } from "../trial/command.ts";

/** One run of several that are taken together. */
export interface SetMember {
  /** As people name it. */
  readonly path: string;
  readonly run: { readonly header: Header; readonly tried: ReadonlySet<string> };
  /** The stored policy; null where it is missing or not readable. */
  readonly snapshot: PolicySnapshot | null;
  readonly merkleRoot: string | null;
}

export interface Refusal {
  readonly name: string;
  readonly message: string;
}

export interface SetRule<M extends SetMember = SetMember> {
  readonly name: string;
  readonly sentence: string;
  /** `wanted`: who is to be compared, beside those who were tried in several. */
  readonly refuse: (members: readonly M[], wanted: readonly string[]) => readonly string[];
}

export function refusalsBy<M extends SetMember>(rules: readonly SetRule<M>[], members: readonly M[], wanted: readonly string[]): readonly Refusal[] {
  return rules.flatMap(({ name, refuse }) => refuse(members, wanted).map((message) => ({ name, message })));
}

/** Every capsule is compared with the first. */
export const alike =
  (what: string, key: (header: Header) => string, way: string) =>
  (capsules: readonly SetMember[]): readonly string[] => {
    const [first, ...others] = capsules;
    if (!first) return [];
    const wanted = key(first.run.header);
    return others.flatMap(({ path, run }) => {
      const found = key(run.header);
      return found === wanted ? [] : [`${path} has ${what} ${found}, ${first.path} has ${wanted}: ${way}`];
    });
  };

/** The policy that a capsule holds, if it is the one that its header names; else nothing is known of it but its name. */
export const ownPolicy = ({ run: { header }, snapshot }: SetMember): PolicySnapshot | null =>
  snapshot !== null && snapshot.hash === header.policy.hash ? snapshot : null;

/** Do they agree in what concerns these? */
export function agree(policy: PolicySnapshot | null, other: PolicySnapshot | null, names: readonly string[]): boolean {
  return policy !== null && other !== null && agreeOn(policy, other, names);
}

/** Whoever was tried in both is compared, named or not. */
function otherPolicy(first: SetMember, other: SetMember, wanted: readonly string[]): readonly string[] {
  const names = [...wanted, ...[...first.run.tried].filter((name) => other.run.tried.has(name))];
  if (first.run.header.policy.hash === other.run.header.policy.hash || agree(ownPolicy(first), ownPolicy(other), names)) return [];
  const [found, expected] = [other, first].map(({ run: { header } }) => `${header.policy.id} (${header.policy.hash.slice(0, 12)})`);
  return [`${other.path} has policy ${found}, ${first.path} has ${expected}, and they differ in what concerns this comparison: take them one by one`];
}

/** Each two of them once. */
const pairsOf = <T>(all: readonly T[]): readonly (readonly [T, T])[] => all.flatMap((one, index) => all.slice(index + 1).map((other) => [one, other] as const));

export const SET_RULES: readonly SetRule[] = [
  {
    name: "duplicated",
    sentence: "No run is there twice.",
    refuse: (capsules) =>
      capsules.flatMap(({ path, run, merkleRoot }, index) => {
        const twin = capsules
          .slice(0, index)
          .find((other) => other.run.header.run_id === run.header.run_id || (merkleRoot !== null && other.merkleRoot === merkleRoot));
        return twin ? [`${path} is the same run as ${twin.path}: name it once`] : [];
      }),
  },
  {
    name: "diagnosis",
    sentence: "No run only repeats what failed in another.",
    refuse: (capsules) =>
      capsules.flatMap(({ path, run: { header } }) =>
        header.diagnosis_of === undefined
          ? []
          : [`${path} repeats what failed in ${header.diagnosis_of}, so that its rates are of tasks that were lost before: leave it out`],
      ),
  },
  {
    name: "external",
    sentence: "No run only verified patches that were made elsewhere.",
    refuse: (capsules) =>
      capsules.flatMap(({ path, run: { header } }) =>
        header.external === undefined && header.candidates.every(({ provider }) => provider !== EXTERNAL_PROVIDER)
          ? []
          : [`${path} only verified patches that ${header.external?.agent ?? "somebody"} made elsewhere, under nobody's policy: it never promotes`],
      ),
  },
  {
    name: "other-format",
    sentence: "All capsules are of one format.",
    refuse: alike("capsule format", (header) => String(header.format), "convert or repeat the older run"),
  },
  {
    name: "other-suite",
    sentence: "All runs are of one suite, to the last byte.",
    refuse: alike("suite", ({ suite }) => `${suite.name} ${suite.version} (${suite.root.slice(0, 12)})`, "take them one by one"),
  },
  {
    name: "other-policy",
    sentence: "All runs went by one policy, as far as it concerns who is compared.",
    refuse: (capsules, wanted) => pairsOf(capsules).flatMap(([one, other]) => otherPolicy(one, other, wanted)),
  },
  {
    name: "other-toolchain",
    sentence: "All runs used one toolchain.",
    refuse: alike("toolchain", ({ toolchain }) => `${toolchain.rustc}; ${toolchain.cargo}; ${toolchain.host}`, "repeat the odd one with the same toolchain"),
  },
];
