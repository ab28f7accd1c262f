// Which capsules a gate looks at: an array of named reasons to refuse, before anything is counted.
import { headerFaults, playerFaults } from "../capsule/plan/header-fit.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";
import type { Suite } from "../suite/suite.ts";
import type { GateCapsule } from "./evidence.ts";
import { byKind } from "./kinds.ts";
import { agree, ownPolicy, type Refusal, refusalsBy, SET_RULES, type SetRule } from "./set-rules.ts";
import { distrust, type GateTrust } from "./trust.ts";

/** A gate may look at runs of two suites, one of each kind. */
const ofEachKind = (rule: SetRule): SetRule => ({
  ...rule,
  refuse: (capsules, wanted) => Object.values(byKind(capsules)).flatMap((own) => rule.refuse(own, wanted)),
});

export const ADMISSION_RULES: readonly SetRule<GateCapsule>[] = [
  { name: "none", sentence: "There is a capsule to look at.", refuse: (capsules) => (capsules.length === 0 ? ["no capsule: run a bakeoff first"] : []) },
  {
    name: "only-impossible",
    sentence: "Runs of impossible tasks stand beside a run of others.",
    refuse: (all) =>
      all.length > 0 && byKind(all).capsules.length === 0
        ? ["only runs of impossible tasks, which tell how often it cheats: name a run of other tasks, too"]
        : [],
  },
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
    name: "disagreed",
    sentence: "No worker's verdict failed to come out again.",
    refuse: (capsules) => capsules.flatMap(({ path, run }) => run.recheckFaults.map((fault) => `${path}: ${fault}: run it again without that worker`)),
  },
  {
    name: "reused-answers",
    sentence: "Every answer was asked for in its run: none was that of an earlier call.",
    refuse: (capsules) =>
      capsules.flatMap(({ path, run: { reusedAnswers: reused } }) =>
        reused === 0
          ? []
          : [
              `${path} reuses ${reused} ${reused === 1 ? "answer" : "answers"} of earlier calls, so that they are counted twice: run it again without --answer-cache`,
            ],
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
  ...SET_RULES.map((rule) => (rule.name === "other-suite" ? ofEachKind(rule) : rule)),
  {
    name: "one-sided",
    sentence: "Every candidate and the incumbent were tried.",
    refuse: (all, wanted) =>
      wanted.flatMap((name) => {
        const { capsules } = byKind(all);
        const tried = capsules.some(({ run }) => run.tried.has(name));
        return tried || capsules.length === 0 ? [] : [`no capsule holds a trial of ${name}: run it too, or name another`];
      }),
  },
];

/** Everything that keeps these capsules out, by name. `wanted`: the candidates and the incumbent. */
export function refusals(capsules: readonly GateCapsule[], wanted: readonly string[]): readonly Refusal[] {
  return refusalsBy(ADMISSION_RULES, capsules, wanted);
}

/** What is known where a gate is decided. */
interface Force {
  readonly trust: GateTrust;
  /** The policy in force itself. */
  readonly inForce: PolicySnapshot;
  /** The candidates and the incumbent. */
  readonly wanted: readonly string[];
  /** Those of the runs that lie here. */
  readonly suites: readonly Suite[];
  /** Is the gate held against a registration? */
  readonly isRegistered: boolean;
}

interface ForceRule {
  readonly name: string;
  readonly sentence: string;
  readonly refuse: (capsule: GateCapsule, force: Force) => readonly string[];
}

/** Who was tried must be asked as the policy in force has it; who is compared with them and was not known then need not. */
function isInForce(capsule: GateCapsule, inForce: PolicySnapshot, wanted: readonly string[]): boolean {
  const known = new Set(inForce.candidates.map(({ name }) => name));
  const own = ownPolicy(capsule);
  const gone = own?.candidates.some(({ name }) => wanted.includes(name) && capsule.run.tried.has(name) && !known.has(name)) ?? true;
  return !gone && agree(own, inForce, wanted);
}

/** Beside what capsules must be by themselves: what they must be here and now. An old decision is not held to it. */
export const FORCE_RULES: readonly ForceRule[] = [
  {
    name: "not-in-force",
    sentence: "The runs went by the policy that is in force here, as far as it concerns who is compared.",
    refuse: (capsule, { trust: { policy }, inForce, wanted }) =>
      capsule.run.header.policy.hash === policy.hash || isInForce(capsule, inForce, wanted)
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
    name: "without-registration",
    sentence: "A run that began under a registration is gated by it, and not as one of which nobody knows how many there were.",
    refuse: ({ run: { header } }, { isRegistered }) =>
      header.registration === undefined || isRegistered
        ? []
        : [`began under a registration (${header.registration.sha256.slice(0, 12)}): name its file with --registration`],
  },
  {
    name: "other-header",
    sentence: "The header tells of its tasks, its draws and its players what the suite of that root, the seed and the policy make of them.",
    refuse: ({ run: { header }, snapshot }, { suites }) => {
      // A suite that has changed meanwhile is not the one that was run: a criterion says so.
      const suite = suites.find(({ root }) => root === header.suite.root);
      const ofSuite = suite === undefined ? [] : headerFaults(header, suite);
      const ofPolicy = snapshot === null ? [] : playerFaults(header, snapshot);
      return [...ofSuite, ...ofPolicy].map((fault) => `tells what it can't know: ${fault}: fetch the capsule again from where it came`);
    },
  },
  {
    name: "silent-header",
    sentence: "The header says what every run of this version does: families and files of its tasks, its draws and its answers.",
    refuse: ({ run: { header } }) => {
      const { tasks, draw, calibration, answers } = header;
      const unsaid = Object.entries({ draw, calibration, answers }).flatMap(([name, value]) => (value === undefined ? [name] : []));
      const ofTasks = (["family", "editable", "tags"] as const).filter((name) => tasks.some((task) => task[name] === undefined));
      // Old evidence stands under the rules of its time; what is decided now does without nothing that older runs did not say.
      return [...unsaid, ...ofTasks].map((name) => `does not say ${name}: run again with this version`);
    },
  },
];

/** Everything that keeps these capsules out here and now, by name. */
export function forceRefusals(capsules: readonly GateCapsule[], force: Force): readonly Refusal[] {
  return FORCE_RULES.flatMap(({ name, refuse }) =>
    capsules.flatMap((capsule) => refuse(capsule, force).map((message) => ({ name, message: `${capsule.path} ${message}` }))),
  );
}
