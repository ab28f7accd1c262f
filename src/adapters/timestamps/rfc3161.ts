// Time stamps by RFC 3161: asked for over HTTP, and checked with the certificate that their token holds.
import { createHash, randomBytes } from "node:crypto";
import { fetch } from "undici";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import type { StampVerdict, TimeStamps } from "../../ports/registration-log.ts";

const OID = {
  sha256: "2.16.840.1.101.3.4.2.1",
  /** RFC 3161 § 2.4.2: id-ct-TSTInfo. */
  tstInfo: "1.2.840.113549.1.9.16.1.4",
  extendedKeyUsage: "2.5.29.37",
  /** RFC 3161 § 2.3: id-kp-timeStamping, which the certificate must be for, and for nothing else. */
  timeStamping: "1.3.6.1.5.5.7.3.8",
  commonName: "2.5.4.3",
} as const;

const TIMEOUT_MS = 30_000;
const MOST_BYTES = 1_000_000;

export const rfc3161: TimeStamps = { request, check };

const bufferOf = (bytes: Uint8Array): ArrayBuffer => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;

async function request(url: string, bytes: Uint8Array): Promise<string> {
  // The library is large, and needed by few calls.
  const [pkijs, asn1] = await Promise.all([import("pkijs"), import("asn1js")]);
  const query = new pkijs.TimeStampReq({
    version: 1,
    messageImprint: new pkijs.MessageImprint({
      hashAlgorithm: new pkijs.AlgorithmIdentifier({ algorithmId: OID.sha256, algorithmParams: new asn1.Null() }),
      hashedMessage: new asn1.OctetString({ valueHex: bufferOf(createHash("sha256").update(bytes).digest()) }),
    }),
    nonce: new asn1.Integer({ valueHex: bufferOf(positive(randomBytes(8))) }),
    certReq: true,
  });
  const answer = await post(url, new Uint8Array(query.toSchema().toBER()));
  try {
    const response = pkijs.TimeStampResp.fromBER(bufferOf(answer));
    const { timeStampToken: token } = response;
    // RFC 3161 § 2.4.2: 0 is granted, 1 granted with modifications.
    if (response.status.status > 1 || token === undefined) throw new Error(`it gave none (status ${response.status.status})`);
    const stamp = Buffer.from(token.toSchema().toBER()).toString("base64");
    const verdict = await check(stamp, bytes);
    if (!verdict.ok) throw new Error(`what it gave does not hold: ${verdict.fault}`);
    return stamp;
  } catch (error) {
    throw refused(url, messageOf(error), error);
  }
}

/** The first bit of a DER integer is its sign. */
function positive(bytes: Buffer): Buffer {
  bytes[0] = (bytes[0] ?? 0) & 0x7f || 1;
  return bytes;
}

async function post(url: string, body: Uint8Array): Promise<Uint8Array> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/timestamp-query", accept: "application/timestamp-reply" },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = new Uint8Array(await response.arrayBuffer());
    if (!response.ok) throw new Error(`status ${response.status}`);
    if (answer.length > MOST_BYTES) throw new Error(`an answer of ${answer.length} bytes`);
    return answer;
  } catch (error) {
    throw refused(url, messageOf(error), error);
  }
}

const refused = (url: string, why: string, cause: unknown): BakeoffError =>
  new BakeoffError("environment", `no time stamp from ${url}: ${why}`, "name another authority, or leave --timestamp out", { cause });

async function check(token: string, bytes: Uint8Array): Promise<StampVerdict> {
  try {
    return await judged(Buffer.from(token, "base64"), bytes);
  } catch (error) {
    return { ok: false, fault: `it can't be read: ${messageOf(error).slice(0, 200)}` };
  }
}

async function judged(der: Buffer, bytes: Uint8Array): Promise<StampVerdict> {
  const pkijs = await import("pkijs");
  const signed = new pkijs.SignedData({ schema: pkijs.ContentInfo.fromBER(bufferOf(der)).content });
  const content = signed.encapContentInfo.eContent;
  if (signed.encapContentInfo.eContentType !== OID.tstInfo || content === undefined) return { ok: false, fault: "it is no time stamp" };
  const info = pkijs.TSTInfo.fromBER(content.getValue());
  const imprint = Buffer.from(info.messageImprint.hashedMessage.valueBlock.valueHexView);
  if (info.messageImprint.hashAlgorithm.algorithmId !== OID.sha256 || !imprint.equals(createHash("sha256").update(bytes).digest()))
    return { ok: false, fault: "it is over other bytes" };
  const result = await signed.verify({ signer: 0, data: bufferOf(bytes), checkChain: false, extendedMode: true });
  const certificate = result.signerCertificate;
  if (result.signatureVerified !== true || !certificate) return { ok: false, fault: "its signature does not hold" };
  const fault = certificateFault(certificate, info.genTime);
  if (fault !== null) return { ok: false, fault };
  const name = certificate.subject.typesAndValues.find(({ type }) => String(type) === OID.commonName)?.value.valueBlock.value;
  return {
    ok: true,
    at: info.genTime.toISOString(),
    authority: typeof name === "string" ? name.slice(0, 100) : "an authority without a name",
    certificate: createHash("sha256")
      .update(new Uint8Array(certificate.toSchema(true).toBER()))
      .digest("hex"),
  };
}

interface JudgedCertificate {
  readonly notBefore: { readonly value: Date };
  readonly notAfter: { readonly value: Date };
  readonly extensions?: readonly { readonly extnID: string; readonly critical: boolean; readonly parsedValue?: unknown }[];
}

function certificateFault({ notBefore, notAfter, extensions = [] }: JudgedCertificate, at: Date): string | null {
  const usage = extensions.find(({ extnID }) => extnID === OID.extendedKeyUsage);
  const { keyPurposes = [] } = (usage?.parsedValue ?? {}) as { readonly keyPurposes?: readonly string[] };
  if (!usage?.critical || keyPurposes.length !== 1 || keyPurposes[0] !== OID.timeStamping) return "its certificate is not one for time stamps";
  return at >= notBefore.value && at <= notAfter.value ? null : "its certificate was not valid at that time";
}
