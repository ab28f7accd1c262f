// Which capsules a gate looks at together: an array of named reasons to refuse, before anything is counted.
import { headerFaults, playerFaults } from "../capsule/header-fit.ts";
import type { Header } from "../capsule/line.ts";
import { concernOf } from "../policy/concern.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";
import type { Suite } from "../suite/suite.ts";
import type { GateCapsule } from "./evidence.ts";
import { distrust, type GateTrust } from "./trust.ts";

export interface Refusal {
  readonly name: string;
  readonly message: string;
}

interface Rule {
  readonly name: string;
  readonly sentence: string;
  readonly refuse: (capsules: readonly GateCapsule[], wanted: readonly string[]) => readonly string[];
}

/** Every capsule is compared with the first. */
const alike =
  (what: string, key: (header: Header) => string, way: string) =>
  (capsules: readonly GateCapsule[]): readonly string[] => {
    const [first, ...others] = capsules;
    if (!first) return [];
    const wanted = key(first.run.header);
    return others.flatMap(({ path, run }) => {
      const found = key(run.header);
      return found === wanted ? [] : [`${path} has ${what} ${found}, ${first.path} has ${wanted}: ${way}`];
    });
  };

/** By the policy that a capsule holds, if it is the one that its header names; else by its name alone. */
function concern({ run: { header }, snapshot }: GateCapsule, wanted: readonly string[]): string {
  return snapshot !== null && snapshot.hash === header.policy.hash ? concernOf(snapshot, wanted) : header.policy.hash;
}

/** Whoever was tried in both is compared, named or not. */
function otherPolicy(first: GateCapsule, other: GateCapsule, wanted: readonly string[]): readonly string[] {
  const names = [...wanted, ...[...first.run.tried].filter((name) => other.run.tried.has(name))];
  if (concern(first, names) === concern(other, names)) return [];
  const [found, expected] = [other, first].map(({ run: { header } }) => `${header.policy.id} (${header.policy.hash.slice(0, 12)})`);
  return [`${other.path} has policy ${found}, ${first.path} has ${expected}, and they differ in what concerns this comparison: gate them one by one`];
}

export const ADMISSION_RULES: readonly Rule[] = [
  { name: "none", sentence: "There is a capsule to look at.", refuse: (capsules) => (capsules.length === 0 ? ["no capsule: run a bakeoff first"] : []) },
  {
    name: "edited",
    sentence: "Every capsule is as it was sealed.",
    refuse: (capsules) => capsules.flatMap(({ path, faults }) => faults.map((fault) => `${path}: ${fault}: fetch it again from where it came`)),
  },
  {
    name: "unproven",
    sentence: "Replay levels 0 and 1 prove every decision and every verdict.",
    refuse: (capsules) =>
      capsules.flatMap(({ path, unproven }) =>
        unproven.map((what) => `${path}: ${what}: gate on the whole capsule, as its run sealed it (bakeoff replay tells more)`),
      ),
  },
  {
    name: "empty",
    sentence: "Every capsule holds trials.",
    refuse: (capsules) => capsules.flatMap(({ path, run }) => (run.tried.size > 0 ? [] : [`${path} holds no trial: leave it out`])),
  },
  {
    name: "without-policy",
    sentence: "Every capsule holds the policy that it ran by.",
    refuse: (capsules) =>
      capsules.flatMap(({ path, snapshot }) => (snapshot === null ? [`${path} holds no policy that this version can read: run again with this version`] : [])),
  },
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
    name: "other-format",
    sentence: "All capsules are of one format.",
    refuse: alike("capsule format", (header) => String(header.format), "convert or repeat the older run"),
  },
  {
    name: "other-suite",
    sentence: "All runs are of one suite, to the last byte.",
    refuse: alike("suite", ({ suite }) => `${suite.name} ${suite.version} (${suite.root.slice(0, 12)})`, "gate them one by one"),
  },
  {
    name: "other-policy",
    sentence: "All runs went by one policy, as far as it concerns who is compared.",
    refuse: ([first, ...others], wanted) => (first === undefined ? [] : others.flatMap((other) => otherPolicy(first, other, wanted))),
  },
  {
    name: "other-toolchain",
    sentence: "All runs used one toolchain.",
    refuse: alike("toolchain", ({ toolchain }) => `${toolchain.rustc}; ${toolchain.cargo}; ${toolchain.host}`, "repeat the odd one with the same toolchain"),
  },
  {
    name: "one-sided",
    sentence: "Every candidate and the incumbent were tried.",
    refuse: (capsules, wanted) =>
      wanted.flatMap((name) => {
        const tried = capsules.some(({ run }) => run.tried.has(name));
        return tried || capsules.length === 0 ? [] : [`no capsule holds a trial of ${name}: run it too, or name another`];
      }),
  },
];

