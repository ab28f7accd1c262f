// A run as Harbor keeps one of its own jobs: a folder with its result, and a folder a trial with what its verifier gave.
import { sha256 } from "../../base/canonical.ts";
import type { Header } from "../../capsule/line.ts";
import { groupBy } from "../../metrics/summary/rate.ts";
import { sumUnlessUnknown } from "../../metrics/summary/trial.ts";
import type { ReportedTrial, ReportSource } from "../source.ts";
import { gitPatch } from "../trial/patch.ts";
import { fileNamePart } from "./file-name.ts";
import { jsonReport } from "./json.ts";
import type { ReportFile } from "./registry.ts";

/** Its verifier's only reward, as `tests/test.sh` of an exported task writes it. */
const REWARD = "reward";

interface HarborTrial {
  readonly name: string;
  readonly passed: boolean | null;
  readonly files: readonly ReportFile[];
  readonly agentKey: string;
}

/** Trials whose slot was not tried are none of Harbor's: no agent was asked. */
export function harborJob(source: ReportSource): readonly ReportFile[] {
  const { run, identity } = source.model;
  const folder = `harbor/${fileNamePart(run.id)}`;
  const trials = [...source.trials()]
    .filter(({ page }) => page.attempts.some(({ kind }) => kind === "slot"))
    .map((trial) => harborTrial(trial, source, folder));
  const agents = source.model.summary.candidates.map(({ name, model }) => ({ name, model_name: model }));
  const datasets = [{ path: tasksFolder(source) }];
  return [
    { file: `${folder}/config.json`, content: jsonReport({ job_name: fileNamePart(run.id), n_attempts: identity.epochs, agents, datasets }) },
    { file: `${folder}/result.json`, content: jsonReport(jobResult(source, trials)) },
    ...trials.flatMap(({ files }) => files),
  ];
}

/** Where `suite export --format harbor` writes its tasks. */
const tasksFolder = ({ model }: ReportSource): string => `exports/${fileNamePart(model.identity.suite.name)}`;

/** Source: harbor/models/job/result.py, class JobResult. */
function jobResult({ model, sealedAt }: ReportSource, trials: readonly HarborTrial[]): object {
  const ended = sealedAt ?? model.run.createdAt;
  const errors = trials.filter(({ passed }) => passed === null).length;
  return {
    id: uuidOf(model.run.id),
    started_at: model.run.createdAt,
    updated_at: ended,
    finished_at: sealedAt,
    n_total_trials: trials.length,
    stats: {
      n_completed_trials: trials.length,
      n_errored_trials: errors,
      evals: Object.fromEntries([...groupBy(trials, ({ agentKey }) => agentKey)].map(([key, own]) => [key, evalOf(own)])),
    },
  };
}

/** Source: the same, class AgentDatasetStats. */
function evalOf(trials: readonly HarborTrial[]): object {
  const judged = trials.filter(({ passed }) => passed !== null);
  const lost = trials.filter(({ passed }) => passed === null);
  const of = (wanted: boolean): readonly string[] => judged.filter(({ passed }) => passed === wanted).map(({ name }) => name);
  const stats = Object.entries({ 0: of(false), 1: of(true) }).filter(([, names]) => names.length > 0);
  return {
    n_trials: judged.length,
    n_errors: lost.length,
    metrics: judged.length === 0 ? [] : [{ mean: of(true).length / judged.length }],
    reward_stats: judged.length === 0 ? {} : { [REWARD]: Object.fromEntries(stats) },
    exception_stats: lost.length === 0 ? {} : { [NOT_JUDGED]: lost.map(({ name }) => name) },
  };
}

const NOT_JUDGED = "NotJudged";

