import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { findSecret, redact } from "../../src/lib/redact.ts";

const mixed = (length: number) => "Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv".repeat(4).slice(0, length);
const header = `eyJ${mixed(20)}`;

/** Secrets of every form, put together so that no scanner takes this file for a leak. */
const secrets = [
  { name: "Vault token", form: "a Vault service token", text: `hvs.${mixed(90)}` },
  { name: "Vault token", form: "a Vault batch token", text: `hvb.${mixed(90)}` },
  { name: "Vault token", form: "a Vault recovery token", text: `hvr.${mixed(90)}` },
  { name: "Vault token", form: "an OpenBao service token", text: `s.${mixed(24)}` },
  { name: "Vault token", form: "an OpenBao token of a namespace", text: `s.${mixed(24)}.${mixed(6)}` },
  { name: "Vault token", form: "an OpenBao batch token", text: `b.${mixed(120)}` },
  { name: "Slack token", form: "a bot token", text: `xoxb-1234567890-${mixed(24)}` },
  { name: "Slack token", form: "an app-level token", text: `xapp-1-A0123456789-1234567890-${mixed(40)}` },
  { name: "Slack token", form: "a browser's token", text: `xoxc-1234567890-${mixed(24)}` },
  { name: "Slack token", form: "a browser's cookie", text: `xoxd-${mixed(40)}` },
  { name: "Slack hook", form: "a webhook", text: ["hooks.slack.com", "services", "T012", "B012", mixed(24)].join("/") },
  {
    name: "Slack hook",
    form: "a response URL",
    text: ["hooks.slack.com", "actions", "T012", "12", mixed(24)].join("/"),
  },
  {
    name: "private key",
    form: "a private key",
    text: `-----BEGIN EC PRIVATE KEY-----\n${mixed(64)}\n-----END EC PRIVATE KEY-----`,
  },
  { name: "private key", form: "a private key that was cut off", text: `-----BEGIN PRIVATE KEY-----\n${mixed(64)}` },
  { name: "JWT", form: "a service account's token", text: `${header}.${header}.${mixed(43)}` },
  { name: "key share", form: "a share of 33 bytes in base64", text: mixed(44) },
  { name: "key share", form: "a key of 32 bytes in base64", text: `${mixed(43)}=` },
  { name: "key share", form: "a share with slashes", text: `${mixed(20)}/${mixed(10)}+${mixed(12)}` },
  { name: "key share", form: "a share of 33 bytes in hex", text: "0f1e2d3c4b5a".repeat(6).slice(0, 66) },
  { name: "key share", form: "a key of 32 bytes in hex", text: "0F1E2D3C4B5A".repeat(6).slice(0, 64) },
];

const surroundings = [
  { place: "alone", around: (text: string) => text },
  { place: "in a sentence", around: (text: string) => `the key is ${text}, keep it.` },
  { place: "in JSON", around: (text: string) => JSON.stringify({ key: text }) },
  { place: "as an assignment", around: (text: string) => `VAULT_SECRET=${text}` },
  { place: "in backquotes", around: (text: string) => `\`${text}\`` },
];

const cases = secrets.flatMap((secret) => surroundings.map((surrounding) => ({ ...secret, ...surrounding })));

describe("findSecret", () => {
  it.each(cases)("finds $form $place", ({ text, name, around }) => {
    expect(findSecret(around(text))).toBe(name);
  });

  it.each([
    { name: "a sentence", text: "vault-2 is sealed: 1 of 3 key shares given" },
    { name: "an address", text: "https://vault-0.vault-internal.example:8200/v1/sys/health?standbyok=true" },
    { name: "a cluster id", text: "8a1b2c3d-1111-2222-3333-444455556666" },
    { name: "a token's accessor", text: mixed(24) },
    { name: "a commit", text: "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c" },
    { name: "a path of 44 small letters", text: "/sys/leases/lookup/database/creds/reporting/a".slice(1) },
    { name: "a certificate", text: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----" },
    { name: "a package's integrity", text: `sha512-${mixed(86)}==` },
    { name: "a file of settings", text: "settings.abcdefghijklmnopqrstuvwxyz" },
    { name: "a name that ends in s", text: "metrics.AbcdefghijklmnopqrstuvwxyZ" },
  ])("finds nothing in $name", ({ text }) => {
    expect(findSecret(text)).toBeUndefined();
  });
});

describe("redact", () => {
  it.each(cases)("removes $form $place", ({ text, name, around }) => {
    const redacted = redact(around(text));

    expect(redacted).toContain(`<redacted ${name}>`);
    expect(redacted).not.toContain(text.slice(4, 24));
  });

  it("keeps the text around a secret", () => {
    expect(redact(`token hvs.${mixed(30)} on vault-1`)).toBe("token <redacted Vault token> on vault-1");
  });

  it("removes every secret of a text", () => {
    expect(redact(secrets.map(({ text }) => text).join("\n"))).not.toMatch(/[A-Za-z0-9+/]{24}/u);
  });

  it("leaves nothing that findSecret would find, whatever stands beside the secrets", () => {
    const glue = fc.oneof(
      fc.string({ maxLength: 4 }),
      fc.constantFrom("", " ", "/", "+", "=", "-", "_", ".", "\n", "eyJ", "s."),
    );
    const piece = fc.tuple(glue, fc.constantFrom(...secrets.map(({ text }) => text)), glue);

    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        expect(findSecret(redact(pieces.flat().join("")))).toBeUndefined();
      }),
      { numRuns: 5000 },
    );
  });

  it("finds and removes every share that a cluster can hand out", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 33 }).filter(looksRandom), (bytes) => {
        for (const text of [Buffer.from(bytes).toString("base64"), Buffer.from(bytes).toString("hex")]) {
          expect(redact(`share: ${text}`)).toBe("share: <redacted key share>");
        }
      }),
    );
  });

  it("leaves a digest that says what it is", () => {
    const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
    expect(redact(`head ${digest}`)).toBe(`head ${digest}`);
    expect(redact(`head ${digest.slice("sha256:".length)}`)).toBe("head <redacted key share>");
  });
});

/** fast-check likes bytes such as 32 zeros, which nobody's key is and which have no small letters. */
function looksRandom(bytes: Uint8Array): boolean {
  return new Set(bytes).size > 16;
}
