import { expect, it } from "@jest/globals";
import { X509Certificate } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createCertificateAuthority } from "../../../src/sandbox/openbao/certificates.ts";
import { describeWith } from "../../support/real.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

describeWith(["openssl"], "a certificate authority", () => {
  it("issues certificates for 127.0.0.1, localhost and the node's name that it vouches for", async () => {
    await using directory = await temporaryDirectory();
    const authority = await createCertificateAuthority(directory.path, "prod");
    const { certFile } = await authority.issue("vault-0");
    const certificate = new X509Certificate(await readFile(certFile));
    const root = new X509Certificate(await readFile(authority.caFile));
    expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(certificate.checkHost("localhost")).toBe("localhost");
    expect(certificate.checkHost("vault-0")).toBe("vault-0");
    expect(certificate.checkHost("vault-1")).toBeUndefined();
    expect(certificate.verify(root.publicKey)).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(root.ca).toBe(true);
  });

  it("is not the same twice", async () => {
    await using one = await temporaryDirectory();
    await using two = await temporaryDirectory();
    const [first, second] = await Promise.all(
      [one, two].map(async ({ path }) => readFile((await createCertificateAuthority(path, "prod")).caFile, "utf8")),
    );
    expect(first).not.toBe(second);
  });

  it("says which step of openssl failed", async () => {
    await using directory = await temporaryDirectory();
    const authority = await createCertificateAuthority(directory.path, "prod");
    await rm(join(directory.path, "ca.key"));
    await expect(authority.issue("vault-0")).rejects.toThrow('cannot make a certificate with "openssl x509"');
  });
});
