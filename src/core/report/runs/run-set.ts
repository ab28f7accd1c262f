// Several runs as one: one header, the epochs of a candidate counted on from run to run, and what keeps runs from being taken together.
import type { EventLine, Header, TaskFacts } from "../../capsule/line.ts";
import type { RunRecord, TrialRecord } from "../../capsule/record.ts";
import { setName } from "../../capsule/set-name.ts";
import { alike, type Refusal, refusalsBy, SET_RULES, type SetMember, type SetRule } from "../../gate/set-rules.ts";

/** Beside what a gate asks: what every rate of a report rests on. */
const RULES: readonly SetRule[] = [
  ...SET_RULES,
  {
    name: "other-roles",
    sentence: "The same models, or the same stand-ins, played the roles.",
    refuse: alike("roles", ({ bindings }) => rolesText(bindings), "take them one by one"),
  },
  {
    name: "other-verification",
    sentence: "Attempts were asked for and verified in one way.",
    refuse: alike(
      "verification",
      ({ verification = "one build", capability, answers = "narrow" }) => `${verification}${capability ? ", capability" : ""}, answers read ${answers}`,
      "take them one by one",
    ),
  },
];

const rolesText = (bindings: Header["bindings"]): string =>
  Object.entries(bindings)
    .map(([role, { provider, model, standIn }]) => `${role} ${standIn ?? `${provider}/${model}`}`)
    .join(", ");

/** Everything that keeps these runs from being reported as one, by name. */
export const setRefusals = (members: readonly SetMember[]): readonly Refusal[] => refusalsBy(RULES, members, []);

/** A trial of one of the runs. */
export interface MemberTrial {
  /** The run's number in the set. */
  readonly member: number;
  /** The trial's id there. */
  readonly id: string;
}

/** Runs that no rule keeps apart, in the order in which they began. */
export class RunSet {
  readonly header: Header;
  /** By run: how many epochs of a candidate the runs before hold. */
  private readonly before: readonly ReadonlyMap<string, number>[];
  private readonly members: readonly Header[];
  private readonly order: ReadonlyMap<string, number>;

  constructor(members: readonly [Header, ...Header[]]) {
    this.members = members;
    this.before = members.map((_, index) => epochsOf(members.slice(0, index)));
    this.header = setHeader(members);
    this.order = new Map([...this.header.tasks.map(({ id }) => id), ...this.header.candidates.map(({ name }) => name)].map((name, index) => [name, index]));
  }

  /** Trials of one run, as they are called in the set. */
  trialsOf(member: number, trials: readonly TrialRecord[]): readonly TrialRecord[] {
    return trials.map((trial) => {
      const epoch = trial.epoch + (this.before[member]?.get(trial.candidate) ?? 0);
      return { ...trial, epoch, id: `${trial.candidate}/${trial.task.id}/${epoch}` };
    });
  }

  /** Where a trial of the set lies; null for an id that none of them has. */
  memberTrial(id: string): MemberTrial | null {
    const [, candidate = "", task = "", words = ""] = /^(.+)\/([^/]+)\/([1-9]\d{0,5})$/.exec(id) ?? [];
    const found = this.members.findLastIndex((own, index) => holds(own, candidate) && Number(words) > (this.before[index]?.get(candidate) ?? 0));
    const epoch = Number(words) - (this.before[found]?.get(candidate) ?? 0);
    const own = this.members[found];
    return own === undefined || epoch > own.epochs ? null : { member: found, id: `${candidate}/${task}/${epoch}` };
  }

  /** The trial that the set calls so; `read`: one of a run, by the id that it has there. Null where none has it. */
  trial(id: string, read: (of: MemberTrial) => TrialRecord | null): TrialRecord | null {
    const found = this.memberTrial(id);
    const trial = found === null ? null : read(found);
    return found === null || trial === null ? null : (this.trialsOf(found.member, [trial])[0] ?? null);
  }

  /** As one run's are: by epoch, task and candidate. */
  inOrder(trials: readonly TrialRecord[]): readonly TrialRecord[] {
    const place = (name: string): number => this.order.get(name) ?? 0;
    return trials.toSorted((a, b) => a.epoch - b.epoch || place(a.task.id) - place(b.task.id) || place(a.candidate) - place(b.candidate));
  }
}

/** The runs' records as one; in the order of the set. */
export function setRecord(set: RunSet, records: readonly RunRecord[]): RunRecord {
  return {
    header: set.header,
    trials: set.inOrder(records.flatMap(({ trials }, member) => set.trialsOf(member, trials))),
    runEvents: records.flatMap(({ runEvents }) => runEvents),
    // Each run's plants are told apart from the others', though their ids may be the same.
    calibration: records.flatMap(({ calibration }, member) => calibration.map((line): EventLine => ({ ...line, trial: `${line.trial ?? ""}~${member + 1}` }))),
  };
}

const holds = ({ candidates }: Header, candidate: string): boolean => candidates.some(({ name }) => name === candidate);

function epochsOf(headers: readonly Header[]): ReadonlyMap<string, number> {
  const epochs = new Map<string, number>();
  for (const own of headers) for (const { name } of own.candidates) epochs.set(name, (epochs.get(name) ?? 0) + own.epochs);
  return epochs;
}

/** What differs from run to run is the newest's; what was left out of one and tried in another was not left out. */
function setHeader(members: readonly [Header, ...Header[]]): Header {
  const newest = members.at(-1) ?? members[0];
  const candidates = [...new Map(members.flatMap((own) => own.candidates.map((candidate) => [candidate.name, candidate] as const))).values()];
  const tasks = [...new Map(members.flatMap((own) => own.tasks.map((task): [string, TaskFacts] => [task.id, task]))).values()];
  const { draw: _, registration: __, turns: ___, ...shared } = newest;
  return {
    ...shared,
    run_id: setName(members.map(({ run_id: id }) => id)),
    created_at: members[0].created_at,
    tasks,
    candidates,
    epochs: Math.max(...epochsOf(members).values()),
    left_out: [...new Map(members.flatMap((own) => own.left_out.map((out) => [out.name, out] as const))).values()].filter(
      ({ name }) => !candidates.some((candidate) => candidate.name === name),
    ),
    warnings: warningsOf(members),
  };
}

function warningsOf(members: readonly Header[]): string[] {
  const all = [...new Set(members.flatMap(({ warnings }) => warnings))];
  return all.map((warning) => {
    const of = members.filter(({ warnings }) => warnings.includes(warning));
    return of.length === members.length ? warning : `${of.map(({ run_id: id }) => id).join(", ")}: ${warning}`;
  });
}
