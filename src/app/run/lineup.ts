// Who plays in a run: the candidates, the models behind the other roles, and the embedded stand-ins where none is there.
import { POLICY_ROUTE } from "../../core/trial/plan.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { EMBEDDED, EMBEDDED_ON_REQUEST } from "../../core/policy/rules/rules.ts";
import type { WrittenCandidates, WrittenPolicy } from "../../core/policy/schema.ts";
import type { Binding, Bindings } from "../../core/trial/command.ts";
import { providerOf } from "../../core/router/reflex.ts";
import { nearest } from "../../core/base/nearest.ts";
import { EMBEDDED_PROVIDER } from "../../core/trial/command.ts";
import type { Readiness } from "../../ports/servers.ts";
import type { PolicyCandidate } from "../../ports/serving.ts";
import { type Turn, turnsOf } from "../../core/policy/turns.ts";
import { isTierAtLeast, SANDBOX_INSTALL, SANDBOX_TIERS, type SandboxTier } from "../../core/trial/sandbox-tier.ts";

export interface LineUp {
  readonly candidates: readonly { readonly name: string; readonly provider: string; readonly model: string }[];
  readonly bindings: Bindings;
  /** Candidates whose servers the run starts itself, in turn. */
  readonly turns?: readonly Turn[];
  /** What the servers of those that answer take of prompt and answer, in tokens, where they say. */
  readonly contexts?: ReadonlyMap<string, number>;
  /** Candidates of the policy that were not asked for by name and can't be reached. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string; readonly start: string }[];
}

export interface LineUpNeeds {
  readonly policy: WrittenPolicy;
  readonly candidates: WrittenCandidates["candidate"];
  /** Null: all embedded ones, and those whose server answers. */
  readonly requested: readonly string[] | null;
  /** Does the candidate's server serve it now? */
  readonly readiness: (candidate: PolicyCandidate) => Promise<Readiness>;
  /** The servers that the run may start: why one can't be started here, or null; and the seed of their order. Absent: it starts none. */
  readonly starting?: { readonly obstacle: (candidate: PolicyCandidate) => Promise<BakeoffError | null>; readonly seed: number };
  /** Can a policy model be reached: is its provider's key there? */
  readonly reachable: (alias: string) => boolean;
}

/** Throws `usage` for an unknown name, `environment` for a named candidate whose server does not answer. */
export async function lineUp(needs: LineUpNeeds): Promise<LineUp> {
  const usual = [...EMBEDDED, ...needs.candidates.map(({ name }) => name)];
  const known = [...usual, ...EMBEDDED_ON_REQUEST, POLICY_ROUTE];
  for (const name of needs.requested ?? []) {
    if (!known.includes(name)) throw new BakeoffError("usage", `no candidate ${name}`, `did you mean ${nearest(name, known).join(" or ")}?`);
  }
  if (needs.candidates.some(({ name }) => name === POLICY_ROUTE))
    throw new BakeoffError("usage", `candidates.toml has a candidate named ${POLICY_ROUTE}, which stands for the policy itself`, "choose another name for it");
  const asked = new Set(needs.requested ?? usual);
  const probed = await Promise.all(needs.candidates.filter(({ name }) => asked.has(name)).map((candidate) => lookAt(candidate, needs)));
  const absent = probed.flatMap(({ candidate, now, toStart }) =>
    now.ready || toStart ? [] : [{ name: candidate.name, reason: now.reason, start: howToStart(candidate) }],
  );
  const missing = needs.requested === null ? undefined : absent[0];
  if (missing) throw new BakeoffError("environment", `${missing.name} can't be reached: ${missing.reason}`, `start it: ${missing.start}`);
  const present = probed
    .filter(({ now, toStart }) => now.ready || toStart)
    .map(({ candidate }) => ({ name: candidate.name, provider: providerOf(candidate), model: candidate.model }));
  const embedded = [...EMBEDDED, ...EMBEDDED_ON_REQUEST].filter((name) => asked.has(name)).map((name) => ({ name, provider: EMBEDDED_PROVIDER, model: name }));
  const own = asked.has(POLICY_ROUTE) ? [{ name: POLICY_ROUTE, provider: POLICY_ROUTE, model: needs.policy.reflex.candidate }] : [];
  const started = probed.filter(({ toStart }) => toStart).map(({ candidate }) => candidate);
  const turns = needs.starting === undefined ? [] : turnsOf(started, needs.policy.providers, needs.starting.seed);
  const contexts = new Map(
    probed.flatMap(({ candidate, now }) => (now.ready && now.contextTokens !== null ? [[candidate.name, now.contextTokens] as const] : [])),
  );
  return { candidates: [...embedded, ...present, ...own], leftOut: absent, contexts, turns, bindings: bindingsOf(needs) };
}

