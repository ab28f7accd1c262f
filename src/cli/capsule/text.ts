// Capsules in words, as several commands say them alike.
import type { Places } from "../../app/places.ts";
import type { ShownCapsule } from "../../app/capsule/show.ts";
import { signatureText } from "../../core/capsule/proof/statement.ts";
import type { Fault, Unchecked } from "../../core/capsule/verify.ts";
import { counted } from "../../core/report/format.ts";
import { shellWord } from "../../core/text/shell-word.ts";
import type { CheckedCapsule, ListedCapsule } from "../../ports/capsules.ts";
import type { CapsuleRow } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

export const printLines = (lines: readonly string[]): void => printText(lines.map((line) => `${line}\n`).join(""));

interface Named {
  readonly name: string;
  readonly sentence: string;
}

/** One line a check: what holds, what does not, and what had nothing to go by, each with why. Faults of other checks follow. */
export function checkLines(checks: readonly Named[], faults: readonly Fault[], unchecked: readonly Unchecked[] = []): readonly string[] {
  const others = faults.filter(({ check }) => !checks.some(({ name }) => name === check));
  return [
    ...checks.map(({ name, sentence }) => {
      const found = faults.find(({ check }) => check === name);
      const open = unchecked.find(({ check }) => check === name);
      if (open) return `– ${name}: not checked: ${open.why}`;
      return `${found ? "✗" : "✓"} ${name}: ${found?.fault ?? sentence}`;
    }),
    ...others.map(({ check, fault }) => `✗ ${check}: ${fault}`),
  ];
}

/** A capsule of the folder, as `--json` has it. */
export const shelfRow = ({ run, path, state, inUse, signed, isSafeExport, header }: ListedCapsule, { shown }: Pick<Places, "shown">): CapsuleRow => ({
  run,
  path: shown(path),
  suite: header?.suite.name ?? null,
  tasks: header?.tasks.length ?? null,
  candidates: header?.candidates.map((item) => item.name) ?? [],
  state,
  inUse,
  signed,
  isSafeExport,
});

export function shelfLine(capsule: ListedCapsule, places: Pick<Places, "shown" | "calledAs" | "runCalledAs">): string {
  const { suite, tasks, candidates } = shelfRow(capsule, places);
  return `${capsule.run}  ${suite ?? "?"}  ${tasks ?? "?"} tasks  ${candidates.join(",")}  ${stateText(capsule, places)}`;
}

function stateText(
  { state, run, path, inUse, signed, isSafeExport }: ListedCapsule,
  { shown, calledAs, runCalledAs }: Pick<Places, "shown" | "calledAs" | "runCalledAs">,
): string {
  if (inUse) return "running";
  if (state === "unfinished") return `unfinished: ${runCalledAs} --resume ${run}`;
  if (state === "damaged") return `damaged: ${calledAs} capsule verify ${shellWord(shown(path))}`;
  return `sealed, ${signed ? "signed" : "unsigned"}${isSafeExport ? ", safe export" : ""}`;
}

/** What is in a capsule. `named`: as whoever asks called it. */
export function shownLines({ checked, attachments }: ShownCapsule, named: string, { calledAs }: Pick<Places, "calledAs">): readonly string[] {
  const { faults } = checked;
  return [
    ...factLines(checked),
    ...attachments.map(({ name, bytes, sha256 }) => `attached: ${name} (${bytes} bytes, ${sha256.slice(0, 12)})`),
    faults.length === 0 ? "every check holds" : `${faults.length} checks fail: ${calledAs} capsule verify ${shellWord(named)}`,
  ];
}

function factLines({ header, seal, eventTypes, signature, ...counts }: CheckedCapsule): readonly string[] {
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
