import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Certificate } from "../../src/sandbox/openbao/certificates.ts";

/** Between which times a certificate is valid, whose names it has, and who signs it (default: the authority itself). */
export type DatedRequest = {
  readonly name: string;
  readonly from: Date;
  readonly until: Date;
  readonly by?: Certificate;
  /** Default: 127.0.0.1 and the name. An empty text makes it an authority below its signer. */
  readonly names?: string;
};

/** An authority that signs what no sane one would: certificates that ended, or that have not begun. */
export type DatedAuthority = Certificate & { readonly issue: (request: DatedRequest) => Promise<Certificate> };

const CONFIG = `[ca]
default_ca = ours
[ours]
database = index.txt
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
rand_serial = yes
[any]
commonName = supplied
`;

const run = promisify(execFile);
const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Makes an authority in a directory, with the `openssl` program. */
export async function createDatedAuthority(directory: string): Promise<DatedAuthority> {
  await mkdir(directory, { recursive: true });
  const file = (name: string): string => join(directory, name);
  const openssl = async (...args: readonly string[]): Promise<void> => {
    await run("openssl", args, { cwd: directory });
  };
  await Promise.all([writeFile(file("ca.cnf"), CONFIG), writeFile(file("index.txt"), "")]);
  await openssl(
    "req",
    "-x509",
    ...NEW_KEY,
    "-days",
    "30",
    "-subj",
    "/CN=dated CA",
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
  );
  const self: Certificate = { certFile: file("ca.pem"), keyFile: file("ca.key") };

  const issue = async ({ name, from, until, by = self, names }: DatedRequest): Promise<Certificate> => {
    const isAuthority = names === "";
    const extension = isAuthority
      ? "basicConstraints=critical,CA:TRUE\n"
      : `subjectAltName=${names ?? `IP:127.0.0.1,DNS:${name}`}\n`;
    await writeFile(file(`${name}.ext`), extension);
    await openssl("req", "-new", ...NEW_KEY, "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.csr`);
    const dates = ["-startdate", inOpenSsl(from), "-enddate", inOpenSsl(until)];
    const signer = ["-cert", by.certFile, "-keyfile", by.keyFile];
    const files = ["-in", `${name}.csr`, "-extfile", `${name}.ext`, "-out", `${name}.pem`];
    await openssl("ca", "-batch", "-notext", "-config", "ca.cnf", ...signer, ...dates, ...files);
    if (by !== self) await append(file(`${name}.pem`), by.certFile);
    return { certFile: file(`${name}.pem`), keyFile: file(`${name}.key`) };
  };

  return { ...self, issue };
}

/** A listener shows the certificates between its own and the authority too. */
async function append(certFile: string, otherFile: string): Promise<void> {
  await writeFile(certFile, (await readFile(certFile, "utf8")) + (await readFile(otherFile, "utf8")));
}

function inOpenSsl(date: Date): string {
  return date.toISOString().replaceAll(/[-:T]|[.]\d+/gu, "");
}
