// `bakeoff capsule export|import|prune|attach`: hand a capsule over, take one in, throw old ones away, add to one.
import { basename, resolve } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { clock, shelf, world } from "../../app/compose.ts";
import { calledAs, capsulePath, capsulesFolder, defaultPolicy, quoted } from "../../app/places.ts";
import { signatureText } from "../../app/capsule/text.ts";

interface ExportOptions {
  readonly safe?: boolean;
  readonly full?: boolean;
  readonly recipient: readonly string[];
  readonly encrypt: boolean;
  readonly passphraseFile?: string;
  readonly mv2: boolean;
  readonly out?: string;
  readonly policy?: string;
}

export async function exportTo(name: string, options: ExportOptions): Promise<number> {
  const safe = await isSafe(options);
  const encrypt = await encryptionOf(options);
  const container = options.mv2 ? "mv2" : "tar";
  const path = capsulePath(name);
  const stem = basename(path, ".capsule.jsonl");
  const target = resolve(options.out ?? `${stem}${safe ? ".safe" : ""}.${container}${encrypt ? ".age" : ""}`);
  const manifest = await shelf.exportCapsule(path, { safe, container, encrypt, target });
  const left = manifest.withheld.length === 0 ? "nothing is left out" : `${manifest.withheld.length} texts are left out, their hashes stay`;
  process.stdout.write(`${target}\n`);
  process.stderr.write(`${safe ? "safe export" : "full export"}: ${manifest.files.length} files, ${left}\n`);
  return 0;
}

/** As asked for, else as the policy says. */
async function isSafe({ safe, full, policy }: ExportOptions): Promise<boolean> {
  if (safe && full) throw new BakeoffError("usage", "--safe and --full exclude each other", "choose one");
  if (safe || full) return safe === true;
  const { policy: written } = await world.loadPolicy(policy ?? defaultPolicy(), clock.wall());
  return written.export.safe_by_default;
}

async function encryptionOf({ recipient, encrypt, passphraseFile, mv2 }: ExportOptions) {
  if (!encrypt && recipient.length === 0 && passphraseFile === undefined) return null;
  if (mv2) throw new BakeoffError("usage", "a .mv2 is not encrypted here", "encrypt a tar: leave out --mv2");
  const passphrase = await passphraseOf(passphraseFile);
  if (passphrase !== null && recipient.length > 0) throw new BakeoffError("usage", "a passphrase and recipients exclude each other", "choose one");
  if (passphrase === null && recipient.length === 0)
    throw new BakeoffError("usage", "nobody to encrypt for", "name --recipient age1…, or --passphrase-file FILE, or set BAKEOFF_PASSPHRASE");
  return { recipients: recipient, passphrase: recipient.length > 0 ? null : passphrase };
}

async function passphraseOf(file: string | undefined): Promise<string | null> {
  if (file === undefined) return process.env["BAKEOFF_PASSPHRASE"] || null;
  const [word] = await shelf.readWords(file, "the passphrase in its first line");
  return word ?? null;
}

interface ImportOptions {
  readonly identity?: string;
  readonly passphraseFile?: string;
  readonly key: readonly string[];
  readonly trusted?: string;
}

export async function importFrom(file: string, options: ImportOptions): Promise<number> {
  const identities = options.identity === undefined ? [] : await shelf.readWords(options.identity, "an age secret key (AGE-SECRET-KEY-1…)");
  const trusted = await shelf.trustedKeys(options.key, options.trusted ?? null);
  const passphrase = identities.length > 0 ? null : await passphraseOf(options.passphraseFile);
  const { capsule, checked, known } = await shelf.importCapsule(file, capsulesFolder(), { identities, passphrase, trusted });
  process.stdout.write(`${capsule}\n`);
  process.stderr.write(
    `${known ? "it was here already" : "imported, read-only"}: ${checked.events} events, every check holds\n${signatureText(checked.signature)}\n`,
  );
  return 0;
}

interface PruneOptions {
  readonly keep?: number;
  readonly olderThan?: number;
  readonly yes: boolean;
}

const DAY_MS = 86_400_000;

export async function prune({ keep, olderThan, yes }: PruneOptions): Promise<number> {
  if (keep === undefined && olderThan === undefined) throw new BakeoffError("usage", "nothing says what to prune", "give --keep N, --older-than DAYS, or both");
  const before = olderThan === undefined ? null : new Date(Date.parse(clock.wall()) - olderThan * DAY_MS).toISOString();
  const taken = shelf.prunable(await shelf.listShelf(capsulesFolder()), { keep: keep ?? null, before });
  for (const capsule of taken) {
    if (yes) await shelf.removeCapsule(capsule);
    process.stdout.write(`${capsule.path}\n`);
  }
  const many = `${taken.length} capsule${taken.length === 1 ? "" : "s"}`;
  process.stderr.write(yes ? `${many} removed\n` : `${many} would be removed: add --yes to do it (unfinished, damaged and running ones always stay)\n`);
  return 0;
}

export async function attach(name: string, files: readonly string[]): Promise<number> {
  const path = capsulePath(name);
  const checked = await shelf.checkCapsule(path, []);
  const [fault] = checked.faults;
  if (fault || !checked.seal)
    throw new BakeoffError("integrity", `${path} does not verify: ${fault?.fault ?? "no seal"}`, `see all of it: ${calledAs()} capsule verify ${quoted(name)}`);
  const added = await shelf.attachFiles(path, files, { runId: checked.header.run_id, sealHash: checked.seal.seal_hash, at: clock.wall() });
  for (const file of added) process.stdout.write(`${file.name}  ${file.sha256}\n`);
  return 0;
}
