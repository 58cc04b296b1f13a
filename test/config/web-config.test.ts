import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { loadWebConfig, type WebConfig } from "../../src/config/web-config.ts";
import { formatFinding } from "../../src/lib/finding.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory, type TemporaryDirectory } from "../support/temporary-directory.ts";
import { HASH, makeCertificate, writeWebConfig } from "./web-files.ts";

let directory: TemporaryDirectory;
beforeAll(async () => {
  directory = await temporaryDirectory();
  const ca = await makeCertificate(directory.path, { name: "ca" });
  await makeCertificate(directory.path, { name: "server", san: "IP:127.0.0.1", by: ca });
  await makeCertificate(directory.path, { name: "other", by: ca });
  await writeFile(join(directory.path, "words.txt"), "just words");
});
afterAll(async () => await directory[Symbol.asyncDispose]());

async function load(text: string): Promise<WebConfig | readonly string[]> {
  const loading = await loadWebConfig(await writeWebConfig(directory.path, text));
  if (loading.ok) return loading.value;
  return loading.findings.map((finding) => formatFinding({ ...finding, file: basename(finding.file) }));
}

const TLS = "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n";

describeWith(["openssl"], "loadWebConfig", () => {
  it("takes an empty protection: plain HTTP, for everybody", async () => {
    expect(await load("{}")).toMatchObject({ tls: undefined, headers: {}, rateLimit: undefined });
  });

  it("refuses a user who would be left out without a word, and everybody let in", async () => {
    expect(await load(`basic_auth_users:\n  __proto__: ${HASH}\n`)).toEqual([
      expect.stringContaining("no user can be called __proto__; take another name"),
    ]);
  });

  it("reads everything that the exporter-toolkit's file can say and Node can do", async () => {
    const config = await load(`${TLS}  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ca.crt
  client_allowed_sans: [prometheus.example]
  min_version: TLS13
  max_version: TLS13
  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
  curve_preferences: [X25519, CurveP256]
  prefer_server_cipher_suites: false
http_server_config:
  http2: false
  headers:
    X-Frame-Options: sameorigin
    Strict-Transport-Security: max-age=31536000
    X-XSS-Protection: ""
basic_auth_users:
  prometheus: ${HASH}
rate_limit:
  interval: 100ms
  burst: 5
`);

    expect(config).toMatchObject({
      tls: {
        certificate: expect.stringContaining("BEGIN CERTIFICATE") as unknown,
        clientAuth: "require-and-verify",
        clientCa: expect.stringContaining("BEGIN CERTIFICATE") as unknown,
        allowedSans: ["prometheus.example"],
        minVersion: "TLSv1.3",
        maxVersion: "TLSv1.3",
        ciphers:
          "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256",
        curves: "X25519:P-256",
        preferOurCiphers: false,
      },
      headers: { "X-Frame-Options": "sameorigin", "Strict-Transport-Security": "max-age=31536000" },
      rateLimit: { intervalMs: 100, burst: 5 },
      asksForHttp2: false,
    });
    const names = (config as WebConfig).files.map((file) => basename(file));
    expect(names).toEqual(["web.yaml", "server.crt", "server.key", "ca.crt"]);
    expect(JSON.stringify(config)).not.toContain("PRIVATE KEY");
    expect(JSON.stringify([...(config as WebConfig).users])).toBe('[["prometheus","<redacted>"]]');
  });

  it("does what the toolkit does by default", async () => {
    expect(await load(TLS)).toMatchObject({
      tls: { clientAuth: "none", minVersion: "TLSv1.2", maxVersion: "TLSv1.3", preferOurCiphers: true },
    });
  });

  it.each([
    "NoClientCert none",
    "RequestClientCert request",
    "RequireAnyClientCert require",
    "RequireClientCert require",
    "VerifyClientCertIfGiven verify-if-given",
    "RequireAndVerifyClientCert require-and-verify",
  ])("knows Go's policy: %s", async (line) => {
    const [name, policy = ""] = line.split(" ");
    const ca = policy.includes("verify") ? "  client_ca_file: ca.crt\n" : "";
    expect(await load(`${TLS}  client_auth_type: ${name}\n${ca}`)).toMatchObject({ tls: { clientAuth: policy } });
  });

  it.each([
    {
      name: "an unknown key",
      text: "basic_auth_user:\n  a: b\n",
      says: `web.yaml:1:1: unknown key "basic_auth_user"; did you mean "basic_auth_users"? (unknown-key)`,
    },
    {
      name: "an unknown key of TLS",
      text: `${TLS}  cert_fil: x\n`,
      says: `web.yaml:4:3: unknown key "cert_fil"; did you mean "cert_file"? (unknown-key)`,
    },
    {
      name: "a certificate without a key",
      text: "tls_server_config:\n  cert_file: server.crt\n",
      says: "web.yaml:2:3: TLS needs the certificate's key; name it with key_file (web-config)",
    },
    {
      name: "a key without a certificate",
      text: "tls_server_config:\n  key_file: server.key\n",
      says: "web.yaml:2:3: TLS needs a certificate; name it with cert_file (web-config)",
    },
    {
      name: "a certificate in the file",
      text: `${TLS}  cert: text\n`,
      says: `web.yaml:4:9: "cert" is refused: put it into a file and name that with cert_file (invalid-value)`,
    },
    {
      name: "a missing file",
      text: TLS.replace("server.key", "gone.key"),
      says: /^web\.yaml:3:13: the file \S+\/gone\.key cannot be read \(ENOENT\) \(web-config\)$/u,
    },
    {
      name: "a file that is no PEM",
      text: TLS.replace("server.crt", "words.txt"),
      says: /^web\.yaml:2:14: the file \S+\/words\.txt is not PEM \(web-config\)$/u,
    },
    {
      name: "another certificate's key",
      text: TLS.replace("server.key", "other.key"),
      says: "web.yaml:3:13: it is no key that can be read without a passphrase, or not the certificate's (web-config)",
    },
    {
      name: "a key as the certificate",
      text: TLS.replace("server.crt", "server.key"),
      says: "web.yaml:2:14: it is no certificate that can be read (web-config)",
    },
    {
      name: "an unknown policy",
      text: `${TLS}  client_auth_type: Require\n`,
      says: /^web\.yaml:4:21: "client_auth_type" must be one of NoClientCert, .*, not "Require"/u,
    },
    {
      name: "a verifying policy without an authority",
      text: `${TLS}  client_auth_type: RequireAndVerifyClientCert\n`,
      says: "web.yaml:4:21: without client_ca_file, whoever has a certificate of any public authority would be let in; name the authority (web-config)",
    },
    {
      name: "an authority that nobody is asked about",
      text: `${TLS}  client_ca_file: ca.crt\n`,
      says: "web.yaml:4:19: no client is asked for a certificate; set client_auth_type to RequireAndVerifyClientCert, or take this out (web-config)",
    },
    {
      name: "names that a client need not show",
      text: `${TLS}  client_auth_type: RequestClientCert\n  client_allowed_sans: [a]\n`,
      says: /^web\.yaml:5:24: it needs client_auth_type RequireAndVerifyClientCert or RequireAnyClientCert/u,
    },
    {
      name: "TLS 1.1, which Node does not speak",
      text: `${TLS}  min_version: TLS11\n`,
      says: `web.yaml:4:16: "min_version" must be one of TLS12, TLS13, not "TLS11"; did you mean "TLS12"? (invalid-value)`,
    },
    {
      name: "a lowest version above the highest",
      text: `${TLS}  min_version: TLS13\n  max_version: TLS12\n`,
      says: "web.yaml:4:16: it is above max_version (web-config)",
    },
    {
      name: "a cipher suite that Go does not have",
      text: `${TLS}  cipher_suites: [RC4]\n`,
      says: /^web\.yaml:4:19: .*must be one of TLS_AES_128_GCM_SHA256, .*, not "RC4"/u,
    },
    {
      name: "a curve that Go does not have",
      text: `${TLS}  curve_preferences: [X448]\n`,
      says: /must be one of CurveP256, CurveP384, CurveP521, X25519, not "X448"/u,
    },
    {
      name: "another header",
      text: "http_server_config:\n  headers:\n    X-Mine: a\n",
      says: /^web\.yaml:3:5: unknown key "X-Mine"/u,
    },
    {
      name: "another value of a header",
      text: "http_server_config:\n  headers:\n    X-Frame-Options: allow\n",
      says: /^web\.yaml:3:22: "X-Frame-Options" must be one of deny, sameorigin/u,
    },
    {
      name: "a header of two lines",
      text: `http_server_config:\n  headers:\n    X-XSS-Protection: "a\\r\\nb"\n`,
      says: /one line of plain text/u,
    },
    {
      name: "a hash that would cost seconds",
      text: `basic_auth_users:\n  a: ${HASH.replace("$04$", "$15$")}\n`,
      says: `web.yaml:2:6: "a" is refused: its cost is above 14, and sealwatch would stand still for seconds; take 10 or 12 (invalid-value)`,
    },
    {
      name: "a user whose name cannot be sent",
      text: `basic_auth_users:\n  "a:b": ${HASH}\n`,
      says: /^web\.yaml:2:3: "a:b" must be a name without a colon/u,
    },
    {
      name: "a limit that lets nobody in",
      text: "rate_limit:\n  interval: 1s\n",
      says: `web.yaml:2:3: "rate_limit" is refused: a burst of 0 would refuse every request; write at least 1 (invalid-value)`,
    },
    { name: "YAML that is none", text: "a: [", says: /^web\.yaml:1:5: /u },
  ])("refuses $name, with the place", async ({ text, says }) => {
    const findings = await load(text);

    expect(findings).toEqual(
      expect.arrayContaining([expect.stringMatching(says instanceof RegExp ? says : literally(says))]),
    );
  });

  it("never repeats a password that somebody wrote instead of its hash", async () => {
    const findings = await load("basic_auth_users:\n  a: hunter2hunter2\n");

    expect(findings).toEqual([
      `web.yaml:2:6: "a" is refused: it is no bcrypt hash; make one with htpasswd -nBC 10 "" (invalid-value)`,
    ]);
  });

  it("refuses a private key in the file, and does not repeat it", async () => {
    const findings = await load(`${TLS}  key: "-----BEGIN PRIVATE KEY-----CANARY"\n`);

    expect(JSON.stringify(findings)).toContain(
      "this looks like a private key; take it out, and rotate it if it is real",
    );
    expect(JSON.stringify(findings)).not.toContain("CANARY");
  });

  it("takes a bcrypt hash for what it is, even if a part of it looks like a key share", async () => {
    const share = `$2b$10$AAAAAAAA.${"aB3".repeat(14)}aB`;

    expect(share).toHaveLength(60);
    expect(await load(`basic_auth_users:\n  a: ${share}\n`)).toMatchObject({ tls: undefined });
  });

  it("says when there is no file", async () => {
    const loading = await loadWebConfig(join(directory.path, "none.yaml"));

    expect(loading).toMatchObject({
      ok: false,
      findings: [{ rule: "unreadable", message: "cannot be read (ENOENT)" }],
    });
  });
});

function literally(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[$()*+.?[\]\\^{|}]/gu, "\\$&")}$`, "u");
}
