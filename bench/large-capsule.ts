// A capsule of any size from a small one: its trials told again for every further epoch, each Judge's answer a text of its own.
import { readCapsule } from "../src/adapters/capsules/file.ts";
import { encodeBlob } from "../src/adapters/capsules/journal/journal.ts";
import { NewFile } from "../src/adapters/files/new-file.ts";
import { openMerkle, sha256 } from "../src/core/base/canonical.ts";
import { closeSeal, type EventLine, eventUri, lineText } from "../src/core/capsule/line.ts";
import { isCalibrationId } from "../src/core/capsule/record.ts";

/** Writes a sealed capsule that replays as its source does; gives how many events it holds. Calibration trials are left out: they are drawn by epoch. */
export async function writeLargeCapsule(source: string, target: string, wanted: number): Promise<number> {
  const small = await readCapsule(source);
  const own = small.events.filter(({ trial }) => trial !== null && !isCalibrationId(trial));
  const runEvents = small.events.filter(({ trial }) => trial === null);
  const epochs = Math.max(1, Math.round(wanted / own.length));
  // A run of a time when plants that were left out were not recorded.
  const { calibration: _, ...facts } = small.header;
  const header = { ...facts, epochs };
  const used = new Set([header.policy.snapshot_hash, header.decision_register_hash, ...[...toldAgain(own, 1)].flatMap(({ payload }) => hashesIn(payload))]);
  const texts = new Map(small.blobs.filter(({ sha256: hash }) => used.has(hash)).map(({ sha256: hash, text }) => [hash, () => text]));
  for (const { text } of judgements(own, epochs)) texts.set(sha256(text), () => text);
  const file = new NewFile(target);
  file.line(lineText(header));
  for (const [hash, text] of [...texts].toSorted(([a], [b]) => (a < b ? -1 : 1))) file.line(encodeBlob(hash, text()));
  const tree = openMerkle();
  let events = 0;
  const put = (line: EventLine): void => {
    const text = lineText(line);
    tree.add(text);
    file.line(text);
    events += 1;
  };
  for (const line of runEvents) put(line);
  for (let epoch = 1; epoch <= epochs; epoch += 1) for (const line of toldAgain(own, epoch)) put(line);
  const counts = { merkle_root: tree.root(), header_hash: sha256(lineText(header)), events, blobs: texts.size };
  const place = { run_id: header.run_id, suite_root: header.suite.root, policy_hash: header.policy.hash };
  file.line(lineText(closeSeal({ kind: "seal", format: 1, sealed_at: small.seal?.sealed_at ?? header.created_at, ...place, ...counts })));
  file.commit();
  return events;
}

const hashesIn = (payload: EventLine["payload"]): readonly string[] => JSON.stringify(payload).match(/[0-9a-f]{64}/g) ?? [];

/** What the Judge says of a trial in an epoch. */
function judgement(reason: string, outcome: string, trial: string): { readonly text: string; readonly reason: string } {
  const said = `${reason} (${trial})`;
  return { reason: said, text: JSON.stringify({ unlock_decision: outcome === "Pass" ? "UNLOCK" : "BLOCK", decision_rationale: said, next_steps: [] }) };
}

function* judgements(lines: readonly EventLine[], epochs: number): Generator<{ readonly text: string }> {
  for (let epoch = 1; epoch <= epochs; epoch += 1)
    for (const { payload, trial } of lines)
      if (payload.type === "GateDecision" && payload.gate_name === "judge") yield judgement(payload.reason, payload.outcome, inEpoch(trial ?? "", epoch));
}

const inEpoch = (trial: string, epoch: number): string => trial.replace(/1$/, String(epoch));

function* toldAgain(lines: readonly EventLine[], epoch: number): Generator<EventLine> {
  const said = new Map(
    lines.flatMap(({ payload, trial }) => (payload.type === "GateDecision" && payload.gate_name === "judge" ? [[trial, payload] as const] : [])),
  );
  for (const line of lines) {
    const trial = inEpoch(line.trial ?? "", epoch);
    const gate = said.get(line.trial);
    const spoken = gate && judgement(gate.reason, gate.outcome, trial);
    yield {
      ...line,
      trial,
      uri: eventUri(line.run_id, { trial, task: line.spec_id, seq: line.seq }),
      payload: payloadIn(line.payload, { from: line.trial ?? "", to: trial }, gate && spoken ? { was: gate.reason, ...spoken } : null),
    };
  }
}

function payloadIn(
  payload: EventLine["payload"],
  trial: { readonly from: string; readonly to: string },
  spoken: { readonly was: string; readonly reason: string; readonly text: string } | null,
): EventLine["payload"] {
  if (payload.type === "GateDecision" && spoken && payload.reason === spoken.was) return { ...payload, reason: spoken.reason };
  if (payload.type === "RetrievalRequest" || payload.type === "RetrievalResponse")
    return { ...payload, request_id: payload.request_id.replace(trial.from, trial.to) };
  if (payload.type !== "ModelCallEnvelope") return payload;
  const call = { ...payload, call_id: payload.call_id.replace(trial.from, trial.to) };
  return payload.role === "Judge" && spoken ? { ...call, response_hash: sha256(spoken.text) } : call;
}
