// What `run` works with, and what it gates with where it runs until something is decided.
import { join } from "node:path";
import { peekCapsule, readCapsule } from "../../adapters/capsules/file.ts";
import { openCapsule } from "../../adapters/capsules/reader.ts";
import { createJournal, reopenJournal } from "../../adapters/capsules/journal/journal.ts";
import { loadSigningKey } from "../../adapters/capsules/key-files.ts";
import { registrationLogFile } from "../../adapters/capsules/registration-log.ts";
import { signCapsule } from "../../adapters/capsules/signature-file.ts";
import { openKeptAnswers } from "../../adapters/files/kept-answers.ts";
import { diskTexts } from "../../adapters/files/text-files.ts";
import { gitDiffTool } from "../../adapters/git/diff-tool.ts";
import { readDecisionRegister } from "../../adapters/policies/policy-files.ts";
import { telemetryHeaders } from "../../adapters/environment/telemetry.ts";
import { sendOtlp } from "../../adapters/telemetry/otlp-http.ts";
import { LOG_NAME } from "../../core/gate/registration/log.ts";
import type { CapsuleStore } from "../../ports/journal.ts";
import { runGate } from "../gate/decide.ts";
import { gatesBeforeRuns } from "../gate/registration-log.ts";
import { recordDecisions } from "../gate/record.ts";
import type { Places } from "../places.ts";
import { writeReports } from "../report/write.ts";
import type { RunPorts } from "../run/ports.ts";
import { runSession } from "../run/session.ts";
import type { UntilDecidedPorts } from "../run/until-decided.ts";
import { composeGate } from "./gate.ts";
import { policyStore } from "./parts/policies.ts";
import { reachQueue } from "./queue.ts";
import { composeServers } from "./serve.ts";
import { servingOf } from "./parts/serving.ts";
import { suiteLoader } from "./parts/suites.ts";
import { clock, cores, keepHeapSmall, newRunId, slots, wait } from "./parts/system.ts";
import { benchOpener } from "./parts/workbench.ts";

const capsuleStore = (places: Places): CapsuleStore => ({
  pathOf: places.capsule,
  peek: peekCapsule,
  read: readCapsule,
  open: (path) => openCapsule(path, []),
  create: (header, blobs) => createJournal(places.capsule(header.run_id), header, blobs),
  reopen: reopenJournal,
  sign: signCapsule,
});

export const composeRun = (places: Places): RunPorts => ({
  clock,
  wait,
  newRunId,
  version: places.version,
  cores: cores(),
  keepHeapSmall,
  slots,
  loadSuite: suiteLoader(places.suiteFolders),
  reachQueue,
  policies: policyStore(places.cacheRoot),
  serving: (snapshot) => servingOf(snapshot, places.cacheRoot),
  servers: composeServers(places),
  openBench: benchOpener(places.cacheRoot),
  diffTool: gitDiffTool,
  capsules: capsuleStore(places),
  openKeptAnswers,
  keys: { load: loadSigningKey },
  registrations: { texts: diskTexts, log: registrationLogFile(join(places.reports, "gates", LOG_NAME)) },
  decisionRegister: readDecisionRegister,
  sendTelemetry: (endpoint, documents) => sendOtlp(endpoint, documents, telemetryHeaders()),
  writeReport: async (source, folder) => {
    const into = folder ?? join(places.reports, source.record.header.run_id);
    await writeReports(diskTexts, source, { folder: into, formats: ["md", "json", "csv", "html"] });
    return into;
  },
});

export const composeUntilDecided = (places: Places): UntilDecidedPorts => ({
  loadSuite: suiteLoader(places.suiteFolders),
  loadPolicy: async (sources) => (await policyStore(places.cacheRoot).load(sources)).snapshot,
  serving: (snapshot) => servingOf(snapshot, places.cacheRoot),
  keys: { load: loadSigningKey },
  runBatch: (request, watcher, signal) => runSession(composeRun(places), request, watcher, signal),
  gatesBefore: (registration, looks) => gatesBeforeRuns(composeGate(places), registration, looks),
  gate: (question) => runGate(composeGate(places), question),
  recordDecisions: (documents, key) => recordDecisions(composeGate(places), documents, { junit: null, key }),
});
