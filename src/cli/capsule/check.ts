// `bakeoff capsule verify|check-proof|sign`: is it as it was sealed, and who stands for it?
import { BakeoffError } from "../../core/base/errors.ts";
import { CapsuleFault } from "../../core/capsule/fault.ts";
import { PROOF_CHECKS, type Proof, proofFaults, proofSchema } from "../../core/capsule/proof.ts";
import { CAPSULE_CHECKS, type Fault } from "../../core/capsule/verify.ts";
import { shelf } from "../../app/compose.ts";
import { printChecks, printJson, signatureText } from "../../app/capsule/text.ts";
import { capsulePath } from "../../app/places.ts";

interface Trust {
  readonly key: readonly string[];
  readonly trusted?: string;
}

interface VerifyOptions extends Trust {
  readonly requireSignature: boolean;
  readonly json: boolean;
}

type Checked = Awaited<ReturnType<typeof shelf.checkCapsule>>;

const AWAY = "fetch the capsule again from where it came; an unfinished run can be gone on with";

export async function verify(name: string, options: VerifyOptions): Promise<number> {
  const trusted = await shelf.trustedKeys(options.key, options.trusted ?? null);
  if (options.requireSignature && trusted.length === 0)
    throw new BakeoffError("usage", "--require-signature needs a key to trust", "name it with --key KEY, or a file of them with --trusted FILE");
  const path = capsulePath(name);
  if (options.json) return verifyAsJson(path, trusted, options.requireSignature);
  const checked = await shelf.checkCapsule(path, trusted);
  const faults = allFaults(checked, options.requireSignature);
  printChecks(CAPSULE_CHECKS, faults);
  process.stdout.write(`${signatureText(checked.signature)}\n`);
  if (checked.withheld > 0) process.stdout.write(`safe export: ${checked.withheld} texts are left out, their hashes are proven\n`);
  if (faults.length === 0) return 0;
  throw new BakeoffError("integrity", `${faults.length} of ${CAPSULE_CHECKS.length} checks fail: ${faults.map(({ check }) => check).join(", ")}`, AWAY);
}

function allFaults({ faults, signature }: Checked, requireSignature: boolean): readonly Fault[] {
  const missing = requireSignature && signature.state === "unsigned";
  return missing ? [...faults, { check: "signature", fault: "it is not signed" }] : faults;
}

/** The verdict is data here, whatever it is; the exit code says the same. */
async function verifyAsJson(path: string, trusted: readonly string[], requireSignature: boolean): Promise<number> {
  try {
    const checked = await shelf.checkCapsule(path, trusted);
    const faults = allFaults(checked, requireSignature);
    const { header, seal, fileHash: sha256, events, texts, withheld, signature } = checked;
    printJson({
      verified: faults.length === 0,
      run: header.run_id,
      sha256,
      merkle_root: seal?.merkle_root ?? null,
      events,
      texts,
      withheld,
      signature,
      faults,
    });
    return faults.length === 0 ? 0 : 5;
  } catch (error) {
    if (!(error instanceof CapsuleFault)) throw error;
    printJson({ verified: false, faults: [{ check: error.fault, fault: error.message }] });
    return 5;
  }
}

const MAX_PROOF_BYTES = 20_000_000;

export async function checkProof(file: string, options: Trust): Promise<number> {
  const trusted = await shelf.trustedKeys(options.key, options.trusted ?? null);
  const proof = await readProof(file);
  const faults = proofFaults(proof, trusted);
  printChecks(PROOF_CHECKS, faults);
  if (faults.length > 0) throw new BakeoffError("integrity", `the proof does not hold: ${faults.map(({ check }) => check).join(", ")}`, "ask for it again");
  const { index, seal, run_id: run } = proof;
  process.stdout.write(`event ${index} of ${seal.events} is in run ${run}, Merkle root ${seal.merkle_root}\n`);
  if (trusted.length === 0) process.stdout.write("whose root that is, only a trusted key can say: name it with --key\n");
  return 0;
}

async function readProof(file: string): Promise<Proof> {
  const value = await shelf.readBoundedJson(file, MAX_PROOF_BYTES);
  if (value === null) throw new BakeoffError("usage", `${file} can't be read`, "name a file that capsule show --prove wrote");
  const proof = proofSchema.safeParse(value);
  if (proof.success) return proof.data;
  const [issue] = proof.error.issues;
  throw new BakeoffError("integrity", `${file} is no inclusion proof: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`, "fetch it again");
}

export async function sign(name: string, options: { readonly key?: string; readonly newKey?: string }): Promise<number> {
  const key = options.newKey === undefined ? await shelf.loadSigningKey(options.key ?? null) : await shelf.createKeyFile(options.newKey);
  if (!key) throw new BakeoffError("usage", "no signing key", "set BAKEOFF_SIGNING_KEY to its PEM, name a file with --key, or make one with --new-key FILE");
  const path = await shelf.signCapsule(capsulePath(name), key);
  process.stdout.write(`${path}\npublic key: ${key.publicKey}\n`);
  return 0;
}
