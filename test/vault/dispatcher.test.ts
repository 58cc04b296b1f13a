import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { createCertificateAuthority } from "../../src/sandbox/openbao/certificates.ts";
import type { Certificate, CertificateAuthority } from "../../src/sandbox/openbao/certificates.ts";
import { createVaultTransport } from "../../src/vault/http-transport.ts";
import type { TlsFiles } from "../../src/vault/node-tls.ts";
import type { VaultResponse } from "../../src/vault/transport.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import type { TemporaryDirectory } from "../support/temporary-directory.ts";
import { json, startRawServer } from "./raw-server.ts";
import type { RawServer } from "./raw-server.ts";

const run = promisify(execFile);

describeWith(["openssl"], "TLS", () => {
  let directory: TemporaryDirectory;
  let authority: CertificateAuthority;
  let stranger: CertificateAuthority;
  let certificate: Certificate;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    authority = await createCertificateAuthority(join(directory.path, "ours"), "ours");
    stranger = await createCertificateAuthority(join(directory.path, "stranger"), "stranger");
    certificate = await authority.issue("vault-0.internal");
  });

  afterAll(async () => {
    await directory[Symbol.asyncDispose]();
  });

  it("trusts the configured authority", async () => {
    await using server = await startTlsServer(certificate);
    expect(await read(server.address, { caFile: authority.caFile })).toMatchObject({ statusCode: 200 });
  });

  it("expects the configured name instead of the address' host", async () => {
    await using server = await startTlsServer(certificate);
    const caFile = authority.caFile;

    expect(await read(server.address, { caFile, serverName: "vault-0.internal" })).toMatchObject({ statusCode: 200 });
    await expect(read(server.address, { caFile, serverName: "vault-1.internal" })).rejects.toMatchObject({
      reason: "unreachable",
      retryable: true,
      message: `cannot read sys/leader on vault-0: the certificate of ${server.address} has another name; set tls.serverName to a name that is in the certificate`,
    });
  });

  it("refuses a certificate of another authority, and one of no known authority", async () => {
    await using server = await startTlsServer(certificate);
    const expected = {
      reason: "unreachable",
      message: `cannot read sys/leader on vault-0: the certificate of ${server.address} is from an unknown authority; set tls.caFile to the authority's certificate`,
    };

    await expect(read(server.address, { caFile: stranger.caFile })).rejects.toMatchObject(expected);
    await expect(read(server.address, {})).rejects.toMatchObject(expected);
    expect(server.received).toEqual([]);
  });

  it("checks certificates whatever the environment says", async () => {
    await using server = await startTlsServer(certificate);
    const options = {
      node: { name: "vault-0", address: server.address },
      tls: { caFile: stranger.caFile },
      tokens: {},
    };
    const program = `
      const { createVaultTransport } = await import(${JSON.stringify(join(import.meta.dirname, "../../src/vault/http-transport.ts"))});
      const transport = createVaultTransport(${JSON.stringify(options)});
      const answer = transport.request({ method: "GET", path: "sys/leader", token: "none" });
      console.log(await answer.then(({ statusCode }) => statusCode, ({ reason }) => reason));
      process.exit();
    `;
    // Another process: Node reads this variable by itself, and not from what a test holds for its environment.
    const env = { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: "0" };
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program], { env });

    expect(stdout.trim()).toBe("unreachable");
    expect(server.received).toEqual([]);
  });

  it("shows the client certificate", async () => {
    const shown: string[] = [];
    await using server = await startTlsServer(certificate, authority.caFile, shown);
    const { certFile, keyFile } = await authority.issue("sealwatch");

    await read(server.address, { caFile: authority.caFile, certFile, keyFile });

    expect(shown).toEqual(["sealwatch"]);
  });

  it("says so when the port speaks no TLS", async () => {
    await using server = await startRawServer(json(200, {}));
    await expect(read(server.address.replace("http:", "https:"), {})).rejects.toMatchObject({
      reason: "unreachable",
      message: expect.stringContaining("whether the address must begin with http://"),
    });
  });

  it("names the file that cannot be read, or is no certificate", async () => {
    const missing = join(directory.path, "missing.pem");
    await expect(read("https://127.0.0.1:1", { caFile: missing })).rejects.toMatchObject({
      reason: "refused",
      message: `cannot read tls.caFile ${missing} for node vault-0: ENOENT; correct the path or its permissions`,
    });
    const garbage = join(directory.path, "garbage.pem");
    await writeFile(garbage, "not a certificate");
    await expect(read("https://127.0.0.1:1", { certFile: garbage })).rejects.toMatchObject({
      reason: "refused",
      message: expect.stringContaining("check tls.caFile, tls.certFile and tls.keyFile"),
    });
  });
});

async function startTlsServer(
  { certFile, keyFile }: Certificate,
  clientCa?: string,
  shown: string[] = [],
): Promise<RawServer> {
  const options = {
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
    ...(clientCa === undefined ? {} : { requestCert: true, rejectUnauthorized: false, ca: readFileSync(clientCa) }),
  };
  return await startRawServer(
    json(200, {}),
    (listener) =>
      createServer(options, listener).on("secureConnection", (socket: TLSSocket) => {
        const { subject } = socket.getPeerCertificate();
        if (typeof subject?.CN === "string") shown.push(subject.CN);
      }),
    "https",
  );
}

async function read(address: string, tls: TlsFiles): Promise<VaultResponse> {
  const transport = createVaultTransport({ node: { name: "vault-0", address }, tls, tokens: {} });
  try {
    return await transport.request({ method: "GET", path: "sys/leader", token: "none" });
  } finally {
    await transport.close();
  }
}
