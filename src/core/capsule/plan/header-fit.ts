// A header held against its suite and its policy: what tasks are, which of them the seed draws, and who may play.
import { canonicalJson } from "../../base/canonical.ts";
import { createRandom } from "../../base/random.ts";
import { isEmbedded } from "../../policy/rules/rules.ts";
import type { PolicySnapshot } from "../../policy/snapshot.ts";
import { providerOf } from "../../router/reflex.ts";
import { EMBEDDED_PROVIDER, EXTERNAL_PROVIDER } from "../../trial/command.ts";
import { POLICY_ROUTE } from "../../trial/plan.ts";
import { brokenTree, isImpossible, mayEdit, type Suite, type Task } from "../../suite/suite.ts";
import type { Header, TaskFacts } from "../line.ts";

/** A task as a header tells it. */
export function taskFactsOf(task: Task): TaskFacts {
  return {
    id: task.id,
    kind: task.kind,
    risk: task.risk,
    area: task.area,
    error_codes: [...task.errorCodes],
    tags: [...task.tags],
    // What the policy's high-risk paths are held against: the files of the broken tree that a patch may change.
    editable: [...brokenTree(task).keys()].filter(mayEdit(task)).toSorted(),
    ...(isImpossible(task) ? { impossible: true as const } : {}),
    family: task.family,
    digest: task.digest,
  };
}

/** Which tasks a run takes: those that were named, else all; of these so many as the seed draws, in the suite's order. */
export interface TaskDraw {
  /** Null: all. */
  readonly tasks: readonly string[] | null;
  /** Null: as many as there are. */
  readonly limit: number | null;
  readonly seed: number;
}

export function drawnTasks(suite: Pick<Suite, "tasks">, { tasks, limit, seed }: TaskDraw): readonly Task[] {
  const asked = suite.tasks.filter(({ id }) => tasks === null || tasks.includes(id));
  if (limit === null) return asked;
  const drawn = new Set(createRandom(seed).shuffle(asked).slice(0, limit));
  return asked.filter((task) => drawn.has(task));
}

/** What a header says otherwise than the policy that it names. */
export function playerFaults(
  { candidates, bindings, external, reflex_max_attempts: attempts }: Header,
  { policy, candidates: known }: PolicySnapshot,
): readonly string[] {
  const roles = { architect: "architect", implementer: "implementer", judge: "judge", sidecarCritic: "sidecar_critic" } as const;
  return [
    ...(attempts === policy.reflex.max_attempts ? [] : [`it grants ${attempts} reflex attempts, and the policy ${policy.reflex.max_attempts}`]),
    ...Object.entries(roles).flatMap(([member, role]) => {
      const { provider, model, standIn } = bindings[member as keyof typeof roles];
      const wanted = policy.roles[role].model;
      if (model !== wanted) return [`it has ${model} for the ${role}, and the policy ${wanted}`];
      const served = policy.models[wanted]?.provider;
      return standIn !== null || provider === served ? [] : [`it has the ${role} served by ${provider}, and the policy by ${served ?? "nobody"}`];
    }),
    ...candidates.flatMap((candidate) =>
      isKnown(candidate, { own: policy.reflex.candidate, known, agent: external?.agent ?? null })
        ? []
        : [`its candidate ${candidate.name} is none that the policy knows so`],
    ),
  ];
}

interface KnownPlayers {
  /** The policy's reflex candidate. */
  readonly own: string;
  readonly known: PolicySnapshot["candidates"];
  /** Who made the patches that the run only verified; null: it was a run of models. */
  readonly agent: string | null;
}

function isKnown({ name, provider, model }: Header["candidates"][number], { own, known, agent }: KnownPlayers): boolean {
  // What was made elsewhere is beside nobody: a run of models and patches together would compare unlike things.
  if (agent !== null || provider === EXTERNAL_PROVIDER) return provider === EXTERNAL_PROVIDER && name === agent && model === agent;
  if (provider === EMBEDDED_PROVIDER) return name === model && isEmbedded(name);
  if (provider === POLICY_ROUTE) return name === POLICY_ROUTE && model === own;
  return known.some((one) => one.name === name && one.model === model && providerOf(one) === provider);
}

/** What a header says otherwise than the suite of its root does. Members that older runs did not write are not asked for. */
export function headerFaults(header: Header, suite: Suite): readonly string[] {
  const known = new Map(suite.tasks.map((task) => [task.id, task]));
  const { name, version } = header.suite;
  return [
    ...(name === suite.name && version === suite.version ? [] : [`it calls the suite ${name} ${version}, and it is ${suite.name} ${suite.version}`]),
    ...header.tasks.flatMap((told) => taskFault(told, known.get(told.id)) ?? []),
    ...(drawFault(header, suite) ?? []),
  ];
}

function taskFault(told: TaskFacts, task: Task | undefined): readonly string[] | null {
  if (task === undefined) return [`it tells of a task ${told.id}, which the suite does not have`];
  if ((told.impossible ?? false) !== isImpossible(task)) return [`it tells otherwise of task ${told.id} than the suite whether it can be solved`];
  const own = Object.entries(taskFactsOf(task));
  const [wrong] = own.find(([key, value]) => key in told && canonicalJson(told[key as keyof TaskFacts]) !== canonicalJson(value)) ?? [];
  return wrong === undefined ? null : [`it tells another ${wrong} of task ${told.id} than the suite`];
}

function drawFault({ tasks, draw, seed }: Header, suite: Suite): readonly string[] | null {
  if (draw === undefined) return null;
  const drawn = drawnTasks(suite, { ...draw, seed }).map(({ id }) => id);
  const told = tasks.map(({ id }) => id);
  // Under the last good policy high-risk tasks are refused: what is left is a part of what was drawn.
  const same = draw.refused_high_risk ? told.every((id) => drawn.includes(id)) : drawn.length === told.length && drawn.every((id, index) => id === told[index]);
  return same ? null : ["its tasks are not those that its seed draws from the suite"];
}
