// What a run needs and has here: node, toolchain, sandbox, servers, keys and the cache; each missing thing with what gets it.
import { messageOf } from "../../core/base/errors.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { providerOf } from "../../core/router/reflex.ts";
import { SANDBOX_INSTALL, SANDBOX_TIERS } from "../../core/trial/sandbox-tier.ts";
import type { LoadPolicy } from "../../ports/policies.ts";
import type { Environment, Readiness } from "../../ports/servers.ts";
import type { PolicyCandidate, Serving } from "../../ports/serving.ts";
import type { TierReport, Toolchain } from "../../ports/workbench.ts";

export interface DoctorPorts {
  /** `20.19.1`. */
  readonly nodeVersion: string;
  readonly cores: number;
  /** How the program was called. */
  readonly calledAs: string;
  readonly environment: Environment;
  /** Throws `environment` where there is none. */
  readonly findToolchain: (signal: AbortSignal) => Promise<Toolchain & { readonly clippy: boolean }>;
  /** The path of a program, or null. */
  readonly findProgram: (name: string) => Promise<string | null>;
  readonly detectTier: (signal: AbortSignal) => Promise<TierReport>;
  readonly loadPolicy: LoadPolicy;
  readonly serving: (snapshot: PolicySnapshot) => Pick<Serving, "readiness" | "modelReadiness" | "reachable" | "inspectors" | "notebook">;
  /** Aborts after so many milliseconds. */
  readonly after: (ms: number) => AbortSignal;
  readonly cache: BaseStore;
}

/** The cache of prepared bases. */
export interface BaseStore {
  readonly root: string;
  list(): Promise<readonly { readonly bytes: number }[]>;
  /** Removes the bases that were not used for so many days; gives those. */
  prune(days: number): Promise<readonly unknown[]>;
}

export interface DoctorRequest {
  readonly policyFile: string;
  /** Prunes the cache of bases that were not used for so many days; null: of none. */
  readonly pruneDays: number | null;
}

export interface DoctorFinding {
  readonly what: string;
  readonly ok: boolean;
  /** Needed for the embedded candidates, or only for more. */
  readonly needed: boolean;
  readonly found: string;
  readonly fix: string;
}

export interface Diagnosis {
  readonly findings: readonly DoctorFinding[];
  readonly cache: { readonly root: string; readonly entries: number; readonly bytes: number; readonly pruned: number };
  readonly cores: number;
}

/** What a server may take to say what it has loaded. */
const LOADED_MS = 3000;

/** Throws what loading the policy throws; whatever else is missing is a finding. */
export async function examine(ports: DoctorPorts, request: DoctorRequest, signal: AbortSignal): Promise<Diagnosis> {
  const findings = [
    nodeFinding(ports.nodeVersion),
    ...(await rustFindings(ports, signal)),
    ...(await programFindings(ports)),
    sandboxFinding(await ports.detectTier(signal)),
    ...(await policyFindings(ports, await ports.loadPolicy(request.policyFile))),
  ];
  return { findings, cache: await cacheFacts(ports.cache, request.pruneDays), cores: ports.cores };
}

/** Can the embedded candidates be run? */
export const isFit = ({ findings }: Diagnosis): boolean => findings.every(({ ok, needed }) => ok || !needed);

function nodeFinding(version: string): DoctorFinding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const ok = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  return { what: "node", ok, needed: true, found: `v${version}`, fix: "install Node 20.19 or later, or 22.12 or later" };
}

async function rustFindings({ findToolchain }: DoctorPorts, signal: AbortSignal): Promise<readonly DoctorFinding[]> {
  try {
    const { rustc, clippy } = await findToolchain(signal);
    const found = clippy ? "there" : "not there: the SidecarCritic's stand-in has nothing to say";
    return [
      { what: "rustc", ok: true, needed: true, found: rustc, fix: "" },
      { what: "clippy", ok: clippy, needed: false, found, fix: "rustup component add clippy" },
    ];
  } catch (error) {
    return [{ what: "rustc and cargo", ok: false, needed: true, found: messageOf(error), fix: "install Rust with rustup (https://rustup.rs)" }];
  }
}

const PROGRAMS = [
  ["git", "install git (apt-get install git)"],
  ["cc", "install a C linker (apt-get install gcc libc6-dev)"],
] as const;

const programFindings = ({ findProgram }: DoctorPorts): Promise<readonly DoctorFinding[]> =>
  Promise.all(
    PROGRAMS.map(async ([what, fix]): Promise<DoctorFinding> => {
      const path = await findProgram(what);
      return { what, ok: path !== null, needed: true, found: path ?? "not there", fix };
    }),
  );