/** Everything that keeps these capsules out, by name. `wanted`: the candidates and the incumbent. */
export function refusals(capsules: readonly GateCapsule[], wanted: readonly string[]): readonly Refusal[] {
  return ADMISSION_RULES.flatMap(({ name, refuse }) => refuse(capsules, wanted).map((message) => ({ name, message })));
}

/** What is known where a gate is decided. */
interface Force {
  readonly trust: GateTrust;
  /** The policy in force itself. */
  readonly inForce: PolicySnapshot;
  /** The candidates and the incumbent. */
  readonly wanted: readonly string[];
  /** As it lies here; null where it does not. */
  readonly suite: Suite | null;
}

interface ForceRule {
  readonly name: string;
  readonly sentence: string;
  readonly refuse: (capsule: GateCapsule, force: Force) => readonly string[];
}

/** Beside what capsules must be by themselves: what they must be here and now. An old decision is not held to it. */
export const FORCE_RULES: readonly ForceRule[] = [
  {
    name: "not-in-force",
    sentence: "The runs went by the policy that is in force here, as far as it concerns who is compared.",
    refuse: (capsule, { trust: { policy }, inForce, wanted }) =>
      capsule.run.header.policy.hash === policy.hash || concern(capsule, wanted) === concernOf(inForce, wanted)
        ? []
        : [
            `went by ${capsule.run.header.policy.id} (${capsule.run.header.policy.hash.slice(0, 12)}), and ${policy.from} is ${policy.id} (${policy.hash.slice(0, 12)}): restore that policy, or run again`,
          ],
  },
  {
    name: "not-signed",
    sentence: "Every capsule is signed by a trusted key, where the policy asks for signatures.",
    refuse: ({ signature }, { trust }) => {
      const why = trust.requireSignature ? distrust(signature, trust) : null;
      return why === null ? [] : [`${why}: sign it (bakeoff capsule sign) with a key that ${trust.policy.from} trusts, or name its key with --trust`];
    },
  },
  {
    name: "other-header",
    sentence: "The header tells of its tasks, its draws and its players what the suite of that root, the seed and the policy make of them.",
    refuse: ({ run: { header }, snapshot }, { suite }) => {
      // A suite that has changed meanwhile is not the one that was run: a criterion says so.
      const ofSuite = suite === null || suite.root !== header.suite.root ? [] : headerFaults(header, suite);
      const ofPolicy = snapshot === null ? [] : playerFaults(header, snapshot);
      return [...ofSuite, ...ofPolicy].map((fault) => `tells what it can't know: ${fault}: fetch the capsule again from where it came`);
    },
  },
];

/** Everything that keeps these capsules out here and now, by name. */
export function forceRefusals(capsules: readonly GateCapsule[], force: Force): readonly Refusal[] {
  return FORCE_RULES.flatMap(({ name, refuse }) =>
    capsules.flatMap((capsule) => refuse(capsule, force).map((message) => ({ name, message: `${capsule.path} ${message}` }))),
  );
}
