import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { FailureError } from "../../lib/failure.ts";

const run = promisify(execFile);
const DAYS = "3";
const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Paths of PEM files. */
export type Certificate = { readonly certFile: string; readonly keyFile: string };

/** A certificate authority that lives as long as its directory. */
export type CertificateAuthority = {
  readonly caFile: string;
  /** Makes a server certificate for 127.0.0.1, localhost and this name. */
  readonly issue: (name: string) => Promise<Certificate>;
};

/** Makes a certificate authority in a directory, with the `openssl` program; throws reason `not-found` without it. */
export async function createCertificateAuthority(directory: string, name: string): Promise<CertificateAuthority> {
  await mkdir(directory, { recursive: true });
  const caFile = join(directory, "ca.pem");
  const caKeyFile = join(directory, "ca.key");
  const subject = ["-subj", `/CN=${name} sandbox CA`];
  await openssl("req", "-x509", ...NEW_KEY, "-days", DAYS, ...subject, "-keyout", caKeyFile, "-out", caFile);
  return { caFile, issue: (host) => issue(directory, { certFile: caFile, keyFile: caKeyFile }, host) };
}

async function issue(directory: string, ca: Certificate, name: string): Promise<Certificate> {
  const file = (extension: string): string => join(directory, `${name}.${extension}`);
  const [certFile, keyFile, request, extensions] = [file("pem"), file("key"), file("csr"), file("ext")];
  await writeFile(extensions, `subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:${name}\nextendedKeyUsage=serverAuth\n`);
  await openssl("req", "-new", ...NEW_KEY, "-subj", `/CN=${name}`, "-keyout", keyFile, "-out", request);
  const signer = ["-CA", ca.certFile, "-CAkey", ca.keyFile, "-set_serial", `0x${Buffer.from(name).toString("hex")}`];
  await openssl("x509", "-req", "-in", request, "-extfile", extensions, ...signer, "-days", DAYS, "-out", certFile);
  return { certFile, keyFile };
}

async function openssl(...args: readonly string[]): Promise<void> {
  try {
    await run("openssl", args);
  } catch (error) {
    throw new FailureError(
      {
        reason: "not-found",
        retryable: false,
        message: `cannot make a certificate with "openssl ${args[0]}": ${why(error)}; install the package openssl`,
      },
      { cause: error },
    );
  }
}

function why(error: unknown): string {
  return error instanceof Error ? error.message.trim() : String(error);
}