function harborTrial(trial: ReportedTrial, source: ReportSource, job: string): HarborTrial {
  const { row } = trial;
  const candidate = source.model.summary.candidates.find(({ name }) => name === row.candidate);
  const name = `${fileNamePart(row.task)}__${fileNamePart(row.candidate)}__${row.epoch}`;
  const folder = `${job}/${name}`;
  const agent = { name: row.candidate, model_name: candidate?.model ?? null };
  const config = { task: { path: `${tasksFolder(source)}/${fileNamePart(row.task)}`, source: source.model.identity.suite.name }, trial_name: name, agent };
  const patch = patchOf(trial);
  return {
    name,
    passed: row.slotPass,
    agentKey: `${row.candidate}__${candidate?.model ?? ""}__${source.model.identity.suite.name}`,
    files: [
      { file: `${folder}/config.json`, content: jsonReport(config) },
      { file: `${folder}/result.json`, content: jsonReport(trialResult(trial, source, { name, config, provider: candidate?.provider ?? null })) },
      ...(row.slotPass === null ? [] : [{ file: `${folder}/verifier/reward.txt`, content: row.slotPass ? "1\n" : "0\n" }]),
      { file: `${folder}/verifier/test-stdout.txt`, content: `${verdictLine(trial)}\n` },
      ...(patch === null ? [] : [{ file: `${folder}/artifacts/patch.diff`, content: patch }]),
    ],
  };
}

/** What the last attempt of the slot came to, as people read it. */
function verdictLine({ page }: ReportedTrial): string {
  const verdict = page.attempts.findLast(({ kind }) => kind === "slot")?.verdict;
  if (verdict === undefined) return "the slot made no attempt";
  return verdict.detail === "" ? verdict.status : `${verdict.status}: ${verdict.detail}`;
}

/** Null where the capsule can't tell it. */
function patchOf({ page }: ReportedTrial): string | null {
  const last = page.attempts.findLast(({ kind }) => kind === "slot");
  const patch = last && last.patch.refused === null ? gitPatch(last.patch.files) : { text: "" };
  return "missing" in patch ? null : patch.text;
}

interface TrialNames {
  readonly name: string;
  readonly config: {
    readonly task: { readonly path: string; readonly source: string };
    readonly agent: { readonly name: string; readonly model_name: string | null };
  };
  readonly provider: string | null;
}

/** Source: harbor/models/trial/result.py, class TrialResult. */
function trialResult({ row, page }: ReportedTrial, { model, record }: ReportSource, { name, config, provider }: TrialNames): object {
  const [first, last] = [page.events[0], page.events.at(-1)];
  const judged = row.slotPass !== null;
  return {
    id: uuidOf(`${model.run.id} ${page.id}`),
    task_name: row.task,
    trial_name: name,
    trial_uri: first?.uri ?? "",
    task_id: { path: config.task.path },
    source: config.task.source,
    task_checksum: digestOf(record.header, row.task),
    config,
    agent_info: {
      name: row.candidate,
      version: model.identity.bakeoffVersion,
      model_info: config.agent.model_name === null ? null : { name: config.agent.model_name, provider },
    },
    agent_result: agentResult(row, page),
    verifier_result: judged ? { rewards: { [REWARD]: Number(row.slotPass) } } : null,
    verifier_environment_mode: "separate",
    exception_info: judged ? null : notJudged(row, last?.timestamp ?? model.run.createdAt),
    started_at: first?.timestamp ?? null,
    finished_at: last?.timestamp ?? null,
  };
}

/** Of the candidate's own attempts: the answers that counted, and what all tries cost. */
function agentResult(row: ReportedTrial["row"], page: ReportedTrial["page"]): object {
  const calls = page.attempts.filter(({ kind }) => kind === "slot").map(({ call }) => call);
  return {
    n_input_tokens: sumUnlessUnknown(calls.map(({ tokens }) => tokens.prompt)),
    n_cache_tokens: sumUnlessUnknown(calls.map(({ tokens }) => tokens.cached)),
    n_output_tokens: sumUnlessUnknown(calls.map(({ tokens }) => tokens.response)),
    cost_usd: row.slotCostUsd,
    metadata: { trial: page.id, verdicts: row.slotVerdicts, risk: row.risk, family: row.family, unlock: row.unlock },
  };
}

const notJudged = ({ standing, why }: ReportedTrial["row"], at: string): object => ({
  exception_type: NOT_JUDGED,
  exception_message: why ?? standing,
  exception_traceback: "",
  occurred_at: at,
});

const digestOf = ({ tasks }: Pick<Header, "tasks">, task: string): string => tasks.find(({ id }) => id === task)?.digest ?? "";

/** Of a name, the same each time: version 8 of RFC 9562, whose bits are the writer's own. */
function uuidOf(name: string): string {
  const hash = sha256(`harbor ${name}`);
  return [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`, `8${hash.slice(17, 20)}`, hash.slice(20, 32)].join("-");
}
