// `bakeoff gate`: may a candidate take the incumbent's place; registering that question before; checking the answer after.
import { join, relative } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { clock, world } from "../../app/compose.ts";
import { gateExitCode, gatesFolder, writeGate } from "../../app/gate/output.ts";
import { runGate } from "../../app/gate/session.ts";
import { checkDecision } from "../../app/gate/verify.ts";
import { registerGate } from "../../app/gate/register.ts";
import { calledAs, defaultPolicy, quoted } from "../../app/places.ts";

interface GateOptions {
  readonly candidate: readonly string[];
  readonly incumbent?: string;
  readonly capsule?: readonly string[];
  readonly registration?: string;
  readonly key?: string;
  readonly override?: string;
  readonly by?: string;
  readonly junit?: string;
  readonly json: boolean;
}

export async function gate(options: GateOptions): Promise<number> {
  const key = await world.loadSigningKey(options.key ?? null);
  const override = overrideOf(options, key !== null);
  const documents = await runGate({
    candidates: [...new Set(options.candidate)],
    incumbent: options.incumbent ?? null,
    capsules: options.capsule ?? [],
    registration: options.registration ?? null,
    trusted: key === null ? [] : [key.publicKey],
    override,
    alpha: null,
    look: null,
  });
  const paths = await writeGate(documents, { json: options.json, junit: options.junit ?? null, key });
  for (const path of paths)
    process.stderr.write(`\nDecision: ${relative(process.cwd(), path)}   Check it: ${calledAs()} gate verify ${quoted(relative(process.cwd(), path))}\n`);
  return gateExitCode(documents);
}

function overrideOf({ override, by }: GateOptions, hasKey: boolean): { by: string; reason: string } | null {
  if (override === undefined && by === undefined) return null;
  if (!override?.trim() || !by?.trim()) throw new BakeoffError("usage", "an override needs a reason and a name", "--override REASON --by NAME");
  if (!hasKey) throw new BakeoffError("usage", "an override must be signed, and there is no key", "--key FILE, or set BAKEOFF_SIGNING_KEY");
  return { by: by.trim(), reason: override.trim() };
}

interface RegisterOptions {
  readonly candidate: readonly string[];
  readonly incumbent?: string;
  readonly suite?: string;
  readonly policy?: string;
  readonly key?: string;
  readonly out?: string;
}

export async function register(options: RegisterOptions): Promise<number> {
  const key = await world.loadSigningKey(options.key ?? null);
  if (key === null) throw new BakeoffError("usage", "a registration must be signed, and there is no key", "--key FILE, or set BAKEOFF_SIGNING_KEY");
  const at = clock.wall();
  const path = options.out ?? join(gatesFolder(), `registration-${at.slice(0, 19).replaceAll(":", "-")}Z.json`);
  const said = await registerGate({
    candidates: [...new Set(options.candidate)],
    incumbent: options.incumbent ?? null,
    suite: options.suite ?? null,
    policyFile: options.policy ?? defaultPolicy(),
    key,
    at,
    path,
  });
  process.stdout.write(`${said}\n`);
  process.stderr.write(
    `Run now, then: ${calledAs()} gate --registration ${quoted(relative(process.cwd(), path))} --candidate ${options.candidate.map(quoted).join(" ")}\n`,
  );
  return 0;
}

export async function verify(path: string, options: { readonly key?: string; readonly trust?: readonly string[]; readonly json: boolean }): Promise<number> {
  const key = await world.loadSigningKey(options.key ?? null);
  const trusted = [...(options.trust ?? []), ...(key === null ? [] : [key.publicKey])];
  const { claim, links, sha256 } = await checkDecision(path, trusted);
  if (options.json)
    process.stdout.write(`${JSON.stringify({ path, sha256, verdict: claim.decision.verdict, candidate: claim.decision.candidate, links }, null, 2)}\n`);
  else for (const { name, fault, says } of links) process.stdout.write(`${fault === null ? "✓" : "✗"} ${name}: ${fault ?? says}\n`);
  const broken = links.filter(({ fault }) => fault !== null);
  if (broken.length === 0) return 0;
  throw new BakeoffError(
    "integrity",
    `${broken.length} of ${links.length} links do not hold: ${broken.map(({ name }) => name).join(", ")}`,
    "gate again from the capsules themselves",
  );
}
