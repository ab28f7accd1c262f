// The log of registrations as use cases read and extend it.
import { canonicalJson, type Sha256, sha256 } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { type Header, lineText } from "../../core/capsule/line.ts";
import type { BegunRun, Registration } from "../../core/gate/registration/registration.ts";
import { claimedRegistration } from "../../core/gate/registration/registration.ts";
import { earlierRegistrations, nextPlace, readLog, type RegistrationLog, type RunLine, runsUnder } from "../../core/gate/registration/log.ts";
import { looksFault, type PlannedLooks, runFault } from "../../core/gate/registration/coverage.ts";
import type { RegistrationLogFile } from "../../ports/registration-log.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import type { CapsuleFiles } from "./capsules.ts";

/** Throws `integrity` for a log that somebody changed. */
export function soundLog(text: string, path: string): RegistrationLog {
  const read = readLog(text);
  if (read.ok) return read.log;
  throw new BakeoffError("integrity", `${path}: ${read.fault}`, "restore it from where it was committed: a log only grows");
}

export interface BindingPorts {
  readonly texts: Pick<TextFiles, "read">;
  readonly log: RegistrationLogFile;
}

/** A registration that a run is to begin under. Who signed it is for the gate to say. */
export interface BoundRegistration {
  readonly sha256: Sha256;
  readonly registration: Registration;
}

/** Throws `usage` for a file that is none of today's format, or that the log does not know. */
export async function bindRegistration({ texts, log }: BindingPorts, path: string): Promise<BoundRegistration> {
  const text = await texts.read(path);
  if (text === null) throw new BakeoffError("usage", `the registration ${path} can't be read`, "name a file that bakeoff gate register wrote");
  const claimed = claimedRegistration(text);
  if (claimed === null) throw new BakeoffError("usage", `${path} is no registration that a run can begin under`, "register anew: bakeoff gate register");
  const { entries } = soundLog(await log.read(), log.path);
  if (!entries.some(({ sha256: hash }) => hash === claimed.sha256))
    throw new BakeoffError("usage", `the registration ${path} is not in ${log.path}`, "restore the log, or register anew");
  return claimed;
}

/** Throws `usage` where the run would not be the one that was registered: nothing has been run yet. */
export function checkBound({ registration }: BoundRegistration, header: Header): void {
  const fault = runFault(registration, header);
  if (fault !== null) throw new BakeoffError("usage", `this is not the run that was registered: ${fault}`, "run what was registered, or register anew");
}

/** How many registrations before one share its level. Throws `usage` where it promises other looks: nothing has been run yet. */
export async function gatesBeforeRuns(ports: BindingPorts, path: string, looks: PlannedLooks): Promise<number> {
  const { sha256: own, registration } = await bindRegistration(ports, path);
  const fault = looksFault(registration, looks);
  if (fault !== null) throw new BakeoffError("usage", `these are not the looks that were registered: ${fault}`, "look as was registered, or register anew");
  return earlierRegistrations(soundLog(await ports.log.read(), ports.log.path), own, registration) ?? 0;
}

/** Records that a run began under its registration; a run that goes on is recorded already. */
export async function recordBegun(log: RegistrationLogFile, header: Header): Promise<void> {
  const { registration } = header;
  if (registration === undefined) return;
  const known = runsUnder(soundLog(await log.read(), log.path), registration.sha256);
  if (known.includes(header.run_id)) return;
  await log.append(async (text) => {
    const line: RunLine = {
      kind: "run-begun",
      format: 2,
      run_id: header.run_id,
      begun_at: header.created_at,
      registration: registration.sha256,
      header_hash: sha256(lineText(header)),
      place: nextPlace(soundLog(text, log.path)),
    };
    return canonicalJson(line);
  });
}

/** A capsule that a gate looks at, as far as the log knows it. */
interface LookedAt {
  readonly header: Header;
  readonly headerHash: Sha256;
}

/** Every run that began under a registration, by the log and by the capsules that are here; or why that can't be told. */
export async function begunRuns(
  files: CapsuleFiles,
  log: RegistrationLog,
  registration: Sha256,
  looked: readonly LookedAt[],
): Promise<readonly BegunRun[] | string> {
  const known = new Map(
    log.entries.flatMap(({ line }) => (line.kind === "run-begun" && line.registration === registration ? [[line.run_id, line.header_hash] as const] : [])),
  );
  const here = await headersUnder(files, registration);
  for (const { header, headerHash } of looked) {
    const hash = known.get(header.run_id);
    if (hash === undefined) return `run ${header.run_id} is not in the log of registrations`;
    if (hash !== headerHash) return `run ${header.run_id} began with another header than its capsule has`;
  }
  const stranger = [...here.keys()].find((id) => !known.has(id));
  if (stranger !== undefined) return `run ${stranger} began under it, and the log of registrations does not know of it`;
  const sealed = new Set(looked.map(({ header }) => header.run_id));
  return [...known.keys()].map((runId) => ({ runId, state: sealed.has(runId) ? "sealed" : (here.get(runId) ?? "gone") }));
}

async function headersUnder(files: CapsuleFiles, registration: Sha256): Promise<ReadonlyMap<string, "sealed" | "aborted">> {
  const found = new Map<string, "sealed" | "aborted">();
  for (const name of await files.list()) {
    const glanced = await glance(files, `${files.folder}/${name}`);
    if (glanced?.header.registration?.sha256 === registration) found.set(glanced.header.run_id, glanced.sealed ? "sealed" : "aborted");
  }
  return found;
}

/** Null for what is no capsule: a run whose capsule was damaged is in the log all the same. */
async function glance(files: CapsuleFiles, path: string): Promise<Awaited<ReturnType<CapsuleFiles["glance"]>> | null> {
  if (!path.endsWith(".capsule.jsonl")) return null;
  try {
    return await files.glance(path);
  } catch (error) {
    if (error instanceof BakeoffError) return null;
    throw error;
  }
}
