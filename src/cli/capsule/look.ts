// `bakeoff capsule list|show|events`: the stored runs of this folder, and what is in one.
import { relative } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { LeafHashes } from "../../core/base/merkle-proof.ts";
import { envelopeSchema } from "../../core/base/dsse.ts";
import { capsuleJsonSchema } from "../../core/capsule/json-schema.ts";
import { makeProof } from "../../core/capsule/proof.ts";
import { counted } from "../../core/report/format.ts";
import { shelf } from "../../app/compose.ts";
import { calledAs, capsulePath, capsulesFolder, quoted, runCalledAs } from "../../app/places.ts";
import { printJson, signatureText } from "../../app/capsule/text.ts";

type Shelved = Awaited<ReturnType<typeof shelf.listShelf>>[number];

export async function list(options: { readonly json: boolean }): Promise<number> {
  const rows = await shelf.listShelf(capsulesFolder());
  if (options.json) printJson(rows.map(rowOf));
  else if (rows.length === 0) process.stderr.write(`no capsules here yet: ${runCalledAs()} makes one\n`);
  else for (const row of rows) process.stdout.write(`${lineOf(row)}\n`);
  return 0;
}

const shown = (path: string): string => relative(process.cwd(), path) || path;

function rowOf({ run, path, state, inUse, signed, isSafeExport, header }: Shelved) {
  return {
    run,
    path: shown(path),
    suite: header?.suite.name ?? null,
    tasks: header?.tasks.length ?? null,
    candidates: header?.candidates.map((item) => item.name) ?? [],
    state,
    in_use: inUse,
    signed,
    safe_export: isSafeExport,
  };
}

function lineOf(row: Shelved): string {
  const { suite, tasks, candidates } = rowOf(row);
  return `${row.run}  ${suite ?? "?"}  ${tasks ?? "?"} tasks  ${candidates.join(",")}  ${stateText(row)}`;
}

function stateText({ state, run, path, inUse, signed, isSafeExport }: Shelved): string {
  if (inUse) return "running";
  if (state === "unfinished") return `unfinished: ${runCalledAs()} --resume ${run}`;
  if (state === "damaged") return `damaged: ${calledAs()} capsule verify ${quoted(shown(path))}`;
  return `sealed, ${signed ? "signed" : "unsigned"}${isSafeExport ? ", safe export" : ""}`;
}

export async function schema(): Promise<number> {
  printJson(capsuleJsonSchema());
  return 0;
}

export async function show(name: string, options: { readonly prove?: string; readonly json: boolean }): Promise<number> {
  const path = capsulePath(name);
  if (options.prove !== undefined) return prove(path, options.prove);
  const checked = await shelf.checkCapsule(path, []);
  const attachments = checked.seal ? await shelf.listAttachments(path) : [];
  if (options.json) {
    const { fileHash, eventTypes, ...facts } = checked;
    printJson({ ...facts, sha256: fileHash, event_types: eventTypes, attachments });
  } else process.stdout.write(`${[...summary(checked), ...attachments.map(attachmentText), verdictText(checked, name)].join("\n")}\n`);
  return 0;
}

type Checked = Awaited<ReturnType<typeof shelf.checkCapsule>>;
type Attached = Awaited<ReturnType<typeof shelf.listAttachments>>[number];

const attachmentText = ({ name, bytes, sha256 }: Attached): string => `attached: ${name} (${bytes} bytes, ${sha256.slice(0, 12)})`;

const verdictText = ({ faults }: Checked, name: string): string =>
  faults.length === 0 ? "every check holds" : `${faults.length} checks fail: ${calledAs()} capsule verify ${quoted(name)}`;

/** What is in a capsule, for people. */
function summary({ header, seal, eventTypes, signature, ...counts }: Checked): readonly string[] {
  const { suite, policy } = header;
  const types = Object.entries(eventTypes).map(([type, count]) => `${count} ${type}`);
  return [
    `run ${header.run_id}, begun ${header.created_at}, bakeoff ${header.bakeoff_version}, capsule format ${header.format}`,
    `suite ${suite.name} ${suite.version}: ${counted(header.tasks.length, "task")} × ${counted(header.candidates.length, "candidate")} × ${counted(header.epochs, "epoch")}`,
    `candidates: ${header.candidates.map((item) => item.name).join(", ")}`,
    `policy ${policy.id} (${policy.hash.slice(0, 12)}), sandbox ${header.sandbox}, ${header.toolchain.rustc}`,
    `${counts.bytes} bytes, sha256 ${counts.fileHash}`,
    `${counts.events} events: ${types.join(", ")}`,
    `${counts.texts} texts${counts.withheld > 0 ? `, ${counts.withheld} left out: this is a safe export` : ""}`,
    seal ? `sealed ${seal.sealed_at}, Merkle root ${seal.merkle_root}` : "not sealed",
    signatureText(signature),
  ];
}

/** Prints the proof that one event, by its number or its address, is in a capsule that verifies. */
async function prove(path: string, wanted: string): Promise<number> {
  const checked = await shelf.checkCapsule(path, []);
  const [fault] = checked.faults;
  if (fault || !checked.seal)
    throw new BakeoffError("integrity", `${path} does not verify: ${fault?.fault ?? "no seal"}`, "only what is in a capsule that verifies can be proven");
  const leaves = new LeafHashes();
  const found: { event: { index: number; text: string } | null } = { event: null };
  await shelf.scanCapsule(path, {
    event: ({ uri }, text) => {
      if (String(leaves.size) === wanted || uri === wanted) found.event ??= { index: leaves.size, text };
      leaves.add(text);
    },
  });
  if (!found.event)
    throw new BakeoffError("usage", `${path} has no event ${wanted.slice(0, 200)}`, `it has 0 to ${leaves.size - 1}: ${calledAs()} capsule events lists them`);
  const signature = envelopeSchema.safeParse(await shelf.readSignature(path));
  printJson(makeProof(found.event, leaves, checked.seal, signature.data ?? null));
  return 0;
}

interface EventFilter {
  readonly trial?: string;
  readonly type?: string;
  readonly json: boolean;
}

/** Streams: a capsule of any size is printed with little memory. */
export async function events(name: string, { trial, type, json }: EventFilter): Promise<number> {
  const out = new Lines();
  let index = -1;
  let printed = 0;
  await shelf.scanCapsule(capsulePath(name), {
    event: (line, text) => {
      index += 1;
      if ((trial !== undefined && line.trial !== trial) || (type !== undefined && line.event_type !== type)) return;
      if (json) out.put(`${printed === 0 ? "[" : ","}\n${text}`);
      else out.put(`${index}  ${line.timestamp}  ${line.trial ?? "run"}#${line.seq}  ${line.event_type}${line.stage === null ? "" : `  ${line.stage}`}\n`);
      printed += 1;
    },
  });
  if (json) out.put(printed === 0 ? "[]\n" : "\n]\n");
  out.flush();
  if (printed === 0) process.stderr.write("no such events\n");
  return 0;
}

/** Joins small writes into large ones. */
class Lines {
  private held: string[] = [];
  private chars = 0;

  put(text: string): void {
    this.held.push(text);
    this.chars += text.length;
    if (this.chars > 1 << 16) this.flush();
  }

  flush(): void {
    process.stdout.write(this.held.join(""));
    this.held = [];
    this.chars = 0;
  }
}