interface Probed {
  readonly candidate: PolicyCandidate;
  readonly now: Readiness;
  /** Its server is not there, and can be started. */
  readonly toStart: boolean;
}

/** A server that can't be started is not there for that reason. */
async function lookAt(candidate: PolicyCandidate, { readiness, starting, requested }: LineUpNeeds): Promise<Probed> {
  const now = await readiness(candidate);
  if (now.ready || now.taken || starting === undefined) return { candidate, now, toStart: false };
  const obstacle = await starting.obstacle(candidate);
  if (obstacle === null) return { candidate, now, toStart: true };
  if (requested !== null) throw obstacle;
  return { candidate, now: { ...now, reason: obstacle.message }, toStart: false };
}

/** What a person is told to do about a candidate's server that is not there. */
const howToStart = ({ name, start }: PolicyCandidate): string => start ?? `candidates.toml has no start line for ${name}: start its server where it runs`;

/** Which embedded part stands in for which role. */
export const STAND_INS = { architect: "oracle", implementer: "oracle", judge: "test-verdict", sidecar_critic: "clippy" } as const;

export function bindingsOf(
  { policy, reachable }: Pick<LineUpNeeds, "policy" | "reachable">,
  standIns: Readonly<Record<keyof typeof STAND_INS, string>> = STAND_INS,
): Bindings {
  const bind = (role: keyof typeof STAND_INS): Binding => {
    const { model } = policy.roles[role];
    if (reachable(model)) return { provider: policy.models[model]?.provider ?? "", model, standIn: null };
    return { provider: EMBEDDED_PROVIDER, model, standIn: standIns[role] };
  };
  return {
    architect: bind("architect"),
    implementer: bind("implementer"),
    judge: bind("judge"),
    sidecarCritic: bind("sidecar_critic"),
    notebook: { provider: "notebooklm", model: policy.tier2.notebook, standIn: null },
  };
}

/**
 * Refuses to run code that a model wrote without a sandbox, and whatever it is in a worse one than `required`; embedded candidates may
 * run without one, with a warning. Null: any sandbox will do.
 */
export function checkSandbox(tier: SandboxTier, playing: LineUp, required: SandboxTier | null): readonly string[] {
  const { isolates, warning } = SANDBOX_TIERS[tier];
  if (required !== null && !isTierAtLeast(tier, required))
    throw new BakeoffError(
      "environment",
      `the best sandbox that works here is ${tier}, and ${required} is required`,
      `bakeoff doctor says why; or ${SANDBOX_INSTALL}`,
    );
  const warnings = warning === null ? [] : [warning];
  if (isolates) return warnings;
  const { architect, implementer } = playing.bindings;
  const strangers = [...playing.candidates, architect, implementer].filter(({ provider }) => provider !== EMBEDDED_PROVIDER);
  if (strangers.length === 0) return warnings;
  throw new BakeoffError(
    "environment",
    `no sandbox works here, so code that a model wrote (${strangers.map(({ model }) => model).join(", ")}) is not run`,
    `${SANDBOX_INSTALL}; or run only embedded candidates, without a cloud key`,
  );
}