function sandboxFinding({ tier, layer, notes }: TierReport): DoctorFinding {
  const { isolates: ok, warning } = SANDBOX_TIERS[tier];
  const found = ok
    ? [`${tier}, ${layer}`, ...(warning === null ? [] : [warning])].join("; ")
    : `none works: only embedded candidates run (${notes.join("; ")})`;
  return { what: "sandbox", ok, needed: false, found, fix: SANDBOX_INSTALL };
}

/** What the policy names: candidates' servers, keys, the models behind the roles, the notebook. */
async function policyFindings(ports: DoctorPorts, snapshot: PolicySnapshot): Promise<readonly DoctorFinding[]> {
  const serving = ports.serving(snapshot);
  const [candidates, roles, notebook] = await Promise.all([
    Promise.all(snapshot.candidates.map((candidate) => candidateFinding(ports, serving, candidate))),
    Promise.all(Object.entries(snapshot.policy.roles).map(([role, { model }]) => roleFinding(snapshot, serving, role, model))),
    serving.notebook(),
  ]);
  const notebookFinding = {
    what: "notebook (Tier 2)",
    ok: notebook.port !== null,
    needed: false,
    found: notebook.port === null ? notebook.reason : "answers",
    fix: `start the service at ${snapshot.policy.tier2.endpoint}`,
  };
  return [...candidates, ...keyFindings(snapshot, ports.environment), ...roles, notebookFinding];
}

type DoctorServing = ReturnType<DoctorPorts["serving"]>;

async function candidateFinding({ after, calledAs }: DoctorPorts, serving: DoctorServing, candidate: PolicyCandidate): Promise<DoctorFinding> {
  const now = await serving.readiness(candidate);
  const found = now.ready ? `its server answers${await loadedText(serving, candidate, after(LOADED_MS))}` : now.reason;
  return { what: `candidate ${candidate.name}`, ok: now.ready, needed: false, found, fix: startHint(candidate, now, calledAs) };
}

function startHint({ name, start, vram }: PolicyCandidate, now: Readiness, calledAs: string): string {
  const taken = !now.ready && now.taken;
  const first = taken ? `stop that one first, or give this one a port of its own (endpoint and start in candidates.toml):\n      ` : "";
  const memory = vram === undefined ? "" : `\n      GPU memory: ${vram}`;
  if (start === undefined) return `${first}start its server where it runs, or write start into candidates.toml${memory}`;
  return `${first}${start}${memory}\n      or: ${calledAs} serve ${name}`;
}

/** What the candidate's server says it has loaded. */
async function loadedText({ inspectors }: DoctorServing, candidate: PolicyCandidate, signal: AbortSignal): Promise<string> {
  const provider = providerOf(candidate);
  const inspector = inspectors([provider]).get(provider);
  const said = await inspector?.inspect(signal);
  if (!inspector || !said?.ok) return "";
  const named = inspector.headline.flatMap((name) => (typeof said.facts[name] === "string" ? [`${name} ${said.facts[name]}`] : []));
  return named.length === 0 ? "" : ` (${named.join(", ")})`;
}

function keyFindings({ policy }: PolicySnapshot, environment: Environment): readonly DoctorFinding[] {
  return Object.entries(policy.providers).flatMap(([name, { key_env: key, endpoint }]): readonly DoctorFinding[] => {
    if (key === undefined) return [];
    const ok = Boolean(environment[key]);
    return [{ what: `key of ${name}`, ok, needed: false, found: `${key} is ${ok ? "" : "not "}set, for ${endpoint}`, fix: `export ${key}=…` }];
  });
}

/** Who plays a role, and whether its provider really serves it with the key that is there. */
async function roleFinding({ policy }: PolicySnapshot, serving: DoctorServing, role: string, alias: string): Promise<DoctorFinding> {
  const { provider = "", model = "" } = policy.models[alias] ?? {};
  const { endpoint = "", key_env: key = "" } = policy.providers[provider] ?? {};
  const finding = { what: `role ${role}`, needed: false };
  if (!serving.reachable(alias)) return { ...finding, ok: false, found: `${alias}: no key, an embedded stand-in plays`, fix: `export ${key}=…` };
  const now = await serving.modelReadiness(alias, LOADED_MS);
  const found = now.ready ? `${alias}: ${provider} serves ${model}` : `${alias}: ${now.reason}`;
  return { ...finding, ok: now.ready, found, fix: `calls to ${endpoint} would fail: see to its key and its models, or change [models] in the policy` };
}

async function cacheFacts(cache: BaseStore, pruneDays: number | null): Promise<Diagnosis["cache"]> {
  const pruned = pruneDays === null ? [] : await cache.prune(pruneDays);
  const entries = await cache.list();
  return { root: cache.root, entries: entries.length, bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0), pruned: pruned.length };
}
