// Time stamps by RFC 3161, from an authority of our own: openssl answers, an independent implementation of the other side.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rfc3161 } from "../../src/adapters/timestamps/rfc3161.ts";
import { scratch } from "../setup/scratch.ts";

const folder = await scratch();
const openssl = (...args: readonly string[]): void => void execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });

const CONFIG = `[tsa]
default_tsa = own
[own]
serial = ${folder}/serial
crypto_device = builtin
signer_cert = ${folder}/tsa.pem
certs = ${folder}/tsa.pem
signer_key = ${folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[req]
distinguished_name = dn
[dn]
[stamps]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
`;

let server: Server;
let url = "";
let answer: (query: Buffer) => Promise<Buffer> = async () => Buffer.alloc(0);

async function authority(query: Buffer): Promise<Buffer> {
  await writeFile(join(folder, "query.tsq"), query);
  openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr");
  return readFile(join(folder, "reply.tsr"));
}

function makeCertificate(extensions: string): void {
  openssl(
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-keyout",
    "tsa.key",
    "-out",
    "tsa.pem",
    "-days",
    "30",
    "-subj",
    "/CN=A Local Authority",
    "-config",
    "tsa.cnf",
    "-extensions",
    extensions,
  );
}

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "tsa.cnf"), CONFIG);
  await writeFile(join(folder, "serial"), "01\n");
  makeCertificate("stamps");
  server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => void pieces.push(piece));
    request.on("end", () => {
      answer(Buffer.concat(pieces)).then(
        (body) => response.writeHead(200, { "content-type": "application/timestamp-reply" }).end(body),
        () => response.writeHead(500).end(),
      );
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => void server.close());

const bytes = Buffer.from("what was registered");

describe("a time stamp", () => {
  it("holds for the bytes that were stamped, and names its authority, its time and its certificate", async () => {
    answer = authority;
    const before = Date.now();
    const token = await rfc3161.request(url, bytes);
    const verdict = await rfc3161.check(token, bytes);
    const der = Buffer.from((await readFile(join(folder, "tsa.pem"), "utf8")).replaceAll(/-----[A-Z ]+-----|\s/g, ""), "base64");
    expect(verdict).toMatchObject({ ok: true, authority: "A Local Authority", certificate: createHash("sha256").update(der).digest("hex") });
    if (!verdict.ok) throw new Error("it does not hold");
    expect(Math.abs(Date.parse(verdict.at) - before)).toBeLessThan(60_000);
    // openssl reads our token as we read its own.
    await writeFile(join(folder, "token.der"), Buffer.from(token, "base64"));
    await writeFile(join(folder, "data"), bytes);
    openssl("ts", "-verify", "-token_in", "-in", "token.der", "-data", "data", "-CAfile", "tsa.pem");
  });

  it("does not hold for other bytes, after a change, nor as anything else", async () => {
    answer = authority;
    const token = await rfc3161.request(url, bytes);
    expect(await rfc3161.check(token, Buffer.from("something else"))).toMatchObject({ ok: false, fault: "it is over other bytes" });
    for (const wrong of ["", "AAAA", Buffer.from("no token").toString("base64")]) expect(await rfc3161.check(wrong, bytes)).toMatchObject({ ok: false });
    const der = Buffer.from(token, "base64");
    let held = 0;
    for (let at = der.length - 200; at < der.length; at += 7) {
      const changed = Buffer.from(der);
      changed[at] = (changed[at] ?? 0) ^ 1;
      if ((await rfc3161.check(changed.toString("base64"), bytes)).ok) held += 1;
    }
    expect(held).toBe(0);
  });

  it("is not taken from a certificate that is for something else, nor where there is none to be had", async () => {
    answer = async () => Buffer.from("no answer");
    await expect(rfc3161.request(url, bytes)).rejects.toMatchObject({ code: "environment" });
    answer = () => Promise.reject(new Error("broken"));
    await expect(rfc3161.request(url, bytes)).rejects.toMatchObject({ code: "environment", message: expect.stringContaining("status 500") as string });
    await expect(rfc3161.request("http://127.0.0.1:1/", bytes)).rejects.toMatchObject({ code: "environment" });
  });
});
