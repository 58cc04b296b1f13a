import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A password, and its bcrypt hash of the lowest cost. */
export const PASSWORD = "correct horse";
export const HASH = "$2b$04$F9bSTa0uI9LT652ouLS8Kupf9bYADAFzBw1rWV2NV4aELKu84iOhe";

/** Paths of a certificate and its key. */
export type Pair = { readonly cert: string; readonly key: string };

/** What openssl is to put into a certificate. */
export type CertificateOptions = {
  readonly name: string;
  /** For instance `DNS:localhost,IP:127.0.0.1`. */
  readonly san?: string;
  /** Default: it signs itself, as an authority. */
  readonly by?: Pair;
  /** Default: 30. */
  readonly days?: number;
};

/** Makes a certificate and its key with openssl, in files named after `name`. */
export async function makeCertificate(
  directory: string,
  { name, san, by, days = 30 }: CertificateOptions,
): Promise<Pair> {
  const pair = { cert: join(directory, `${name}.crt`), key: join(directory, `${name}.key`) };
  const [request, extensions] = [join(directory, `${name}.csr`), join(directory, `${name}.ext`)];
  const keyArgs = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", pair.key];
  if (by === undefined) {
    await run("openssl", [
      "req",
      "-x509",
      ...keyArgs,
      "-subj",
      `/CN=${name}`,
      "-days",
      String(days),
      "-out",
      pair.cert,
    ]);
    return pair;
  }
  await run("openssl", ["req", ...keyArgs, "-subj", `/CN=${name}`, "-out", request]);
  await writeFile(extensions, san === undefined ? "" : `subjectAltName=${san}\n`);
  const signed = ["-CA", by.cert, "-CAkey", by.key, "-CAcreateserial", "-days", String(days), "-extfile", extensions];
  await run("openssl", ["x509", "-req", "-in", request, ...signed, "-out", pair.cert]);
  return pair;
}

/** Writes a web configuration file and gives its path. */
export async function writeWebConfig(directory: string, text: string): Promise<string> {
  const file = join(directory, "web.yaml");
  await writeFile(file, text);
  return file;
}
