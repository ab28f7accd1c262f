// `bakeoff doctor`: what is there, what is missing, and the line that gets it.
import { messageOf } from "../../core/base/errors.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { providerOf } from "../../core/router/reflex.ts";
import { baseCache, clock, cores, world } from "../../app/compose.ts";
import { calledAs, defaultPolicy } from "../../app/places.ts";
import { outInk } from "../text/ink.ts";

const LOADED_MS = 3000;

interface DoctorOptions {
  readonly policy?: string;
  readonly prune?: number;
  readonly json: boolean;
}

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  /** Needed for the embedded candidates, or only for more. */
  readonly needed: boolean;
  readonly found: string;
  readonly fix: string;
}

export async function doctor(options: DoctorOptions): Promise<number> {
  const { signal } = new AbortController();
  const findings = [nodeFinding(), ...(await toolFindings(signal)), await sandboxFinding(signal), ...(await serverFindings(options.policy ?? defaultPolicy()))];
  const cache = await cacheFacts(options.prune ?? null);
  if (options.json) process.stdout.write(`${JSON.stringify({ findings, cache, cores: cores() }, null, 2)}\n`);
  else {
    for (const finding of findings) process.stdout.write(line(finding));
    process.stdout.write(
      `${outInk.dim("·")} cache: ${cache.entries} prepared bases, ${megabytes(cache.bytes)} in ${cache.root}${cache.pruned > 0 ? `; pruned ${cache.pruned}` : ""}\n`,
    );
  }
  return findings.some(({ ok, needed }) => needed && !ok) ? 4 : 0;
}

function line({ what, ok, needed, found, fix }: Finding): string {
  const mark = ok ? outInk.green("✓") : needed ? outInk.red("✗") : outInk.yellow("–");
  return `${mark} ${what}: ${found}${ok || fix === "" ? "" : `\n    → ${fix}`}\n`;
}

function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  return { what: "node", ok, needed: true, found: process.version, fix: "install Node 20.19 or later, or 22.12 or later" };
}

async function toolFindings(signal: AbortSignal): Promise<Finding[]> {
  const rust = await world.findToolchain("/", signal).then(
    (toolchain): Finding[] => [
      { what: "rustc", ok: true, needed: true, found: toolchain.rustc, fix: "" },
      {
        what: "clippy",
        ok: toolchain.clippy,
        needed: false,
        found: toolchain.clippy ? "there" : "not there: the SidecarCritic's stand-in has nothing to say",
        fix: "rustup component add clippy",
      },
    ],
    (error): Finding[] => [{ what: "rustc and cargo", ok: false, needed: true, found: messageOf(error), fix: "install Rust with rustup (https://rustup.rs)" }],
  );
  const programs = [
    ["git", "install git (apt-get install git)"],
    ["cc", "install a C linker (apt-get install gcc libc6-dev)"],
  ] as const;
  const others = programs.map(async ([what, fix]): Promise<Finding> => {
    const path = await world.findProgram(what);
    return { what, ok: path !== null, needed: true, found: path ?? "not there", fix };
  });
  return [...rust, ...(await Promise.all(others))];
}

async function sandboxFinding(signal: AbortSignal): Promise<Finding> {
  const { tier, layer, notes } = await world.detectTier(clock, signal, null);
  const fix = "install bubblewrap (apt-get install bubblewrap), or allow user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns=0)";
  const found = tier === "none" ? `none works: only embedded candidates run (${notes.join("; ")})` : `${tier}, ${layer}`;
  return { what: "sandbox", ok: tier !== "none", needed: false, found, fix };
}

async function serverFindings(policyFile: string): Promise<Finding[]> {
  const snapshot = await world.loadPolicy(policyFile, clock.wall());
  const candidates = snapshot.candidates.map(async (candidate): Promise<Finding> => {
    const there = await world.readiness(snapshot)(candidate);
    const vram = candidate.vram === undefined ? "" : `\n      GPU memory: ${candidate.vram}`;
    return {
      what: `candidate ${candidate.name}`,
      ok: there.ready,
      needed: false,
      found: there.ready ? `its server answers${await loadedText(snapshot, candidate)}` : there.reason,
      fix: `${there.ready || !there.taken ? "" : `stop that one first, or give this one a port of its own (endpoint and start in candidates.toml):\n      `}${candidate.start}${vram}\n      or: ${calledAs()} serve ${candidate.name}`,
    };
  });
  const providers = Object.entries(snapshot.policy.providers).flatMap(([name, { key_env: key, endpoint }]): Finding[] =>
    key === undefined
      ? []
      : [
          {
            what: `key of ${name}`,
            ok: process.env[key] !== undefined && process.env[key] !== "",
            needed: false,
            found: process.env[key] ? `${key} is set, for ${endpoint}` : `${key} is not set, for ${endpoint}`,
            fix: `export ${key}=…`,
          },
        ],
  );
  const roles = Object.entries(snapshot.policy.roles).map(([role, { model }]) => roleFinding(snapshot, role, model));
  const notebook = await world.notebook(snapshot);
  const tier2: Finding = {
    what: "notebook (Tier 2)",
    ok: notebook.port !== null,
    needed: false,
    found: notebook.port === null ? notebook.reason : "answers",
    fix: `start the service at ${snapshot.policy.tier2.endpoint}`,
  };
  return [...(await Promise.all(candidates)), ...providers, ...(await Promise.all(roles)), tier2];
}

/** Who plays a role, and whether its provider really serves it with the key that is there. */
async function roleFinding(snapshot: PolicySnapshot, role: string, alias: string): Promise<Finding> {
  const { provider = "", model = "" } = snapshot.policy.models[alias] ?? {};
  const { endpoint = "", key_env: key = "" } = snapshot.policy.providers[provider] ?? {};
  const finding = { what: `role ${role}`, needed: false };
  if (!world.reachable(snapshot)(alias)) return { ...finding, ok: false, found: `${alias}: no key, an embedded stand-in plays`, fix: `export ${key}=…` };
  const why = await world.unserved(snapshot, LOADED_MS)(alias);
  const found = why === null ? `${alias}: ${provider} serves ${model}` : `${alias}: ${why}`;
  return { ...finding, ok: why === null, found, fix: `calls to ${endpoint} would fail: see to its key and its models, or change [models] in the policy` };
}

/** What the candidate's server says it has loaded. */
async function loadedText(snapshot: PolicySnapshot, candidate: PolicySnapshot["candidates"][number]): Promise<string> {
  const provider = providerOf(candidate);
  const said = await world.servers(snapshot, [provider]).get(provider)?.inspect(AbortSignal.timeout(LOADED_MS));
  if (!said?.ok) return "";
  const named = ["model_path", "quantization", "version"].flatMap((name) => (typeof said.facts[name] === "string" ? [`${name} ${said.facts[name]}`] : []));
  return named.length === 0 ? "" : ` (${named.join(", ")})`;
}

async function cacheFacts(pruneDays: number | null) {
  const cache = baseCache();
  const pruned = pruneDays === null ? [] : await cache.prune(new Date(Date.now() - pruneDays * 86_400_000));
  const entries = await cache.list();
  return { root: cache.root, entries: entries.length, bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0), pruned: pruned.length };
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
